import type { Translate } from "#/ui/language/page-language.ts";

const ACTORS = ["checkout", "stripe", "reconcile", "sweep", "slot_canceled", "sign_in", "buyer"] as const;

/** Who did something: an operator is named by address; a server's key, and whoever an app named, as they are. */
export function actorText(t: Translate, actor: string, operators: ReadonlyMap<string, string>): string {
  const known = ACTORS.find((name) => name === actor);
  return known ? t(`desk.actor.${known}`) : (operators.get(actor) ?? actor);
}
