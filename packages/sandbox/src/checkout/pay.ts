import type { Act } from "../act.ts";
import { tellDeclined, tellPaid } from "../payment-intents/confirm.ts";
import { paysAtOnce } from "../payment-methods/method.ts";
import { noteSetUp } from "../payments/challenge.ts";
import { announceCharge, chargeCard } from "../payments/charge.ts";
import { futureUseOf } from "../payments/intent.ts";
import { startDelayed } from "../payments/settle.ts";
import type { Kinds } from "../wire.ts";
import { customerFor } from "./buyer.ts";
import type { Buyer } from "./entered.ts";
import { draftReceipt, sendReceipt } from "./invoice.ts";
import { keep, saveOnly } from "./save.ts";
import { complete, type How, intentFor, type Outcome } from "./steps.ts";
import { startSubscription } from "./subscribe.ts";

type Session = Kinds["checkout.session"];
type Method = Kinds["payment_method"];

/**
 * What happens once nothing stands between the button and the payment. `method` is null where nothing is due and no card
 * was asked for. The session must be open: its caller looks within the same act. Events are emitted in the order in
 * which Stripe's are seen to arrive.
 */
export function pay(act: Act, session: Session, method: Method | null, buyer: Buyer, how: How): Outcome {
  if (session.mode === "setup" && method) return saveOnly(act, session, method, buyer, how);
  if (session.mode === "subscription") return startSubscription(act, session, method, buyer, how);
  if (session.amount_total === 0 || method === null) return completeForFree(act, session, buyer);
  return paysAtOnce(method)
    ? payByCard(act, session, method, buyer, how)
    : payLater(act, session, method, buyer);
}

/** Whether the page has to ask for a means of payment. What is free says so; what the buyer decides is never free. */
export function needsMethod(session: Session): boolean {
  if (session.mode === "payment" && session.payment_status === "unpaid") return true;
  if (session.mode === "setup" || (session.amount_total ?? 0) > 0) return true;
  return session.mode === "subscription" && session.payment_method_collection !== "if_required";
}

function payByCard(act: Act, session: Session, method: Method, buyer: Buyer, how: How): Outcome {
  const { intent, created } = how.prepared ?? intentFor(act, session);
  const attempt = chargeCard(act, intent, method, how);
  if (!attempt.ok) {
    const { charge, decline } = attempt;
    tellDeclined(act, attempt, created);
    const open = act.change(session, { payment_intent: intent.id });
    return { result: "declined", session: open, decline, charge, intent: attempt.intent, method };
  }
  const { customer, isNew } = customerFor(act, session, buyer);
  const whose = customer?.id ?? null;
  const charge = isNew ? act.change(attempt.charge, { customer: whose }) : attempt.charge;
  const paid = isNew ? act.change(attempt.intent, { customer: whose }) : attempt.intent;
  if (customer && futureUseOf(intent, method.type)) {
    noteSetUp(act, method);
    if (method.customer !== customer.id) keep(act, session, method, customer.id);
  }
  // After a challenge the payment's success is seen before the charge's.
  if (how.authenticated) tellPaid(act, paid);
  announceCharge(act, charge);
  if (!how.authenticated) tellPaid(act, paid);
  if (created) act.emit("payment_intent.created", created);
  const receipt = customer && session.invoice_creation?.enabled ? draftReceipt(act, session, customer) : null;
  const done = complete(act, session, buyer, {
    customer: whose,
    invoice: receipt?.id ?? null,
    payment_intent: paid.id,
    payment_status: paid.status === "requires_capture" ? "unpaid" : "paid",
  });
  if (receipt && customer) sendReceipt(act, receipt, customer, paid.id);
  return { result: "paid", session: done };
}

/** A bank debit or a voucher: the session is complete now, and paid when the money comes. */
function payLater(act: Act, session: Session, method: Method, buyer: Buyer): Outcome {
  const { customer } = customerFor(act, session, buyer);
  const { intent, created } = intentFor(act, { ...session, customer: customer?.id ?? null });
  if (customer && futureUseOf(intent, method.type) && method.customer !== customer.id)
    keep(act, session, method, customer.id);
  startDelayed(act, intent, method, created);
  const done = complete(act, session, buyer, {
    customer: customer?.id ?? null,
    payment_intent: intent.id,
    payment_status: "unpaid",
  });
  return { result: "paid", session: done };
}

function completeForFree(act: Act, session: Session, buyer: Buyer): Outcome {
  const { customer } = customerFor(act, session, buyer);
  const done = complete(act, session, buyer, {
    customer: customer?.id ?? null,
    payment_status: "no_payment_required",
  });
  return { result: "paid", session: done };
}
