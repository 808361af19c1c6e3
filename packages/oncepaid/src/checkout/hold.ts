import { type Choice, chooseSlot } from "#/bookings/choose.ts";
import type { CheckoutItem } from "#/checkout/request.ts";
import type { Engine } from "#/engine.ts";
import type { Failure } from "#/failure.ts";
import type { OpenOrder } from "#/orders/attempts.ts";
import type { Hold } from "#/orders/holds.ts";

/**
 * Seconds an open session keeps places from other buyers: the 30 minutes Stripe asks for at least, and ten more in which
 * the same call may still be repeated after an outage or a crash.
 */
const HOLD = 40 * 60;

/** The date of the cart's booking; undefined when there is no booking in it. */
export async function slotFor(
  engine: Engine,
  items: readonly CheckoutItem[],
  slotId: string | undefined,
  order: OpenOrder | undefined,
): Promise<Choice | Failure | undefined> {
  const booking = items.find(isBooking);
  if (!booking) return undefined;
  const holds = order?.spot?.state === "held" ? order.spot.places : 0;
  const own = order?.slotId ? { slotId: order.slotId, holds } : undefined;
  return chooseSlot(engine, { productKey: booking.product.key, places: booking.quantity, slotId }, own);
}

/** What an attempt that begins now holds in that slot. */
export function holdIn(slotId: string, items: readonly CheckoutItem[]): Hold | null {
  const booking = items.find(isBooking);
  const until = Math.floor(Date.now() / 1000) + HOLD;
  return booking ? { slotId, productKey: booking.product.key, places: booking.quantity, until } : null;
}

function isBooking({ product }: CheckoutItem): boolean {
  return product.kind === "booking";
}
