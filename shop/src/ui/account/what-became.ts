import type { EntitlementView, OrderView } from "oncepaid";

type Booking = NonNullable<OrderView["booking"]>;

/** `calledOff`: the money came back because the date was called off, and nothing else ended it. */
export type Became = { state: string; calledOff: boolean };

/**
 * What a buyer is told of a booking. That its date was called off stays the reason when the money has come back and freed the place, unless
 * it had come back before: a buyer who gave the place up was refunded too.
 */
export function whatBecame(
  { state, canceledAt }: Pick<Booking, "state" | "canceledAt">,
  entitlement: Pick<EntitlementView, "reason" | "endsAt"> | undefined,
): Became {
  if (canceledAt === null) return { state, calledOff: false };
  const calledOff =
    state === "released" && entitlement !== undefined && isRefundedSince(canceledAt, entitlement);
  return { state: calledOff || state === "booked" ? "canceled" : state, calledOff };
}

/** In whole seconds, as Stripe gives a refund's time; ours is finer. */
function isRefundedSince(
  time: string,
  { reason, endsAt }: Pick<EntitlementView, "reason" | "endsAt">,
): boolean {
  return reason === "refunded" && endsAt !== null && secondsOf(endsAt) >= secondsOf(time);
}

function secondsOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}
