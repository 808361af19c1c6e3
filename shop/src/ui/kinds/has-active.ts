import type { OrderView } from "oncepaid";
import type { Kind } from "#/ui/kinds/traits.ts";

/** Whether an order gives something of a kind that can be used now. */
export function hasActive({ entitlements }: OrderView, wanted: Kind): boolean {
  return entitlements.some(({ kind, state }) => kind === wanted && state === "active");
}
