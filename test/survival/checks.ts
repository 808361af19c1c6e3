import { z } from "zod";
import { until } from "../../shop/embedded/alive.ts";
import type { Sandbox } from "../support/sandbox.ts";
import type { Bought } from "./buyer.ts";
import type { Shop } from "./shop.ts";

/** What has to hold after each round, told as sentences about what doesn't. */

/** A killed worker's jobs are free after ten seconds of silence, and what failed is tried again a few seconds later. */
const JOBS_LIMIT_MS = 60_000;
const PAGE = 1_000;

const deliveries = z.object({ data: z.array(z.object({ id: z.int(), event_id: z.string() })) });

/** `settled`: the work that follows is done too, so that refunds have come back as facts. */
export async function lost(
  shop: Shop,
  bought: readonly Bought[],
  { settled }: { settled: boolean },
): Promise<string[]> {
  return [
    ...(await wrongOrders(shop, bought, settled)),
    ...(await unappliedEvents(shop)),
    ...(await wrongPlaces(shop)),
    ...shop.ended().map(([victim, how]) => `${victim} ended by itself: ${how}.`),
  ];
}

type Row = { id: string; status: string; entitlements: number; granted: number };
/** A refund that was asked for is carried out by the worker, which may be the one that was killed. */
const EXPECTED: Record<Bought["did"], { atOnce: string[]; settled: string[] }> = {
  paid: { atOnce: ["FULFILLED"], settled: ["FULFILLED"] },
  refunded: { atOnce: ["FULFILLED", "REFUNDED"], settled: ["REFUNDED"] },
  left: { atOnce: ["CANCELED"], settled: ["CANCELED"] },
};

/** Each paid order is granted once, with the app's own row beside it once; who left has nothing. */
async function wrongOrders(
  { rows: read }: Shop,
  bought: readonly Bought[],
  settled: boolean,
): Promise<string[]> {
  const rows = await read<Row>(
    `select o.id, o.status,
            (select count(*)::integer from oncepaid.entitlement e where e.order_id = o.id) as entitlements,
            (select count(*)::integer from public.granted g where g.order_id = o.id::text) as granted
       from oncepaid."order" o`,
  );
  const orders = new Map(rows.map((row) => [row.id, row]));
  const wrong = bought.flatMap(({ orderId, did }) => {
    const row = orders.get(orderId);
    const times = did === "left" ? 0 : 1;
    const statuses = EXPECTED[did][settled ? "settled" : "atOnce"];
    const isOnce = row?.entitlements === times && row.granted === times;
    return row && isOnce && statuses.includes(row.status)
      ? []
      : [`Order ${orderId} was ${did}, and is ${JSON.stringify(row)}.`];
  });
  return rows.length === bought.length
    ? wrong
    : [...wrong, `${bought.length} carts led to ${rows.length} orders.`];
}

/** An event that was answered 200 is here and applied, and nothing waits for another try. */
async function unappliedEvents({ rows: read, sandbox }: Shop): Promise<string[]> {
  const rows = await read<{ id: string; outcome: string }>("select id, outcome from oncepaid.stripe_event");
  const here = new Set(rows.map(({ id }) => id));
  const failed = rows.filter(({ outcome }) => outcome === "failed" || outcome === "quarantined");
  const answered = await answeredEvents(sandbox());
  return [
    ...failed.map(({ id, outcome }) => `The event ${id} is ${outcome}.`),
    ...answered.filter((id) => !here.has(id)).map((id) => `The event ${id} was answered and is not here.`),
  ];
}

/** The events whose delivery was answered with success, page by page. */
async function answeredEvents({ control }: Sandbox): Promise<string[]> {
  const answered: string[] = [];
  for (let before = "", more = true; more; ) {
    const { data } = deliveries.parse(
      await control("GET", `deliveries?state=succeeded&limit=${PAGE}${before}`),
    );
    answered.push(...data.map(({ event_id }) => event_id));
    before = `&before=${data.at(-1)?.id}`;
    more = data.length === PAGE;
  }
  return answered;
}

/** Places that are taken are those of bookings, and nobody holds one whose page is over. */
async function wrongPlaces({ rows: read }: Shop): Promise<string[]> {
  const rows = await read<{ taken: number; places: number; held: number }>(
    `select s.taken, coalesce(sum(b.places) filter (where b.state in ('held', 'booked')), 0)::integer as places,
            count(*) filter (where b.state = 'held')::integer as held
       from oncepaid.slot s left join oncepaid.booking b on b.slot_id = s.id group by s.id`,
  );
  return rows.flatMap(({ taken, places, held }) => [
    ...(taken === places ? [] : [`${taken} places are taken, and bookings have ${places}.`]),
    ...(held === 0 ? [] : [`${held} places are held by nobody.`]),
  ]);
}

/** Work that follows is done at least once for each order, and none is left or given up. */
export async function undoneWork({ rows: read, oncepaid }: Shop): Promise<string[]> {
  const undone = () =>
    read<{ id: string }>(
      `select o.id::text as id from oncepaid."order" o
        where o.paid_at is not null and not exists (select from public.told t where t.order_id = o.id::text)
        union all select id::text from oncepaid.outbox
        union all select a.id::text from oncepaid.support_action a where a.done_at is null`,
    );
  await until(async () => (await undone()).length === 0, JOBS_LIMIT_MS);
  const rows = await read<{ order_id: string }>(
    "select order_id from public.told group by order_id having count(distinct key) <> 1",
  );
  const { total } = await oncepaid.jobs.list();
  return [
    ...(await undone()).map(({ id }) => `What follows from ${id} was not done.`),
    ...rows.map(({ order_id }) => `Order ${order_id} was told under several keys.`),
    ...(total === 0 ? [] : [`${total} jobs were given up.`]),
  ];
}
