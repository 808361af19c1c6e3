import { sql } from "kysely";
import { jsonArrayFrom, jsonObjectFrom } from "kysely/helpers/postgres";
import { isLink } from "#/bookings/link.ts";
import type { Engine } from "#/engine.ts";
import type { EntitlementView } from "#/purchases/entitlements.ts";
import type { Facts } from "#/rules/facts.ts";
import { between } from "#/rules/first-paid.ts";
import { type Upcoming, upcoming } from "#/rules/upcoming.ts";

/** An order as its owner may see it. Amounts are minor units, times ISO 8601 in UTC. */
export type OrderView = {
  id: string;
  status: string;
  cartId: string;
  /** `price` is the name in the catalog of the price it was sold under; null of orders from before prices had names. */
  items: { productKey: string; quantity: number; unitAmount: number | null; price: string | null }[];
  amountTotal: number | null;
  /** What discounts took off; null where it isn't known. */
  amountDiscount: number | null;
  /** The taxes in the total, whether they were added or part of the prices; null where it isn't known. */
  amountTax: number | null;
  amountRefunded: number;
  /** What the buyer's bank took back for good. */
  amountLost: number;
  currency: string | null;
  /** When the buyer finished the payment page, while the money is still on its way: bank payments take days. Null otherwise. */
  processingSince: string | null;
  /** When its last payment page ran out unpaid; null while one can be paid, and of everything that was paid. */
  expiredAt: string | null;
  paidAt: string | null;
  fulfilledAt: string | null;
  /**
   * What its plan's subscription does by itself next: it charges (`renewal`, after a trial `first_charge`) or ends (`end`). `amount` is null
   * where it isn't certain: after a change, with a discount or taxes. Null where nothing renews, or nothing is known of it yet.
   */
  upcoming: UpcomingView | null;
  /** What it granted, whatever became of that. */
  entitlements: EntitlementView[];
  booking: BookingView | null;
  /** Stripe's page of each of its invoices, with its PDF: one, or of a plan those of its renewals too. */
  invoices: InvoiceView[];
};

export type UpcomingView = { what: Upcoming["what"]; at: string; amount: number | null };

export type InvoiceView = { id: string; url: string; pdf: string | null };

/** An order's spot, and the date it is for. */
export type BookingView = {
  slotId: string;
  /** `held` while it can be paid, `booked`, `released` again, or `refused`: paid when no spot was left. */
  state: string;
  /** How many seats of the slot it is. */
  places: number;
  startsAt: string;
  endsAt: string;
  /** An IANA name: where it takes place. */
  timeZone: string;
  /** The venue: an address or a link. A link is its buyer's only once it is booked, and null until then. */
  place: string | null;
  /** Set once the shop has canceled the date. */
  canceledAt: string | null;
};

type OrderRow = Awaited<ReturnType<ReturnType<typeof selectOrders>["execute"]>>[number];

/** Orders with everything their views show, for the caller to say which: one statement however many there are. */
export function selectOrders({ database: { db } }: Engine) {
  return db
    .selectFrom("order as o")
    .select(["o.id", "o.status", "o.cart_id", "o.user_id", "o.amount_total", "o.amount_refunded"])
    .select(["o.amount_lost", "o.currency", "o.paid_at", "o.fulfilled_at"])
    .select(sql<Facts["invoices"]>`coalesce(o.facts -> 'invoices', '{}')`.as("invoices"))
    .select(sql<Facts["sessions"]>`coalesce(o.facts -> 'sessions', '{}')`.as("sessions"))
    .select(sql<Facts["subscriptions"]>`coalesce(o.facts -> 'subscriptions', '{}')`.as("subscriptions"))
    .select(({ selectFrom }) => [
      jsonArrayFrom(
        selectFrom("order_item as i")
          .select(["i.product_key as productKey", "i.quantity", "i.unit_amount as unitAmount", "i.price"])
          .select("i.stripe_price_id as stripePrice")
          .whereRef("i.order_id", "=", "o.id")
          .orderBy("i.product_key"),
      ).as("items"),
      jsonArrayFrom(
        selectFrom("entitlement as e")
          .select(["e.id", "e.product_key", "e.kind", "e.state", "e.quantity", "e.starts_at", "e.ends_at"])
          .select("e.reason")
          .whereRef("e.order_id", "=", "o.id")
          .orderBy("e.starts_at", "desc")
          .orderBy("e.id", "desc"),
      ).as("entitlements"),
      jsonObjectFrom(
        selectFrom("booking as b")
          .innerJoin("slot as s", "s.id", "b.slot_id")
          .select(["b.slot_id", "b.state", "b.places", "s.starts_at", "s.ends_at", "s.time_zone", "s.place"])
          .select("s.canceled_at")
          .whereRef("b.order_id", "=", "o.id"),
      ).as("booking"),
    ]);
}

