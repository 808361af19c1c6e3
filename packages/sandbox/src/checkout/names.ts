import type { z } from "zod";
import { boolean, hash } from "../api/params.ts";
import type { Kinds } from "../wire.ts";

type Session = Kinds["checkout.session"];
type Names = NonNullable<Session["name_collection"]>;

const asked = () => hash({ enabled: boolean(), optional: boolean().optional() }).optional();

/** The names that the page asks for beside the one of whoever pays. */
export const nameCollection = () => hash({ business: asked(), individual: asked() });

/** The same, as a session and a link show it. */
export function namesAsked(given: z.output<ReturnType<typeof nameCollection>>): Names {
  const shown = (one: typeof given.business) =>
    one && { enabled: one.enabled, optional: one.optional ?? false };
  const [business, individual] = [shown(given.business), shown(given.individual)];
  return { ...(business && { business }), ...(individual && { individual }) };
}
