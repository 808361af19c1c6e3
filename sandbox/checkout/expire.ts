import type { Act } from "../act.ts";
import type { Kinds } from "../wire.ts";
import { contentsOf } from "./contents.ts";

type Session = Kinds["checkout.session"];

/** Closes an open session, and with it the payment that a declined attempt may have left behind. */
export function expireSession(act: Act, session: Session): Session {
  const expired = act.change(session, { status: "expired", url: null }, "checkout.session.expired");
  const intentId = session.payment_intent ?? contentsOf(act.store, session.id).intent;
  const intent = intentId ? act.store.find("payment_intent", intentId) : undefined;
  if (intent && intent.status === "requires_payment_method") {
    act.change(
      intent,
      { canceled_at: act.now, cancellation_reason: "automatic", status: "canceled" },
      "payment_intent.canceled",
    );
  }
  return expired;
}

/** What the timer set at creation does. The session may long be paid. */
export function expireWhenOpen(act: Act, sessionId: string): void {
  const session = act.store.find("checkout.session", sessionId);
  if (session?.status === "open") expireSession(act, session);
}
