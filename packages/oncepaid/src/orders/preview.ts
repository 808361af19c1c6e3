import { plansByPrice, soldAs } from "#/catalog/catalog.ts";
import type { Engine } from "#/engine.ts";
import { asItWas, merged, type OrderSnapshot, visible } from "#/orders/apply.ts";
import { readKnown } from "#/orders/read.ts";
import type { OrderOfSession } from "#/orders/restore.ts";
import { derive, type OrderContext } from "#/rules/derive.ts";
import type { Facts } from "#/rules/facts.ts";

/** What facts would make of an order. Reads only. */

/** Undefined when the order isn't here. */
export async function previewChange(
  engine: Engine,
  orderId: string,
  facts: Facts,
): Promise<{ before: OrderSnapshot; after: OrderSnapshot } | undefined> {
  const known = await readKnown(engine, null, orderId, Object.keys(facts.links));
  const { order } = known;
  if (!order) return undefined;
  return {
    before: visible(asItWas(order)),
    after: visible(derive(merged({ facts }, known), order)),
  };
}

/** A lost order as it would be once it was made again. */
export function previewRestored(engine: Engine, lost: OrderOfSession, facts: Facts): OrderSnapshot {
  const context: OrderContext = {
    mode: lost.mode,
    currentSession: lost.session.id,
    closed: false,
    items: lost.items.map(({ productKey, quantity }) => ({
      productKey,
      quantity,
      sold: soldAs(engine.catalog, productKey),
    })),
    plans: plansByPrice(engine.catalog, engine.settings.stripe.prices),
    taken: false,
    place: lost.place && { state: "released", full: false },
    now: Math.floor(Date.now() / 1000),
  };
  return visible(derive(merged({ facts }, { eventOutcome: null, order: null, links: [] }), context));
}
