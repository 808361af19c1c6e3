import type { Act } from "../act.ts";
import { refused } from "../api/errors.ts";
import { recordBalance } from "../balance/balance.ts";
import { formatMoney } from "../money.ts";
import type { Kinds } from "../wire.ts";
import { giveBackTransfer } from "./bank-transfer.ts";

type Intent = Kinds["payment_intent"];
type Charge = Kinds["charge"];

/** Takes what was only held, or a part of it; the rest is given up. */
export function captureIntent(act: Act, intent: Intent, asked: number | undefined): Intent {
  const charge = act.store.find("charge", intent.latest_charge ?? "");
  if (intent.status !== "requires_capture" || !charge) {
    const problem = `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`;
    throw refused(problem, { code: "payment_intent_unexpected_state", payment_intent: intent });
  }
  const amount = asked ?? intent.amount_capturable;
  if (amount > intent.amount_capturable) {
    const most = formatMoney(intent.amount_capturable, intent.currency);
    throw refused(`The amount to capture must not be greater than the capturable amount (${most}).`, {
      code: "amount_too_large",
      param: "amount_to_capture",
    });
  }
  captureCharge(act, charge, amount);
  return act.change(
    intent,
    { amount_capturable: 0, amount_received: amount, status: "succeeded" },
    "payment_intent.succeeded",
  );
}

export function captureCharge(act: Act, charge: Charge, amount: number): Charge {
  const taken = act.change(charge, { amount_captured: amount, captured: true });
  return act.change(taken, { balance_transaction: recordBalance(act, taken).id }, "charge.captured");
}

const CANCELABLE = [
  "requires_payment_method",
  "requires_capture",
  "requires_confirmation",
  "requires_action",
  "processing",
];

/** Ends a payment that wasn't made. What was held is let go. */
export function cancelIntent(act: Act, intent: Intent, reason: Intent["cancellation_reason"]): Intent {
  if (!CANCELABLE.includes(intent.status)) {
    const problem = `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: ${CANCELABLE.join(", ")}.`;
    throw refused(problem, { code: "payment_intent_unexpected_state", payment_intent: intent });
  }
  const charge = act.store.find("charge", intent.latest_charge ?? "");
  if (intent.status === "requires_capture" && charge) {
    const released = act.change(charge, { amount_refunded: charge.amount, refunded: true });
    act.emit("charge.refunded", released, charge);
  }
  giveBackTransfer(act, intent);
  return act.change(
    intent,
    {
      amount_capturable: 0,
      canceled_at: act.now,
      cancellation_reason: reason,
      next_action: null,
      status: "canceled",
    },
    "payment_intent.canceled",
  );
}

/** Nobody captured in time. */
export function releaseHold(act: Act, chargeId: string): void {
  const charge = act.store.find("charge", chargeId);
  if (!charge || charge.captured || charge.refunded) return;
  const released = act.change(charge, { amount_refunded: charge.amount, refunded: true });
  act.emit("charge.expired", released);
  const intent = act.store.find("payment_intent", charge.payment_intent ?? "");
  if (intent?.status !== "requires_capture") return;
  act.change(
    intent,
    {
      amount_capturable: 0,
      canceled_at: act.now,
      cancellation_reason: "automatic",
      status: "canceled",
    },
    "payment_intent.canceled",
  );
}
