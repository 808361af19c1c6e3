import type { Act } from "../act.ts";
import { createIntent } from "../payments/intent.ts";
import type { Decline } from "../payments/test-cards.ts";
import type { Kinds } from "../wire.ts";
import { type Buyer, detailsOf } from "./buyer.ts";
import { type Contents, contentsOf, keepContents } from "./contents.ts";

type Session = Kinds["checkout.session"];
type Charge = Kinds["charge"];
type Intent = Kinds["payment_intent"];
type Method = Kinds["payment_method"];

export type Outcome =
  | { result: "paid"; session: Session }
  | {
      result: "declined";
      session: Session;
      decline: Decline;
      charge: Charge;
      intent: Intent;
      method: Method;
    };

/** The payment of this session: a declined attempt is continued on the one it made. */
export function intentFor(act: Act, session: Session): { intent: Intent; created: Intent | null } {
  const contents = contentsOf(act.store, session.id);
  const known = session.payment_intent ?? contents.intent;
  const intent = known ? act.store.find("payment_intent", known) : undefined;
  if (intent) return { intent, created: null };
  const made = createIntent(act, intentData(session, contents));
  if (session.mode === "subscription") keepContents(act.store, session.id, { ...contents, intent: made.id });
  return { intent: made, created: made };
}

function intentData(session: Session, contents: Contents) {
  const { payment } = contents;
  const subscribing = session.mode === "subscription";
  return {
    amount: session.amount_total ?? 0,
    currency: session.currency ?? "usd",
    customer: session.customer,
    ...payment,
    description: subscribing ? "Subscription creation" : payment.description,
    metadata: subscribing ? {} : payment.metadata,
    payment_method_types: session.payment_method_types,
    setup_future_usage: subscribing ? "off_session" : payment.setup_future_usage,
  };
}

export function complete(act: Act, session: Session, buyer: Buyer, result: Partial<Session>): Session {
  return act.change(
    session,
    { ...result, customer_details: detailsOf(session, buyer), status: "complete", url: null },
    "checkout.session.completed",
  );
}
