import type { Engine } from "#/engine.ts";
import { entitlementsOf } from "#/purchases/entitlements.ts";

/** What a user may use now, by the names that the products give it (`features`): each once, in the order of the alphabet. */
export async function featuresOf(engine: Engine, userId: string): Promise<string[]> {
  const entitlements = await entitlementsOf(engine, userId);
  const features = entitlements.flatMap(({ state, productKey }) =>
    state === "active" ? (engine.catalog.find(productKey)?.features ?? []) : [],
  );
  return [...new Set(features)].sort();
}
