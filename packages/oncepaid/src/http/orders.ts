import type { Caller } from "#/caller.ts";
import { viewReturnedOrder } from "#/checkout/returned.ts";
import { type Failure, failure } from "#/failure.ts";
import { answerFailure } from "#/http/answer.ts";
import { identify } from "#/http/caller.ts";
import type { Context } from "#/http/context.ts";
import type { OrderView } from "#/purchases/order-view.ts";
import { viewOrder } from "#/purchases/orders.ts";

export async function getOrder(c: Context): Promise<Response> {
  return answerOrder(c, (caller) => viewOrder(c.var.engine, c.req.param("id") ?? "", caller));
}

export async function getOrderOfSession(c: Context): Promise<Response> {
  const sessionId = c.req.query("sessionId");
  if (!sessionId || sessionId.length > 255) {
    return answerFailure(c, failure("invalid_request", "Name the session: /api/orders?sessionId=cs_…"));
  }
  return answerOrder(c, (caller) => viewReturnedOrder(c.var.engine, sessionId, caller));
}

/** Somebody else's order is answered exactly as one that doesn't exist. */
async function answerOrder(
  c: Context,
  find: (caller: Caller) => Promise<OrderView | undefined>,
): Promise<Response> {
  const caller: Caller | Failure = await identify(c.var.engine, c.req.raw.headers);
  if ("ok" in caller) return answerFailure(c, caller);
  const order = await find(caller);
  c.header("cache-control", "no-store");
  return order ? c.json(order) : answerFailure(c, failure("not_found", "There is no such order."));
}
