import type { Executor } from "#/database/database.ts";

/** A price that something was, or could have been, sold under, by its id at Stripe; `name` is its name in the catalog. */
export type SoldPrice = { stripePriceId: string; productKey: string; name: string | null };

/** All of them by id, also those that were replaced since: subscriptions go on under them. */
export async function soldPrices(database: Executor): Promise<Map<string, SoldPrice>> {
  const { rows } = await database.query<SoldPrice>(
    `select stripe_price_id as "stripePriceId", product_key as "productKey", name from oncepaid.price`,
  );
  return new Map(rows.map((price) => [price.stripePriceId, price]));
}

/** Keeps prices that were found at Stripe. What the catalog says of them now replaces what it said before. */
export async function rememberPrices(database: Executor, prices: readonly SoldPrice[]): Promise<void> {
  await database.query(
    `insert into oncepaid.price as p (stripe_price_id, product_key, name)
     select "stripePriceId", "productKey", name
       from jsonb_to_recordset($1::jsonb) as found("stripePriceId" text, "productKey" text, name text)
     on conflict (stripe_price_id) do update set product_key = excluded.product_key, name = excluded.name
      where (p.product_key, p.name) is distinct from (excluded.product_key, excluded.name)`,
    [JSON.stringify(prices)],
  );
}
