import type { Derived } from "#/rules/derive.ts";
import type { Grant } from "#/rules/grants.ts";
import type { SpotState } from "#/rules/spots.ts";

/**
 * An order at one moment, as the timeline keeps and tells it. Amounts are minor units, times unix seconds. `place` is the state of
 * its spots in a slot: the name it is stored under.
 */
export type OrderSnapshot = Pick<Derived, "status" | "amountRefunded"> & {
  place: SpotState | null;
  grants: Pick<Grant, "productKey" | "quantity" | "state" | "endsAt" | "reason">[];
};

export function snapshotOf({ status, amountRefunded, spot, grants }: Derived): OrderSnapshot {
  return {
    status,
    amountRefunded,
    place: spot,
    grants: grants.map(({ productKey, quantity, state, endsAt, reason }) => ({
      productKey,
      quantity,
      state,
      endsAt,
      reason,
    })),
  };
}
