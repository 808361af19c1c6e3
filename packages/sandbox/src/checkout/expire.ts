import type { Act } from "../act.ts";
import type { Kinds } from "../wire.ts";
import { contentsOf } from "./contents.ts";

const RECOVERY_SECONDS = 30 * 86_400;

type Session = Kinds["checkout.session"];

/** Closes an open session, and with it the payment that a declined attempt may have left behind. */
export function expireSession(act: Act, session: Session): Session {
  const expired = act.change(
    session,
    { after_expiration: recoverable(act, session), status: "expired", url: null },
    "checkout.session.expired",
  );
  const intentId = session.payment_intent ?? contentsOf(act.store, session.id).intent;
  const intent = intentId ? act.store.find("payment_intent", intentId) : undefined;
  if (intent && ["requires_action", "requires_payment_method"].includes(intent.status)) {
    act.change(
      intent,
      { canceled_at: act.now, cancellation_reason: "automatic", next_action: null, status: "canceled" },
      "payment_intent.canceled",
    );
  }
  return expired;
}

/** With recovery the page can be had anew for a while, as a new session. */
function recoverable(act: Act, { after_expiration, id }: Session): Session["after_expiration"] {
  const recovery = after_expiration?.recovery;
  if (!recovery?.enabled) return after_expiration;
  const expires_at = act.now + RECOVERY_SECONDS;
  return { recovery: { ...recovery, expires_at, url: `${act.origin}/c/recover/${id}` } };
}

/** What the timer set at creation does. The session may long be paid. */
export function expireWhenOpen(act: Act, sessionId: string): void {
  const session = act.store.find("checkout.session", sessionId);
  if (session?.status === "open") expireSession(act, session);
}
