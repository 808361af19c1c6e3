import { sql } from "kysely";
import { validate as isUuid } from "uuid";
import { type Caller, maySee } from "#/caller.ts";
import type { Engine } from "#/engine.ts";
import { type OrderView, selectOrders, viewOf } from "#/purchases/order-view.ts";

/** The order, if the caller may see it; to everybody else it doesn't exist. */
export async function viewOrder(
  engine: Engine,
  orderId: string,
  caller: Caller,
): Promise<OrderView | undefined> {
  if (!isUuid(orderId)) return undefined;
  const order = await selectOrders(engine).where("o.id", "=", orderId).executeTakeFirst();
  return order && maySee(caller, order.user_id) ? viewOf(order) : undefined;
}

/** Whose order it is; undefined where there is none. */
export async function ownerOf({ database }: Engine, orderId: string): Promise<string | undefined> {
  if (!isUuid(orderId)) return undefined;
  const order = await database.db
    .selectFrom("order")
    .select("user_id")
    .where("id", "=", orderId)
    .executeTakeFirst();
  return order?.user_id;
}

/** How many orders a page of purchases shows. */
const NEWEST = 100;

/** What a user has paid for, whatever became of it since, the newest first. */
export async function paidOrdersOf(engine: Engine, userId: string, caller: Caller): Promise<OrderView[]> {
  if (!maySee(caller, userId)) return [];
  const orders = await selectOrders(engine)
    .where("o.user_id", "=", userId)
    .where("o.paid_at", "is not", null)
    .orderBy("o.paid_at", "desc")
    .limit(NEWEST)
    .execute();
  return orders.map(viewOf);
}

/** What a user has finished paying for while the money is still on its way, the newest first. */
export async function processingOrdersOf(engine: Engine, userId: string): Promise<OrderView[]> {
  const orders = await selectOrders(engine)
    .where("o.user_id", "=", userId)
    .where("o.status", "=", "PENDING")
    .where(sql<boolean>`jsonb_path_exists(o.facts, '$.sessions.*.completedAt')`)
    .orderBy("o.id", "desc")
    .limit(NEWEST)
    .execute();
  return orders.map(viewOf).filter(({ processingSince }) => processingSince !== null);
}

/** Which order a session belongs to, whichever attempt it was. */
export async function orderOfSession(engine: Engine, sessionId: string): Promise<string | undefined> {
  const { rows } = await engine.database.query<{ id: string }>(
    `select order_id as id from oncepaid.checkout_attempt where session_id = $1
      union select id from oncepaid."order" where stripe_checkout_session_id = $1 limit 1`,
    [sessionId],
  );
  return rows[0]?.id;
}

/** The address an order's mail goes to, as far as a page may show it: `a…@e….com`. Null while none is known. */
export async function maskedEmailOf(engine: Engine, orderId: string): Promise<string | null> {
  if (!isUuid(orderId)) return null;
  const order = await engine.database.db
    .selectFrom("order")
    .select("email")
    .where("id", "=", orderId)
    .executeTakeFirst();
  return order?.email ? mask(order.email) : null;
}

function mask(email: string): string {
  const [name = "", host = ""] = email.split("@");
  const ending = host.slice(host.lastIndexOf("."));
  return `${name.slice(0, 1)}…@${host.slice(0, 1)}…${ending}`;
}
