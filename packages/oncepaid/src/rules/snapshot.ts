import type { Derived } from "#/rules/derive.ts";
import type { Grant } from "#/rules/grants.ts";
import type { NotGranted } from "#/rules/not-granted.ts";
import type { SpotState } from "#/rules/spots.ts";

/**
 * An order at one moment, as the timeline keeps and shows it. Amounts are minor units, times unix seconds. It is stored as it
 * stands here, so no name in it ever changes: `place` is the state of the order's spot.
 */
export type OrderSnapshot = Pick<Derived, "status" | "amountRefunded"> & {
  /** What banks took back for good; absent where they took nothing. */
  amountLost?: number;
  place: SpotState | null;
  grants: Pick<Grant, "productKey" | "quantity" | "state" | "endsAt" | "reason">[];
  /** What is paid and was never granted, with the reason; absent where everything was. Grants carry their own reason. */
  notGranted?: NotGranted[];
};

export function snapshotOf(derived: Derived): OrderSnapshot {
  const { status, amountRefunded, amountLost, spot, paidAt, grants } = derived;
  const notGranted = paidAt !== null && grants.length === 0 ? derived.notGranted : [];
  return {
    status,
    amountRefunded,
    ...(amountLost > 0 && { amountLost }),
    place: spot,
    grants: grants.map(({ productKey, quantity, state, endsAt, reason }) => ({
      productKey,
      quantity,
      state,
      endsAt,
      reason,
    })),
    ...(notGranted.length > 0 && { notGranted }),
  };
}
