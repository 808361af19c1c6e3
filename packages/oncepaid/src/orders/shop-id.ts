import { readSetting } from "#/database/setting.ts";
import type { Engine } from "#/engine.ts";

/**
 * The id of the shop whose orders these are. It stands in the metadata of every session, because one Stripe account tells all
 * shops that use it of all payments. Read once per process: it never changes.
 */
export async function shopIdOf({ shared, database }: Engine): Promise<string> {
  shared.shopId ??= await readSetting(database, "shop");
  return shared.shopId;
}
