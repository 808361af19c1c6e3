import type { Engine } from "#/engine.ts";
import { type EntitlementView, entitlementsOf } from "#/purchases/entitlements.ts";

/** What a user may use now, by the names that the products give it (`features`): each once, in the order of the alphabet. */
export async function featuresOf(engine: Engine, userId: string): Promise<string[]> {
  return featuresAmong(engine, await entitlementsOf(engine, userId));
}

/** The same, of what is known that the user has. */
export function featuresAmong(engine: Engine, entitlements: readonly EntitlementView[]): string[] {
  const features = entitlements.flatMap(({ state, productKey }) =>
    state === "active" ? (engine.catalog.find(productKey)?.features ?? []) : [],
  );
  return [...new Set(features)].sort();
}
