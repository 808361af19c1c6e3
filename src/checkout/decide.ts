import type { OpenOrder } from "#/orders/attempts.ts";

/** What a request for a cart that has an order already has to do next. */
export type Decision =
  | { do: "answer_paid" }
  /** The buyer finished the page; a delayed payment is still on its way. */
  | { do: "answer_processing" }
  | { do: "answer_url"; url: string }
  /** Another request is talking to Stripe about this attempt. */
  | { do: "wait" }
  /** Repeat the attempt's own call: it got no answer, or the answer was lost. */
  | { do: "repeat" }
  /** Start the next attempt; a session that may still be open is ended at Stripe first. */
  | { do: "renew"; expire: string | null };

type Item = { productKey: string; quantity: number };

/** Pure: the order as it was read, what the buyer wants now, and the time. */
export function decide(order: OpenOrder, wanted: readonly Item[], now: Date): Decision {
  const { current, session } = order;
  if (isPaid(order)) return { do: "answer_paid" };
  if (session?.expiredAt !== undefined || session?.failedAt !== undefined || current.closed) {
    return { do: "renew", expire: null };
  }
  if (session?.completedAt !== undefined) return { do: "answer_processing" };
  if (current.leased) return { do: "wait" };
  const same = sameItems(order.items, wanted);
  if (current.sessionId === null) return same ? { do: "repeat" } : { do: "renew", expire: null };
  const open = current.url !== null && current.expiresAt !== null && current.expiresAt > now;
  if (same && open) return { do: "answer_url", url: current.url ?? "" };
  // Past its time by our clock, but Stripe's clock decides: ask it to end the session before another one opens.
  return { do: "renew", expire: current.sessionId };
}

/** Paid once is paid for good, also where it was given back or canceled since. */
export function isPaid(order: OpenOrder): boolean {
  return order.paid || order.status === "REFUNDED";
}

function sameItems(a: readonly Item[], b: readonly Item[]): boolean {
  return fingerprint(a) === fingerprint(b);
}

function fingerprint(items: readonly Item[]): string {
  return JSON.stringify(items.map(({ productKey, quantity }) => [productKey, quantity]).sort());
}
