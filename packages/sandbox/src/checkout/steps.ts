import type { Act } from "../act.ts";
import { count } from "../catalog/discount.ts";
import type { Decline } from "../payment-methods/test-cards.ts";
import { createIntent } from "../payments/intent.ts";
import type { Kinds } from "../wire.ts";
import { collectedFrom } from "./buyer.ts";
import { amendContents, type Contents, contentsOf } from "./contents.ts";
import type { Buyer } from "./entered.ts";
import { intentOptions } from "./payment-options.ts";

type Session = Kinds["checkout.session"];
type Charge = Kinds["charge"];
type Intent = Kinds["payment_intent"];
type Setup = Kinds["setup_intent"];
type Method = Kinds["payment_method"];

export interface Declined {
  result: "declined";
  session: Session;
  decline: Decline;
  method: Method;
  /** Whichever of them there is: saving a card makes no charge. */
  charge?: Charge;
  intent?: Intent;
  setup?: Setup;
}

export type Outcome =
  | { result: "paid"; session: Session }
  /** The bank asks the buyer who they are; the session stays open. */
  | { result: "challenge"; session: Session; intentId: string }
  | Declined;

/** The payment of this session: a declined attempt is continued on the one it made. */
export function intentFor(act: Act, session: Session): { intent: Intent; created: Intent | null } {
  const contents = contentsOf(act.store, session.id);
  const known = session.payment_intent ?? contents.intent;
  const intent = known ? act.store.find("payment_intent", known) : undefined;
  const amount = session.amount_total ?? 0;
  if (intent) {
    // The buyer may have changed quantities or entered a code since.
    return { intent: intent.amount === amount ? intent : act.change(intent, { amount }), created: null };
  }
  const made = createIntent(act, intentData(session, contents));
  act.store.setNote(made.id, "session", session.id);
  if (session.mode === "subscription") amendContents(act.store, session.id, { intent: made.id });
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
    options: intentOptions(session),
    setup_future_usage: subscribing ? "off_session" : payment.setup_future_usage,
  };
}

/** Ends the session, and counts what took something off. */
export function complete(act: Act, session: Session, buyer: Buyer, result: Partial<Session>): Session {
  const { promotion } = contentsOf(act.store, session.id);
  const coupon = promotion && act.store.find("coupon", promotion.coupon);
  // A subscription's discount counts when it is made.
  if (coupon && session.mode === "payment") {
    const code = promotion.code ? act.store.find("promotion_code", promotion.code) : undefined;
    count(act, coupon, code ?? null);
  }
  return act.change(
    session,
    { ...collectedFrom(session, buyer), ...result, status: "complete", url: null },
    "checkout.session.completed",
  );
}

/** In which state the payment is when the button's work begins. */
export interface How {
  /** The buyer passed the bank's challenge. */
  authenticated: boolean;
  /** The payment, where it was looked up already. */
  prepared?: ReturnType<typeof intentFor>;
}
