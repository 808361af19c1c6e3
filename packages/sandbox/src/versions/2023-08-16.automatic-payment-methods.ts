import type { RawHash } from "../api/form.ts";
import type { Change } from "./change.ts";

function onlyCards(params: RawHash): void {
  if (params.automatic_payment_methods !== undefined || params.payment_method_types !== undefined) return;
  params.payment_method_types = { 0: "card" };
}

/** A payment that names no types offers what the account does; before, cards. */
export const automaticPaymentMethods: Change = {
  since: "2023-08-16",
  requests: [{ to: /^POST \/v1\/(payment_intents|setup_intents)$/, upgrade: onlyCards }],
};
