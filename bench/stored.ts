import pg from "pg";
import { writeCopies } from "./copies.ts";
import { type BenchedShop, openOrder } from "./shop.ts";
import { payAlone } from "./webhook.ts";

const EVENTS_PER_ORDER = 5;
/** The tables a paid order is in, but for its events. */
const PAID = [
  "order",
  "order_item",
  "checkout_attempt",
  "entitlement",
  "fulfillment_log",
  "order_change",
  "stripe_link",
];

/** Told after each table: a million orders take minutes, and whoever waits sees that it goes on. */
type Storing = { eventsPerOrder?: number; aging?: boolean; tell?: (table: string) => void };

/** A shop that has sold for long: so many paid orders, each with five events, or fewer. */
export async function store(
  shop: BenchedShop,
  count: number,
  { eventsPerOrder = EVENTS_PER_ORDER, aging = false, tell = () => undefined }: Storing = {},
): Promise<void> {
  const stem = "stored";
  const order = await openOrder(shop, stem);
  await payAlone(shop, order, stem);
  const client = new pg.Client({ connectionString: shop.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(
      "select id from oncepaid.entitlement where order_id = $1",
      [order.orderId],
    );
    const original = { order, stem, others: rows.map(({ id }) => id), aging };
    for (const table of PAID) {
      await writeCopies(client, [table], original, count);
      tell(table);
    }
    for (let round = 0; round < eventsPerOrder; round++) {
      await writeCopies(client, ["stripe_event"], original, count, round);
      tell("stripe_event");
    }
    await client.query("analyze");
  } finally {
    await client.end();
  }
}

/** So many acts of people and servers, a minute apart; a tenth of them of one person, a tenth about dates. */
export async function storeActs({ databaseUrl }: BenchedShop, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `insert into oncepaid.audit_entry (id, at, by, what, about, details)
       select uuidv7(- n * interval '1 minute'), now() - n * interval '1 minute',
              case when n % 10 = 0 then 'one@example.com' else 'person-' || n % 100 || '@example.com' end,
              case when n % 10 = 1 then 'slot.changed' else 'key.created' end, n::text, '{"capacity": 12}'
         from generate_series(1, $1::integer) n`,
      [count],
    );
    await client.query("analyze oncepaid.audit_entry");
  } finally {
    await client.end();
  }
}
