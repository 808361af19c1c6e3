import { type Candidate, type Choice, candidatesFor, chooseSlot } from "#/bookings/choose.ts";
import type { CheckoutItem, CheckoutRequest } from "#/checkout/request.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import type { OpenOrder } from "#/orders/find-open.ts";
import type { TooMuchHeld } from "#/orders/hold-limits.ts";
import type { Hold } from "#/orders/holds.ts";
import { isDated } from "#/rules/kinds.ts";

/**
 * How long an open session keeps spots from other buyers: the 30 minutes Stripe asks for at least, and ten more in which
 * the same call may still be repeated after an outage or a crash.
 */
const HOLD_SECONDS = 40 * 60;

type Cart = Pick<CheckoutRequest, "items" | "slotId">;

/** The dates the cart's booking can be for; none where there is no booking in it. */
export async function slotsFor(engine: Engine, { items, slotId }: Cart): Promise<Candidate[]> {
  const booking = items.find(isBooking);
  return booking ? candidatesFor(engine.database, booking.product.key, slotId) : [];
}

/** The date of the cart's booking; undefined when there is no booking in it. Pure. */
export function slotOf(
  { items, slotId }: Cart,
  slots: readonly Candidate[],
  order: OpenOrder | undefined,
): Choice | Failure | undefined {
  const booking = items.find(isBooking);
  if (!booking) return undefined;
  const holds = order?.spot?.state === "held" ? order.spot.places : 0;
  const own = order?.slotId ? { slotId: order.slotId, holds } : undefined;
  return chooseSlot(slots, { productKey: booking.product.key, spots: booking.quantity, slotId }, own);
}

/** Why a new cart's date can't be booked, if it can't. Asked before a visitor gets an account. */
export async function slotProblem(engine: Engine, cart: Cart): Promise<Failure | undefined> {
  const slot = slotOf(cart, await slotsFor(engine, cart), undefined);
  return slot?.ok === false ? slot : undefined;
}

/** What an attempt that begins now holds in that slot. */
export function holdIn(
  slotId: string,
  items: readonly CheckoutItem[],
  browser: Hold["browser"],
): Hold | null {
  const booking = items.find(isBooking);
  const until = Math.floor(Date.now() / 1000) + HOLD_SECONDS;
  return booking
    ? { slotId, productKey: booking.product.key, places: booking.quantity, until, browser }
    : null;
}

/** What a browser hears that would keep too many places from others (orders/hold-limits.ts). */
export const TOO_MUCH_HELD: Readonly<Record<TooMuchHeld, Failure>> = {
  held_by_visitor: failure(
    "too_many_requests",
    "You are keeping as many places as one buyer can: pay for them first, or try again in half an hour.",
  ),
  held_by_network: failure(
    "too_many_requests",
    "As many places as possible are being kept from where you are: sign in to take one, or try again in half an hour.",
  ),
  held_by_strangers: failure(
    "sold_out",
    "The places left on that date are for buyers who have signed in: sign in, or try again in half an hour.",
  ),
};

function isBooking({ product }: CheckoutItem): boolean {
  return isDated(product);
}
