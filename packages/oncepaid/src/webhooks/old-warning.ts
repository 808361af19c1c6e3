import { readSetting } from "#/database/setting.ts";
import type { Engine } from "#/engine.ts";
import type { ReadFacts } from "#/events/reading.ts";

/**
 * Early fraud warnings of before the upgrade that hears them were seen in Stripe's dashboard, or not: nothing is to follow from them
 * today, neither from their events nor from a comparison that finds them in Stripe's list.
 */
export async function isOldWarning({ database }: Engine, { warnings }: ReadFacts["facts"]): Promise<boolean> {
  const told = Object.values(warnings ?? {});
  if (told.length === 0) return false;
  const since = Number(await readSetting(database, "fraud_warnings_since"));
  return told.every(({ at }) => at < since);
}
