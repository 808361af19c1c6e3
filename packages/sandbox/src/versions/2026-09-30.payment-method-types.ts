import { type Change, renamed } from "./change.ts";

/** `payment_method_types` is no longer taken: `allowed_payment_method_types` narrows what the account offers. */
export const paymentMethodTypes: Change = {
  since: "2026-09-30",
  requests: [
    {
      to: /^POST \/v1\/(checkout\/sessions|payment_intents|setup_intents)\b/,
      upgrade: renamed("payment_method_types", "allowed_payment_method_types"),
      unnamed: true,
    },
  ],
};
