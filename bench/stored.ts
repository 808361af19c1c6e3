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

/** A shop that has sold for long: so many paid orders, each with five events, or fewer. */
export async function store(
  shop: BenchedShop,
  count: number,
  { eventsPerOrder = EVENTS_PER_ORDER, aging = false } = {},
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
    await writeCopies(client, PAID, original, count);
    for (let round = 0; round < eventsPerOrder; round++) {
      await writeCopies(client, ["stripe_event"], original, count, round);
    }
    await client.query("analyze");
  } finally {
    await client.end();
  }
}
