import { validate as isUuid } from "uuid";
import { isLink } from "#/bookings/link.ts";
import { type Caller, maySee } from "#/caller.ts";
import type { Engine } from "#/engine.ts";
import { type EntitlementView, entitlementsOfOrder } from "#/purchases/entitlements.ts";

/** An order as its owner may see it. Amounts are minor units, times ISO 8601 in UTC. */
export type OrderView = {
  id: string;
  status: string;
  cartId: string;
  items: { productKey: string; quantity: number; unitAmount: number | null }[];
  amountTotal: number | null;
  amountRefunded: number;
  currency: string | null;
  paidAt: string | null;
  fulfilledAt: string | null;
  entitlements: EntitlementView[];
  booking: BookingView | null;
};

/** The places of an order and the date they are for. */
export type BookingView = {
  slotId: string;
  /** `held` while it can be paid, `booked`, `released` again, or `refused`: paid when no place was left. */
  state: string;
  places: number;
  startsAt: string;
  endsAt: string;
  /** An IANA name: where it takes place. */
  timeZone: string;
  /** An address or a link; null where it is a link that is theirs only once it is booked. */
  place: string | null;
  /** Set once the shop has canceled the date. */
  canceledAt: string | null;
};

/** The order, if the caller may see it; to everybody else it doesn't exist. */
export async function viewOrder(
  engine: Engine,
  orderId: string,
  caller: Caller,
): Promise<OrderView | undefined> {
  if (!isUuid(orderId)) return undefined;
  const order = await engine.database.db
    .selectFrom("order")
    .selectAll()
    .where("id", "=", orderId)
    .executeTakeFirst();
  if (!order || !maySee(caller, order.user_id)) return undefined;
  const items = await engine.database.db
    .selectFrom("order_item")
    .selectAll()
    .where("order_id", "=", order.id)
    .orderBy("product_key")
    .execute();
  return {
    id: order.id,
    status: order.status,
    cartId: order.cart_id,
    items: items.map((item) => ({
      productKey: item.product_key,
      quantity: item.quantity,
      unitAmount: item.unit_amount,
    })),
    amountTotal: order.amount_total,
    amountRefunded: order.amount_refunded,
    currency: order.currency,
    paidAt: order.paid_at?.toISOString() ?? null,
    fulfilledAt: order.fulfilled_at?.toISOString() ?? null,
    entitlements: await entitlementsOfOrder(engine, order.id),
    booking: await bookingOf(engine, order.id),
  };
}

/** How many orders a page of purchases shows. */
const NEWEST = 100;

/** What a user has paid for, whatever became of it since, the newest first. */
export async function paidOrdersOf(engine: Engine, userId: string, caller: Caller): Promise<OrderView[]> {
  const rows = await engine.database.db
    .selectFrom("order")
    .select("id")
    .where("user_id", "=", userId)
    .where("paid_at", "is not", null)
    .orderBy("paid_at", "desc")
    .limit(NEWEST)
    .execute();
  const orders = await Promise.all(rows.map(({ id }) => viewOrder(engine, id, caller)));
  return orders.filter((order) => order !== undefined);
}

/** The address an order's mail goes to, as far as a page may show it: `a…@e….com`. Null while none is known. */
export async function maskedEmailOf(engine: Engine, orderId: string): Promise<string | null> {
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

async function bookingOf(engine: Engine, orderId: string): Promise<BookingView | null> {
  const row = await engine.database.db
    .selectFrom("booking as b")
    .innerJoin("slot as s", "s.id", "b.slot_id")
    .select(["b.slot_id", "b.state", "b.places", "s.starts_at", "s.ends_at", "s.time_zone", "s.place"])
    .select("s.canceled_at")
    .where("b.order_id", "=", orderId)
    .executeTakeFirst();
  if (!row) return null;
  return {
    slotId: row.slot_id,
    state: row.state,
    places: row.places,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    timeZone: row.time_zone,
    place: row.state !== "booked" && isLink(row.place) ? null : row.place,
    canceledAt: row.canceled_at?.toISOString() ?? null,
  };
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
