import type { Act } from "../act.ts";
import { chargeCard, startDebit } from "../payments/charge.ts";
import type { Kinds } from "../wire.ts";
import { type Buyer, customerFor } from "./buyer.ts";
import { complete, intentFor, type Outcome } from "./steps.ts";
import { startSubscription } from "./subscribe.ts";

type Session = Kinds["checkout.session"];
type Method = Kinds["payment_method"];

/**
 * What happens when the buyer presses the button, whether on the page or without one. `method` is null where nothing
 * is due and no card was asked for. The session must be open: its caller looks within the same act. Events are emitted in the order in which Stripe's are seen to arrive.
 */
export function pay(act: Act, session: Session, method: Method | null, buyer: Buyer): Outcome {
  if (session.mode === "subscription") return startSubscription(act, session, method, buyer);
  if (session.amount_total === 0 || method === null) return completeForFree(act, session, buyer);
  return method.type === "card"
    ? payByCard(act, session, method, buyer)
    : payByDebit(act, session, method, buyer);
}

/** Whether the page has to ask for a means of payment. */
export function needsMethod(session: Session): boolean {
  if ((session.amount_total ?? 0) > 0) return true;
  return session.mode === "subscription" && session.payment_method_collection !== "if_required";
}

function payByCard(act: Act, session: Session, method: Method, buyer: Buyer): Outcome {
  const { intent, created } = intentFor(act, session);
  const attempt = chargeCard(act, intent, method);
  if (!attempt.ok) {
    const { charge, decline } = attempt;
    act.emit("charge.failed", charge);
    if (created) act.emit("payment_intent.created", created);
    act.emit("payment_intent.payment_failed", attempt.intent);
    const open = act.change(session, { payment_intent: intent.id });
    return { result: "declined", session: open, decline, charge, intent: attempt.intent, method };
  }
  const { customer, isNew } = customerFor(act, session, buyer);
  const whose = customer?.id ?? null;
  const charge = isNew ? act.change(attempt.charge, { customer: whose }) : attempt.charge;
  const paid = isNew ? act.change(attempt.intent, { customer: whose }) : attempt.intent;
  if (customer && intent.setup_future_usage) {
    act.change(method, { customer: customer.id }, "payment_method.attached");
  }
  act.emit("charge.succeeded", charge);
  act.emit("payment_intent.succeeded", paid);
  if (created) act.emit("payment_intent.created", created);
  const done = complete(act, session, buyer, {
    customer: whose,
    payment_intent: paid.id,
    payment_status: "paid",
  });
  return { result: "paid", session: done };
}

function payByDebit(act: Act, session: Session, method: Method, buyer: Buyer): Outcome {
  const { customer } = customerFor(act, session, buyer);
  const { intent, created } = intentFor(act, { ...session, customer: customer?.id ?? null });
  const debit = startDebit(act, intent, method);
  if (created) act.emit("payment_intent.created", created);
  act.emit("payment_intent.processing", debit.intent);
  act.emit("charge.pending", debit.charge);
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
