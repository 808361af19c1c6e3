import { inTransaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { tell } from "#/outbox/tell.ts";

/**
 * The answer to whoever wants to buy what Stripe doesn't sell, because its price or product is archived there or isn't there. Nobody can buy it
 * until somebody does something about it, so whoever runs the app is told: once a day at most, however many buyers ask.
 */
export async function notForSale(engine: Engine, productKey: string, price: string): Promise<Failure> {
  await inTransaction(engine.database, async (transaction) => {
    const { rowCount } = await transaction.query(
      `insert into oncepaid.unavailable_price (product_key, price) values ($1, $2)
       on conflict (product_key, price) do update set told_at = now()
        where unavailable_price.told_at < now() - interval '1 day'`,
      [productKey, price],
    );
    if (rowCount === 0) return;
    engine.log.error(
      { product: productKey, price },
      "not for sale: its price or product is archived at Stripe, or isn't there",
    );
    const happening = { type: "price.unavailable" as const, productKey, price, at: Date.now() };
    const about = { id: productKey, locale: engine.settings.locales[0] ?? "en" };
    await tell(engine, transaction, [happening], about);
  });
  return failure("invalid_request", `The product ${productKey} is not for sale right now.`);
}
