import { NOTHING_GRANTED, plansByPrice, soldAs } from "#/catalog/catalog.ts";
import type { Engine } from "#/engine.ts";
import { READ } from "#/orders/statements.ts";
import { type Derived, derive, endedOf } from "#/rules/derive.ts";
import type { Facts } from "#/rules/facts.ts";
import type { Kind } from "#/rules/kinds.ts";
import type { OrderContext } from "#/rules/order-context.ts";
import type { SpotState } from "#/rules/spots.ts";
import type { OrderStatus } from "#/rules/status.ts";

/** What is known when changes come: the first of their two round trips. */

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

/** What a change is asked for by: its event, the order it names, and the Stripe objects that may lead to one. */
export type Asked = { eventId: string | null; orderId: string | null; links: readonly string[] };

type ReadRow = {
  n: number;
  event_outcome: string | null;
  links: KnownLink[] | null;
  id: string | null;
  version: number;
  status: OrderStatus;
  mode: "payment" | "subscription";
  locale: string;
  session_id: string | null;
  closed: boolean;
  place: SpotState | null;
  places: number | null;
  facts: Facts;
  due: boolean;
  items: { product_key: string; quantity: number }[] | null;
  /** Product keys by the ids of all prices they were ever sold under; for a subscription only. */
  prices: Record<string, string> | null;
  duplicate: boolean | null;
  fulfilled: boolean | null;
  /** Kinds by product key, of an order that was fulfilled. */
  granted: Record<string, Kind> | null;
};

/** For each, the event if it is here, the order the facts belong to, and everything that waits under the objects they name. */
export async function readKnown(engine: Engine, asked: readonly Asked[]): Promise<Known[]> {
  const { rows } = await engine.database.query<ReadRow>({
    ...READ,
    values: [
      JSON.stringify(
        asked.map(({ eventId, orderId, links }, n) => ({ n, event: eventId, orderId, ids: links })),
      ),
    ],
  });
  const now = Math.floor(Date.now() / 1000);
  const known = rows.map((row): [number, Known] => [
    row.n,
    { eventOutcome: row.event_outcome, order: orderOf(engine, row, now), links: row.links ?? [] },
  ]);
  const byNumber = new Map(known);
  return asked.map((_, n) => byNumber.get(n) ?? { eventOutcome: null, order: null, links: [] });
}

function orderOf({ catalog }: Engine, row: ReadRow, now: number): KnownOrder | null {
  if (row.id === null) return null;
  const granted = row.granted ? new Map(Object.entries(row.granted)) : NOTHING_GRANTED;
  return {
    id: row.id,
    version: row.version,
    status: row.status,
    mode: row.mode,
    locale: row.locale,
    currentSession: row.session_id,
    closed: row.closed,
    spot: row.place && { state: row.place, full: false, places: row.places ?? undefined },
    facts: row.facts,
    due: row.due,
    hasPlan: false,
    duplicate: row.duplicate ?? false,
    fulfilled: row.fulfilled ?? false,
    now,
    plans: plansByPrice(catalog, row.prices ?? {}, granted),
    items: (row.items ?? []).map(({ product_key: productKey, quantity }) => ({
      productKey,
      quantity,
      sold: soldAs(catalog, productKey, granted),
    })),
  };
}

/** What depends on more than facts is taken from the order's rows. An order that is PAID gives nothing. */
export function asItWas(order: KnownOrder): Derived {
  const derived = derive(order.facts, order);
  const grants = order.status === "PAID" ? endedOf(derived.grants, order) : derived.grants;
  return { ...derived, grants, status: order.status, spot: order.spot?.state ?? null };
}
