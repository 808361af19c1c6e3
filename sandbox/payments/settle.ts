import type { Act } from "../act.ts";
import { invalid, noSuch } from "../api/errors.ts";
import type { Kinds } from "../wire.ts";
import { recordBalance } from "./balance.ts";

/** What a bank answers some days after a debit was accepted on the page. */
export function settle(act: Act, intentId: string, succeeded: boolean): Kinds["payment_intent"] {
  const intent = act.store.find("payment_intent", intentId);
  if (!intent) throw noSuch("payment_intent", intentId, "payment_intent", 404);
  const charge = act.store.find("charge", intent.latest_charge ?? "");
  const [session] = act.store.list(
    "checkout.session",
    [{ field: "payment_intent", is: "=", value: intent.id }],
    { limit: 1 },
  ).data;
  if (intent.status !== "processing" || !charge || !session) {
    throw invalid(`This payment is not waiting for its bank: its status is \`${intent.status}\`.`);
  }
  if (succeeded) {
    const booked = act.change(charge, {
      amount_captured: charge.amount,
      captured: true,
      paid: true,
      status: "succeeded",
    });
    act.change(booked, { balance_transaction: recordBalance(act, booked).id }, "charge.succeeded");
    const paid = act.change(
      intent,
      { amount_received: intent.amount, status: "succeeded" },
      "payment_intent.succeeded",
    );
    act.change(session, { payment_status: "paid" }, "checkout.session.async_payment_succeeded");
    return paid;
  }
  const message = "The customer's bank account could not be debited because it has insufficient funds.";
  const failed = act.change(
    charge,
    { failure_code: "insufficient_funds", failure_message: message, receipt_url: null, status: "failed" },
    "charge.failed",
  );
  const method = act.store.find("payment_method", intent.payment_method ?? "");
  const unpaid = act.change(
    intent,
    {
      last_payment_error: {
        charge: failed.id,
        code: "insufficient_funds",
        message,
        ...(method && { payment_method: method }),
        type: "card_error",
      },
      payment_method: null,
      status: "requires_payment_method",
    },
    "payment_intent.payment_failed",
  );
  act.emit("checkout.session.async_payment_failed", session);
  return unpaid;
}
