import { validate as isUuid } from "uuid";
import type { Engine } from "#/engine.ts";
import type { Facts } from "#/rules/facts.ts";
import { upcoming } from "#/rules/upcoming.ts";

/**
 * An order as whoever writes to its buyer needs it: what was bought, what was paid and given back, and the date it is booked for.
 * Amounts are minor units.
 */
export type AboutOrder = {
  id: string;
  userId: string;
  /** The address to write to: the one Stripe collected, or the one the order was made with. */
  email: string | null;
  locale: string;
  status: string;
  /** `unitAmount` is what one cost before discounts and added taxes; null where it was never told. */
  items: { productKey: string; quantity: number; unitAmount: number | null }[];
  currency: string | null;
  amountTotal: number | null;
  amountRefunded: number;
  paidAt: Date | null;
  /** What its plan's subscription does next, as in `OrderView`. */
  upcoming: { what: "renewal" | "first_charge" | "end"; at: Date; amount: number | null } | null;
  /** The payment of the order, and those of a plan's renewals. */
  payments: AboutPayment[];
  refunds: AboutRefund[];
  /** The invoices there are, as far as Stripe has told of their pages. */
  invoices: AboutInvoice[];
  disputes: { id: string; amount: number | null }[];
  booking: AboutBooking | null;
};

/** `id` is a session's (the first payment) or an invoice's (of a plan), as `payment.failed` names it. */
export type AboutPayment = {
  id: string;
  by: "session" | "invoice";
  amount: number | null;
  currency: string | null;
  paid: boolean;
  /** The buyer's bank has asked them to confirm it. */
  toConfirm: boolean;
};

/** Stripe's page of an invoice and its PDF. Whoever has the address sees it: it is its buyer's. */
export type AboutInvoice = { id: string; url: string; pdf: string | null };

/** `failed`: the bank has sent it back, so nothing was given back. */
export type AboutRefund = { id: string; amount: number | null; failed: boolean };

export type AboutBooking = {
  productKey: string;
  /** `held`, `booked`, `released` or `refused`. */
  state: string;
  places: number;
  startsAt: Date;
  endsAt: Date;
  /** An IANA name. */
  timeZone: string;
  /** The venue: an address or a link. A link is for those who have booked. */
  place: string;
  /** Whether the date itself was canceled. */
  canceled: boolean;
  bookedAt: Date;
  /** When the booking or its date changed the last time. */
  changedAt: Date;
};

/** Undefined when there is no such order. */
export async function aboutOrder(engine: Engine, orderId: string): Promise<AboutOrder | undefined> {
  if (!isUuid(orderId)) return undefined;
  const { rows } = await engine.database.query<Row>(ORDER, [orderId]);
  const [row] = rows;
  if (!row) return undefined;
  const { facts } = row;
  return {
    id: row.id,
    userId: row.user_id,
    email: row.email ?? Object.values(facts.sessions).flatMap(({ email }) => email ?? [])[0] ?? null,
    locale: row.locale,
    status: row.status,
    items: row.items.map(({ stripePrice: _, ...item }) => item),
    currency: row.currency,
    amountTotal: row.amount_total,
    amountRefunded: row.amount_refunded,
    paidAt: row.paid_at,
    upcoming: upcomingOf(row),
    payments: paymentsOf(row),
    refunds: Object.entries(facts.refunds).map(([id, { amount = null, failedAt }]) => ({
      id,
      amount,
      failed: failedAt !== undefined,
    })),
    invoices: Object.entries(facts.invoices).flatMap(([id, { url, pdf = null }]) =>
      url === undefined ? [] : [{ id, url, pdf }],
    ),
    disputes: Object.entries(facts.disputes).map(([id, { amount = null }]) => ({ id, amount })),
    booking: bookingOf(row),
  };
}

const ORDER = `
  select o.id, o.user_id, o.email, o.locale, o.status, o.mode, o.currency, o.amount_total, o.amount_refunded, o.paid_at, o.facts,
         (select coalesce(json_agg(json_build_object('productKey', i.product_key, 'quantity', i.quantity,
                                                     'unitAmount', i.unit_amount, 'stripePrice', i.stripe_price_id)
                                   order by i.product_key), '[]')
            from oncepaid.order_item i where i.order_id = o.id) as items,
         b.product_key, b.state, b.places, b.created_at as booked_at, greatest(b.updated_at, s.updated_at) as changed_at,
         s.starts_at, s.ends_at, s.time_zone, s.place, s.canceled_at
    from oncepaid."order" o
    left join (oncepaid.booking b join oncepaid.slot s on s.id = b.slot_id) on b.order_id = o.id
   where o.id = $1`;

type Row = {
  id: string;
  user_id: string;
  email: string | null;
  locale: string;
  status: string;
  mode: string;
  currency: string | null;
  amount_total: number | null;
  amount_refunded: number;
  paid_at: Date | null;
  facts: Facts;
  items: (AboutOrder["items"][number] & { stripePrice: string | null })[];
} & (Spot | { product_key: null });

type Spot = {
  product_key: string;
  state: string;
  places: number;
  booked_at: Date;
  changed_at: Date;
  starts_at: Date;
  ends_at: Date;
  time_zone: string;
  place: string;
  canceled_at: Date | null;
};

function paymentsOf({ facts, mode, amount_total, currency, paid_at }: Row): AboutPayment[] {
  const first = Object.entries(facts.sessions).map(
    ([id, session]): AboutPayment => ({
      id,
      by: "session",
      amount: session.amountTotal ?? amount_total,
      currency: session.currency ?? currency,
      paid: paid_at !== null,
      toConfirm: false,
    }),
  );
  // The invoice of what is paid once tells of the session's payment again.
  const renewals = Object.entries(mode === "subscription" ? facts.invoices : {}).map(
    ([id, invoice]): AboutPayment => ({
      id,
      by: "invoice",
      amount: invoice.amountDue ?? null,
      currency: invoice.currency ?? currency,
      paid: invoice.paidAt !== undefined,
      toConfirm: invoice.actionRequiredAt !== undefined,
    }),
  );
  return [...first, ...renewals];
}

function upcomingOf({ facts, items, amount_total }: Row): AboutOrder["upcoming"] {
  const next = upcoming(facts, { lines: items, amountTotal: amount_total });
  return next && { ...next, at: new Date(next.at * 1000) };
}

function bookingOf(row: Row): AboutBooking | null {
  if (row.product_key === null) return null;
  return {
    productKey: row.product_key,
    state: row.state,
    places: row.places,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    timeZone: row.time_zone,
    place: row.place,
    canceled: row.canceled_at !== null,
    bookedAt: row.booked_at,
    changedAt: row.changed_at,
  };
}
