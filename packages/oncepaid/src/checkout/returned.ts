import type { Caller } from "#/caller.ts";
import { settle } from "#/checkout/settle.ts";
import type { Engine } from "#/engine.ts";
import type { OrderView } from "#/purchases/order-view.ts";
import { orderOfSession, viewOrder } from "#/purchases/orders.ts";

/** Time between two questions to Stripe about one session, however often a page asks us. */
const ASK_AGAIN_MS = 5_000;
const MAX_REMEMBERED_SESSIONS = 10_000;

/**
 * The order of the session a buyer came back with. While it is pending, Stripe is asked and the answer applied
 * through the same door as an event: opening the success page grants nothing by itself, and a late webhook delays
 * nothing.
 */
export async function viewReturnedOrder(
  engine: Engine,
  sessionId: string,
  caller: Caller,
): Promise<OrderView | undefined> {
  const orderId = await orderOfSession(engine, sessionId);
  const order = orderId && (await viewOrder(engine, orderId, caller));
  if (!order) return undefined;
  if (order.status !== "PENDING" || !mayAsk(engine, sessionId)) return order;
  return (await settle(engine, order.id, sessionId, "success_page")) === "changed"
    ? viewOrder(engine, order.id, caller)
    : order;
}

function mayAsk({ shared: { asked } }: Engine, sessionId: string): boolean {
  const now = Date.now();
  if (now - (asked.get(sessionId) ?? 0) < ASK_AGAIN_MS) return false;
  if (asked.size >= MAX_REMEMBERED_SESSIONS) asked.clear();
  asked.set(sessionId, now);
  return true;
}
