import { isDeepStrictEqual } from "node:util";
import type { Candidate } from "#/bookings/choose.ts";
import { type Line, sameLines } from "#/catalog/cart.ts";
import { slotOf } from "#/checkout/hold.ts";
import type { CheckoutItem, CheckoutRequest } from "#/checkout/request.ts";
import { type Failure, failure } from "#/failure.ts";
import type { OpenOrder } from "#/orders/find-open.ts";
import type { Current } from "#/prices/current.ts";
import type { SessionParameters } from "#/stripe/sessions.ts";

/** What a checkout has to do next. `slotId` is the date of what the cart books, null where it books nothing. */
export type Decision =
  /** A product's price can't be sold: whoever runs the app wants to know. */
  | { do: "not_for_sale"; productKey: string; price: string }
  /** There is nothing to pay, or nothing to be had. */
  | { do: "refuse"; failure: Failure }
  /** The cart's first request: make the order, with its first attempt. */
  | { do: "create"; slotId: string | null }
  | { do: "answer_url"; url: string; order: OpenOrder }
  /** Ask Stripe whether its session is still open: it was made, or last seen, before this request began. */
  | { do: "look"; sessionId: string; url: string; order: OpenOrder }
  /** Another request is talking to Stripe about this attempt. */
  | { do: "wait" }
  /** Repeat the attempt's own call: it got no answer, or the answer was lost. */
  | { do: "repeat"; order: OpenOrder }
  /** Start the next attempt; a session that may still be open (`expire`) is ended at Stripe first. */
  | { do: "renew"; expire: string | null; slotId: string | null; order: OpenOrder };

/** Everything a decision depends on, as it was read. */
export type Situation = {
  request: Pick<CheckoutRequest, "items" | "slotId">;
  /** What the price of each of its products is now, by the product's key. */
  prices: Readonly<Record<string, Current>>;
  order: OpenOrder | undefined;
  /** The plans the buyer has now. */
  plans: readonly string[];
  /** The dates a booking in the cart can be for. */
  slots: readonly Candidate[];
  /** What Stripe would be sent for the next attempt of this order. */
  parametersOf: (order: OpenOrder, slotId: string | null) => SessionParameters;
  /** When the request began, by the database's clock. */
  began: Date;
  now: Date;
};

/** Nothing was asked for that can't be asked for again. */
export const UNAVAILABLE = failure(
  "stripe_unavailable",
  "Stripe can't be reached or refused to open the payment page. Nothing was charged; it is safe to try again.",
);

/** Stripe makes no session that ends sooner. Source: docs.stripe.com/api/checkout/sessions/create, `expires_at`. */
const SHORTEST_SESSION_SECONDS = 30 * 60;

/** Every decision a checkout can come to. Pure: `start.ts` reads what it depends on, and carries it out. */
export function decide(situation: Situation): Decision {
  const { request, order, slots, prices } = situation;
  const unsold = request.items.find(({ product }) => prices[product.key]?.state !== "found");
  if (unsold && prices[unsold.product.key]?.state !== "unasked") {
    return { do: "not_for_sale", productKey: unsold.product.key, price: unsold.price };
  }
  if (unsold) return { do: "refuse", failure: UNAVAILABLE };
  const refusal = refusalOf(situation);
  if (refusal) return { do: "refuse", failure: refusal };
  const slot = slotOf(request, slots, order);
  if (slot && !slot.ok) return { do: "refuse", failure: slot };
  const slotId = slot?.slotId ?? null;
  const next: Decision = order ? decideOpen(order, slotId, situation) : { do: "create", slotId };
  // Before anything is made or ended: the buyer keeps what they have when there is nothing else to be had.
  if (slot?.soldOut && (next.do === "create" || next.do === "renew")) {
    return { do: "refuse", failure: slot.soldOut };
  }
  return next;
}

function refusalOf({ request: { items }, order, plans }: Situation): Failure | undefined {
  if (order && isPaid(order)) {
    return failure("already_paid", "This cart has been paid already; start a new one to buy again.");
  }
  if (items.some(({ product }) => plans.includes(product.key))) {
    return failure(
      "already_subscribed",
      "You have this plan already; change its seats instead of buying it twice.",
    );
  }
  if (order && isProcessing(order)) {
    return failure(
      "payment_processing",
      "A payment for this cart is on its way; nothing more is to be paid.",
    );
  }
  return undefined;
}

/** What is to be done about an order that can still be paid. */
function decideOpen(order: OpenOrder, slotId: string | null, situation: Situation): Decision {
  const { current } = order;
  const { began, now } = situation;
  const renew = (expire: string | null): Decision => ({ do: "renew", expire, slotId, order });
  if (isOver(order)) return renew(null);
  if (current.leased) return { do: "wait" };
  const same = isSame(order, slotId, situation);
  if (current.sessionId === null) {
    return same && !isStale(current.parameters.expires_at, now) ? { do: "repeat", order } : renew(null);
  }
  if (same && current.url !== null && current.expiresAt !== null && current.expiresAt > now) {
    const { sessionId, url, seenOpenAt } = current;
    return seenOpenAt !== null && seenOpenAt > began
      ? { do: "answer_url", url, order }
      : { do: "look", sessionId, url, order };
  }
  // Past its time by our clock, but Stripe's clock decides: ask it to end the session before another one opens.
  return renew(current.sessionId);
}

/** Whether the newest attempt is for what the cart holds now, and its page says what the shop says now. */
function isSame(
  order: OpenOrder,
  slotId: string | null,
  { request, prices, parametersOf }: Situation,
): boolean {
  return (
    order.slotId === slotId &&
    sameLines(order.items, linesOf(request.items, prices)) &&
    samePage(order.current.parameters, parametersOf(order, slotId))
  );
}

/** Everything that Stripe is sent but how long the page lasts: prices, currency, language, address, discounts, where it leads. */
function samePage(made: SessionParameters, now: SessionParameters): boolean {
  const told = (parameters: SessionParameters): unknown =>
    JSON.parse(JSON.stringify({ ...parameters, expires_at: undefined }));
  return isDeepStrictEqual(told(made), told(now));
}

/** What the cart holds, as an order keeps it. */
export function linesOf(items: readonly CheckoutItem[], prices: Situation["prices"]): Line[] {
  return items.map(({ product, quantity, price }) => {
    const current = prices[product.key];
    const stripePriceId = current?.state === "found" ? current.id : null;
    return { productKey: product.key, quantity, price, stripePriceId };
  });
}

/** Paid once is paid for good, also where it was given back or canceled since. */
function isPaid(order: OpenOrder): boolean {
  return order.paid || order.status === "REFUNDED";
}

/** The buyer finished the page, and a delayed payment is still on its way. */
function isProcessing(order: OpenOrder): boolean {
  return !isOver(order) && order.session?.completedAt !== undefined;
}

/** The newest attempt can't be paid any more. */
function isOver({ session, current }: OpenOrder): boolean {
  return session?.expiredAt !== undefined || session?.failedAt !== undefined || current.closed;
}

/** Stripe would refuse to make a session that ends so soon; nobody has seen one that it made without our knowing. */
function isStale(expiresAt: number | undefined, now: Date): boolean {
  return expiresAt !== undefined && expiresAt - now.getTime() / 1000 < SHORTEST_SESSION_SECONDS;
}
