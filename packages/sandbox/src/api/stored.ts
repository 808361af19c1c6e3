import type { Act } from "../act.ts";
import type { Kind, Kinds } from "../wire.ts";
import { noSuch } from "./errors.ts";

/** The object that a path names, or a 404 in Stripe's words: `as` is what it calls the kind, `param` the id. */
export function stored<K extends Kind>(
  act: Act,
  kind: K,
  id = "",
  said: { as?: string; param?: string } = {},
): Kinds[K] {
  const object = act.store.find(kind, id);
  if (!object) throw noSuch(said.as ?? kind, id, said.param ?? "id", 404);
  return object;
}

/** Whether anything has this id. What was deleted leaves it to others. */
export const isTaken = (act: Act, id: string): boolean => act.store.findAny(id)?.deleted === false;
