import { NOTHING_GRANTED, plansByPrice, soldAs } from "#/catalog/catalog.ts";
import { soldPrices } from "#/database/sold-prices.ts";
import type { Engine } from "#/engine.ts";
import { merged } from "#/orders/next-step.ts";
import { asItWas, readKnown } from "#/orders/read.ts";
import type { OrderOfSession } from "#/orders/restore.ts";
import { derive } from "#/rules/derive.ts";
import type { Facts } from "#/rules/facts.ts";
import type { OrderContext } from "#/rules/order-context.ts";
import { type OrderSnapshot, snapshotOf } from "#/rules/snapshot.ts";

/** What facts would make of an order. Reads only. */

/** Undefined when the order isn't here. */
export async function previewChange(
  engine: Engine,
  orderId: string,
  facts: Facts,
): Promise<{ before: OrderSnapshot; after: OrderSnapshot } | undefined> {
  const [known] = await readKnown(engine, [{ eventId: null, orderId, links: Object.keys(facts.links) }]);
  if (!known?.order) return undefined;
  const { order } = known;
  return {
    before: snapshotOf(asItWas(order)),
    after: snapshotOf(derive(merged({ facts }, known), order)),
  };
}

/** A lost order as it would be once it was made again. */
export async function previewRestored(
  engine: Engine,
  lost: OrderOfSession,
  facts: Facts,
): Promise<OrderSnapshot> {
  const sold = await soldPrices(engine.database);
  const keys = [...sold].map(([id, { productKey }]) => [id, productKey]);
  const context: OrderContext = {
    mode: lost.mode,
    currentSession: lost.session.id,
    closed: false,
    items: lost.items.map(({ productKey, quantity }) => ({
      productKey,
      quantity,
      sold: soldAs(engine.catalog, productKey, NOTHING_GRANTED),
    })),
    plans: plansByPrice(engine.catalog, Object.fromEntries(keys), NOTHING_GRANTED),
    hasPlan: false,
    spot: lost.place && { state: "released", full: false },
    now: Math.floor(Date.now() / 1000),
  };
  return snapshotOf(derive(merged({ facts }, { eventOutcome: null, order: null, links: [] }), context));
}
