import type { OrderView } from "oncepaid";

type Booking = NonNullable<OrderView["booking"]>;

/**
 * What a buyer is told of a booking. That its date was called off stays the reason when the money has come back and freed the place, unless
 * they had given it up themselves.
 */
export function whatBecame(
  { state, canceledAt }: Pick<Booking, "state" | "canceledAt">,
  reason: string | null | undefined,
): string {
  if (canceledAt === null) return state;
  return state === "booked" || (state === "released" && reason === "refunded") ? "canceled" : state;
}
