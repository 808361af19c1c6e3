import type { OpenOrder } from "#/orders/attempts.ts";

/** What a request for a cart that has an unfinished order has to do next. */
export type Decision =
  | { do: "answer_url"; url: string }
  /** Another request is talking to Stripe about this attempt. */
  | { do: "wait" }
  /** Repeat the attempt's own call: it got no answer, or the answer was lost. */
  | { do: "repeat" }
  /** Start the next attempt; a session that may still be open is ended at Stripe first. */
  | { do: "renew"; expire: string | null };

type Wanted = {
  items: readonly { productKey: string; quantity: number }[];
  /** Another date is another content of the cart. */
  slotId: string | null;
};

/** Seconds a session must still have when Stripe makes it. Source: docs.stripe.com/api/checkout/sessions/create. */
const SHORTEST_SESSION = 30 * 60;

/** Pure: the order as it was read, what the buyer wants now, and the time. */
export function decide(order: OpenOrder, wanted: Wanted, now: Date): Decision {
  const { current } = order;
  if (isOver(order)) return { do: "renew", expire: null };
  if (current.leased) return { do: "wait" };
  const same = fingerprint(order) === fingerprint(wanted);
  if (current.sessionId === null) {
    return same && !isStale(current.parameters.expires_at, now)
      ? { do: "repeat" }
      : { do: "renew", expire: null };
  }
  const open = current.url !== null && current.expiresAt !== null && current.expiresAt > now;
  if (same && open) return { do: "answer_url", url: current.url ?? "" };
  // Past its time by our clock, but Stripe's clock decides: ask it to end the session before another one opens.
  return { do: "renew", expire: current.sessionId };
}

/** Paid once is paid for good, also where it was given back or canceled since. */
export function isPaid(order: OpenOrder): boolean {
  return order.paid || order.status === "REFUNDED";
}

/** The buyer finished the page, and a delayed payment is still on its way. */
export function isProcessing(order: OpenOrder): boolean {
  return !isOver(order) && order.session?.completedAt !== undefined;
}

/** The newest attempt can't be paid any more. */
function isOver({ session, current }: OpenOrder): boolean {
  return session?.expiredAt !== undefined || session?.failedAt !== undefined || current.closed;
}

/** Stripe would refuse to make a session that ends so soon; nobody has seen one that it made without our knowing. */
function isStale(expiresAt: number | undefined, now: Date): boolean {
  return expiresAt !== undefined && expiresAt - now.getTime() / 1000 < SHORTEST_SESSION;
}

function fingerprint({ items, slotId }: Wanted): string {
  return JSON.stringify([slotId, ...items.map(({ productKey, quantity }) => [productKey, quantity]).sort()]);
}
