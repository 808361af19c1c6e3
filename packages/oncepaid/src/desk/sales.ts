import type { Engine } from "#/engine.ts";

/** One day of one currency, in UTC. Amounts are minor units; currencies are never added up. */
export type SalesDay = {
  /** "2027-01-16" */
  day: string;
  currency: string;
  /** Orders that were paid on this day. */
  orders: number;
  /** What was paid: orders, and renewals of plans. */
  revenue: number;
  /** What was given back on this day, whenever it was paid. */
  refunded: number;
  newSubscriptions: number;
  lostSubscriptions: number;
};

/** Days without any sale have no row. `from` and `until` (both included) are days in UTC. */
export type Sales = { from: string; until: string; days: SalesDay[] };

const DAY_MS = 24 * 60 * 60 * 1000;
const USUAL_DAYS = 30;
const MOST_DAYS = 366;

/**
 * What was sold on each of the last days, today included.
 *
 * @throws TypeError where `days` is no whole number from 1 to 366.
 */
export async function sales(engine: Engine, { days = USUAL_DAYS }: { days?: number } = {}): Promise<Sales> {
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS)
    throw new TypeError(`days: a whole number from 1 to ${MOST_DAYS}.`);
  const until = dayOf(Date.now());
  const from = dayOf(Date.parse(until) - (days - 1) * DAY_MS);
  const { rows } = await engine.database.query<SalesDay>(SALES, [
    from,
    engine.settings.stripe.mode === "live",
  ]);
  return { from, until, days: rows };
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, "2027-01-16".length);
}

/**
 * Renewals are written down by a trigger on orders (migration 0016). A refund that failed gave nothing back.
 * Orders that cost nothing have a currency too, so they count as orders.
 */
const SALES = `
  with since as (select ($1::date)::timestamp at time zone 'UTC' as at),
  told as (
    select (o.paid_at at time zone 'UTC')::date as date, o.currency, count(*) as orders,
           coalesce(sum(o.amount_total), 0) as revenue, 0::bigint as refunded,
           count(*) filter (where o.mode = 'subscription') as new, 0 as lost
      from oncepaid."order" o, since
     where o.paid_at >= since.at and o.livemode = $2 group by 1, 2
    union all
    select (r.paid_at at time zone 'UTC')::date, r.currency, 0, sum(r.amount), 0, 0, 0
      from oncepaid.renewal r, since
     where r.paid_at >= since.at and r.livemode = $2 group by 1, 2
    union all
    select (l.at at time zone 'UTC')::date, o.currency, 0, 0,
           (o.facts #>> array['refunds', split_part(l.event, ' ', 2), 'amount'])::bigint, 0, 0
      from since join oncepaid.fulfillment_log l on l.at >= since.at and position(' ' in l.event) > 0
      join oncepaid."order" o on o.id = l.order_id
     where o.livemode = $2 and l.event like 'refund.created %'
       and o.facts #> array['refunds', split_part(l.event, ' ', 2), 'failedAt'] is null
    union all
    select (l.at at time zone 'UTC')::date, o.currency, 0, 0, 0, 0, 1
      from since join oncepaid.fulfillment_log l on l.at >= since.at and position(' ' in l.event) > 0
      join oncepaid."order" o on o.id = l.order_id
     where o.livemode = $2 and l.event like 'subscription.canceled %'
  )
  select to_char(date, 'YYYY-MM-DD') as day, currency, sum(orders)::bigint as orders, sum(revenue)::bigint as revenue,
         coalesce(sum(refunded), 0)::bigint as refunded, sum(new)::bigint as "newSubscriptions",
         sum(lost)::bigint as "lostSubscriptions"
    from told where currency is not null group by date, currency order by date, currency`;
