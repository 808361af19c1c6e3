import type { Act } from "../act.ts";
import { randomText, secretFor, sessionId } from "../ids.ts";
import type { Kinds } from "../wire.ts";
import { contentsOf, keepContents } from "./contents.ts";
import { reprice } from "./totals.ts";

type Session = Kinds["checkout.session"];

const DAY = 86_400;

/** What an expired session's recovery URL does: the same order again, in a new session. Null once its time is over. */
export function recover(act: Act, expired: Session): Session | null {
  const recovery = expired.after_expiration?.recovery;
  if (!recovery?.url || (recovery.expires_at ?? 0) <= act.now) return null;
  const id = sessionId();
  const hosted = expired.ui_mode === "hosted_page";
  const { intent: _, setupIntent: __, waiting: ___, ...contents } = contentsOf(act.store, expired.id);
  const session = act.create<Session>({
    ...expired,
    id,
    after_expiration: null,
    allow_promotion_codes: recovery.allow_promotion_codes || null,
    client_secret: hosted ? null : secretFor(id),
    created: act.now,
    expires_at: act.now + DAY,
    payment_intent: null,
    recovered_from: expired.id,
    setup_intent: null,
    status: "open",
    url: hosted ? `${act.origin}/c/pay/${id}#fid${randomText(32)}` : null,
  });
  keepContents(act.store, id, contents);
  act.schedule(session.expires_at, "checkout.expire", id);
  return session.mode === "setup" ? session : reprice(act, session, contents);
}