export function viewOf(order: OrderRow): OrderView {
  return {
    id: order.id,
    status: order.status,
    cartId: order.cart_id,
    items: order.items.map(({ stripePrice: _, ...item }) => item),
    amountTotal: order.amount_total,
    ...between(order),
    amountRefunded: order.amount_refunded,
    amountLost: order.amount_lost,
    currency: order.currency,
    processingSince: order.paid_at ? null : processingSince(order.sessions),
    expiredAt: expiredAt(order),
    paidAt: order.paid_at?.toISOString() ?? null,
    fulfilledAt: order.fulfilled_at?.toISOString() ?? null,
    upcoming: upcomingOf(order),
    entitlements: order.entitlements.map((row) => entitlementOf(order.id, row)),
    booking: order.booking && bookingOf(order.booking),
    invoices: Object.entries(order.invoices).flatMap(([id, { url, pdf = null, paidAt }]) =>
      url === undefined || paidAt === undefined ? [] : [{ id, url, pdf }],
    ),
  };
}

function processingSince(sessions: Facts["sessions"]): string | null {
  const times = Object.values(sessions).flatMap(({ completedAt, paidAt, failedAt, expiredAt }) =>
    completedAt === undefined || (paidAt ?? failedAt ?? expiredAt) !== undefined ? [] : [completedAt],
  );
  return times.length === 0 ? null : new Date(Math.max(...times) * 1000).toISOString();
}

function expiredAt({ status, paid_at, sessions }: OrderRow): string | null {
  if (status !== "CANCELED" || paid_at) return null;
  const times = Object.values(sessions).flatMap(({ expiredAt }) => expiredAt ?? []);
  return times.length === 0 ? null : new Date(Math.max(...times) * 1000).toISOString();
}

function upcomingOf({ subscriptions, items, amount_total }: OrderRow): UpcomingView | null {
  const next = upcoming({ subscriptions }, { lines: items, amountTotal: amount_total });
  return next && { ...next, at: new Date(next.at * 1000).toISOString() };
}

function entitlementOf(orderId: string, row: OrderRow["entitlements"][number]): EntitlementView {
  const { id, kind, state, quantity, reason } = row;
  return {
    id,
    productKey: row.product_key,
    kind,
    state,
    quantity,
    startsAt: utc(row.starts_at),
    endsAt: row.ends_at && utc(row.ends_at),
    reason,
    orderId,
    via: "purchase",
  };
}

function bookingOf(row: NonNullable<OrderRow["booking"]>): BookingView {
  return {
    slotId: row.slot_id,
    state: row.state,
    places: row.places,
    startsAt: utc(row.starts_at),
    endsAt: utc(row.ends_at),
    timeZone: row.time_zone,
    place: row.state !== "booked" && isLink(row.place) ? null : row.place,
    canceledAt: row.canceled_at && utc(row.canceled_at),
  };
}

/** Within JSON PostgreSQL writes a time with its offset and to the microsecond. */
function utc(time: string): string {
  return new Date(time).toISOString();
}
