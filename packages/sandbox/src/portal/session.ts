import type { Act } from "../act.ts";
import { randomText } from "../ids.ts";
import type { Store } from "../store.ts";
import type { Kinds } from "../wire.ts";

export type PortalSession = Kinds["billing_portal.session"];

/** Seconds in which a new link has to be opened. */
const UNOPENED = 5 * 60;
/** Seconds that an opened one stays good after its last use. */
const OPENED = 60 * 60;

const TOKEN = "portal";
const USED = "used_at";

/** Makes a link: whoever has it may change this customer's subscriptions, so it is good for a short while only. */
export function openSession(act: Act, session: Omit<PortalSession, "url">): PortalSession {
  const token = `test_${randomText(40)}`;
  act.store.setNote(token, TOKEN, session.id);
  const url = `${act.origin}/p/session/${token}`;
  return act.create({ ...session, url }, "billing_portal.session.created");
}

/** The session of a link, if the link is still good. Looking at it keeps it so. */
export function sessionOf(store: Store, token: string, now: number): PortalSession | undefined {
  const session = store.find("billing_portal.session", store.note(token, TOKEN) ?? "");
  if (!session) return undefined;
  const used = store.note(session.id, USED);
  const until = used === undefined ? session.created + UNOPENED : Number(used) + OPENED;
  if (now > until) return undefined;
  store.setNote(session.id, USED, String(now));
  return session;
}
