import type { Act } from "../act.ts";
import { type ApiError, refused } from "../api/errors.ts";
import { failByIntent, settleByIntent } from "../billing/collect.ts";
import { cardError } from "../payment-methods/card-error.ts";
import { paysAtOnce } from "../payment-methods/method.ts";
import { AUTHENTICATION_REQUIRED } from "../payment-methods/test-cards.ts";
import { askForAuthentication } from "../payments/authentication.ts";
import { needsChallenge, noteSetUp } from "../payments/challenge.ts";
import { type Attempt, announceCharge, chargeCard } from "../payments/charge.ts";
import { futureUseOf } from "../payments/intent.ts";
import { startDelayed } from "../payments/settle.ts";
import type { Kinds } from "../wire.ts";
import { startTransfer } from "./bank-transfer.ts";

type Intent = Kinds["payment_intent"];
type Method = Kinds["payment_method"];

export interface Confirmation {
  /** The intent as it was made, if it was made in the same request: its creation is told after what came of it. */
  created: Intent | null;
  offSession: boolean;
  returnUrl: string | null;
  /** Fail instead of asking the buyer to prove who they are. */
  errorOnAction: boolean;
  authenticated?: boolean;
}

export type Confirmed = Intent | { failure: ApiError };

/** Tries to make a payment, as `confirm` asks. A decline leaves the intent ready for another method. */
export function confirmIntent(act: Act, intent: Intent, method: Method, how: Confirmation): Confirmed {
  checkConfirmable(intent);
  if (method.type === "customer_balance") return startTransfer(act, intent, method, how.created);
  const { customer } = intent;
  const keep = () => {
    if (customer && futureUseOf(intent, method.type)) saveForLater(act, method, customer);
  };
  if (!paysAtOnce(method)) {
    keep();
    return startDelayed(act, intent, method, how.created);
  }
  const asked = how.authenticated || how.offSession ? false : needsChallenge(act, method, requestOf(intent));
  if (asked && how.errorOnAction) {
    if (how.created) act.emit("payment_intent.created", how.created);
    const failed = act.change(intent, { payment_method: null, status: "requires_payment_method" });
    return { failure: cardError(AUTHENTICATION_REQUIRED, { intent: failed, method }) };
  }
  if (asked) {
    const waiting = askForAuthentication(act, intent, method, how.returnUrl);
    if (how.created) act.emit("payment_intent.created", how.created);
    return waiting;
  }
  const attempt = chargeCard(act, intent, method, { authenticated: how.authenticated === true });
  if (!attempt.ok) {
    tellDeclined(act, attempt, how.created);
    const { charge, decline } = attempt;
    return { failure: cardError(decline, { charge, intent: attempt.intent, method }) };
  }
  keep();
  if (how.authenticated) {
    // After a challenge the intent's success is seen before the charge's.
    tellPaid(act, attempt.intent);
    announceCharge(act, attempt.charge);
  } else {
    announceCharge(act, attempt.charge);
    tellPaid(act, attempt.intent);
  }
  if (how.created) act.emit("payment_intent.created", how.created);
  return attempt.intent;
}

/** Whether the shop wants the bank to ask, even where it needn't. */
export function requestOf(intent: Intent): { requested: boolean } {
  const wish = intent.payment_method_options?.card?.request_three_d_secure;
  return { requested: wish === "any" || wish === "challenge" };
}

export function tellPaid(act: Act, intent: Intent): void {
  act.emit(
    intent.status === "requires_capture"
      ? "payment_intent.amount_capturable_updated"
      : "payment_intent.succeeded",
    intent,
  );
  settleByIntent(act, intent);
}

export function tellDeclined(
  act: Act,
  attempt: Extract<Attempt, { ok: false }>,
  created: Intent | null,
): void {
  act.emit("charge.failed", attempt.charge);
  if (created) act.emit("payment_intent.created", created);
  act.emit("payment_intent.payment_failed", attempt.intent);
  failByIntent(act, attempt.intent.id);
}

/** Keeps a card that paid with its customer. Paying proved it: it may be charged later without them. */
export function saveForLater(act: Act, method: Method, customer: string): void {
  noteSetUp(act, method);
  if (method.customer !== customer) act.change(method, { customer }, "payment_method.attached");
}

function checkConfirmable(intent: Intent): void {
  if (["requires_payment_method", "requires_confirmation", "requires_action"].includes(intent.status)) return;
  const problem =
    intent.status === "succeeded"
      ? "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed."
      : `You cannot confirm this PaymentIntent because it has a status of ${intent.status}.`;
  throw refused(problem, { code: "payment_intent_unexpected_state", payment_intent: intent });
}
