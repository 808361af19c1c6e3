import { plansByPrice, soldAs } from "#/catalog/catalog.ts";
import type { Engine } from "#/engine.ts";
import { READ } from "#/orders/statements.ts";
import type { OrderContext } from "#/rules/derive.ts";
import type { Facts } from "#/rules/facts.ts";
import type { PlaceState } from "#/rules/spots.ts";
import type { OrderStatus } from "#/rules/status.ts";

/** What is known when a change comes: the first of its two round trips. */

export type KnownOrder = OrderContext & {
  id: string;
  version: number;
  status: OrderStatus;
  locale: string;
  facts: Facts;
  due: boolean;
};
export type KnownLink = { id: string; orderId: string | null; facts: Facts; version: number };
export type Known = { eventOutcome: string | null; order: KnownOrder | null; links: KnownLink[] };

type ReadRow = {
  event_outcome: string | null;
  links: KnownLink[] | null;
  id: string | null;
  version: number;
  status: OrderStatus;
  mode: "payment" | "subscription";
  locale: string;
  session_id: string | null;
  closed: boolean;
  place: PlaceState | null;
  facts: Facts;
  due: boolean;
  items: { product_key: string; quantity: number }[] | null;
};

/** The event if it is here, the order the facts belong to, and everything that waits under the objects they name. */
export async function readKnown(
  engine: Engine,
  eventId: string | null,
  orderId: string | null,
  ids: string[],
): Promise<Known> {
  const { rows } = await engine.database.query<ReadRow>({
    ...READ,
    values: [eventId, orderId, ids],
  });
  const row = rows[0];
  if (!row) throw new Error("The read of an order always answers with one row.");
  const order =
    row.id === null
      ? null
      : {
          id: row.id,
          version: row.version,
          status: row.status,
          mode: row.mode,
          locale: row.locale,
          currentSession: row.session_id,
          closed: row.closed,
          place: row.place && { state: row.place, full: false },
          facts: row.facts,
          due: row.due,
          taken: false,
          now: Math.floor(Date.now() / 1000),
          plans: plansByPrice(engine.catalog, engine.settings.stripe.prices),
          items: (row.items ?? []).map(({ product_key: productKey, quantity }) => ({
            productKey,
            quantity,
            sold: soldAs(engine.catalog, productKey),
          })),
        };
  return { eventOutcome: row.event_outcome, order, links: row.links ?? [] };
}
