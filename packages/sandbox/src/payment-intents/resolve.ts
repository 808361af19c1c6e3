import type { Act } from "../act.ts";
import { invalid, noSuch } from "../api/errors.ts";
import { failByIntent } from "../billing/collect.ts";
import { paysAtOnce } from "../payment-methods/method.ts";
import { failAuthentication, failSetupAuthentication } from "../payments/authentication.ts";
import { confirmSetup } from "../payments/setup.ts";
import type { Kinds } from "../wire.ts";
import { confirmIntent } from "./confirm.ts";

/** The buyer answered the bank's question about a payment that was confirmed over the API. Checkout has its own way on. */
export function resolveIntent(act: Act, id: string, passed: boolean): Kinds["payment_intent"] {
  const intent = act.store.find("payment_intent", id);
  if (!intent) throw noSuch("payment_intent", id, "intent", 404);
  const method = act.store.find("payment_method", intent.payment_method ?? "");
  if (intent.status !== "requires_action" || !method || !paysAtOnce(method)) {
    throw invalid(`This payment is not waiting for its buyer: its status is \`${intent.status}\`.`);
  }
  if (!passed) {
    const failed = failAuthentication(act, intent, method);
    failByIntent(act, failed.id);
    return failed;
  }
  if (intent.confirmation_method === "manual") {
    act.store.setNote(intent.id, "authenticated", method.id);
    return act.change(intent, { next_action: null, status: "requires_confirmation" });
  }
  confirmIntent(act, intent, method, {
    authenticated: true,
    created: null,
    errorOnAction: false,
    offSession: false,
    returnUrl: null,
  });
  return act.store.find("payment_intent", id) ?? intent;
}

export function resolveSetup(act: Act, id: string, passed: boolean): Kinds["setup_intent"] {
  const setup = act.store.find("setup_intent", id);
  if (!setup) throw noSuch("setupintent", id, "intent", 404);
  const method = act.store.find("payment_method", setup.payment_method ?? "");
  if (setup.status !== "requires_action" || !method) {
    throw invalid(`This setup is not waiting for its buyer: its status is \`${setup.status}\`.`);
  }
  if (!passed) return failSetupAuthentication(act, setup, method);
  confirmSetup(act, setup, method, { authenticated: true, returnUrl: null });
  return act.store.find("setup_intent", id) ?? setup;
}
