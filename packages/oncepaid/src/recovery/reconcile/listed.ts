import type { Engine } from "#/engine.ts";
import type { ReadFacts } from "#/events/reading.ts";
import { factsOfSession } from "#/events/session.ts";
import { findHeldOrders } from "#/orders/restore.ts";
import { type ListedSession, readListedSession } from "#/recovery/reconcile/session.ts";
import type { Facts } from "#/rules/facts.ts";
import { API_VERSION } from "#/stripe/client.ts";
import type { Listed } from "#/stripe/objects.ts";
import { type ParsedEvent, parseEvent } from "#/webhooks/event.ts";
import { namesOtherShop } from "#/webhooks/other-shop.ts";

/** What a page of Stripe's list has that is not known here. Reads only. */

/**
 * The events of a page that are not here yet, or not settled. A list gives an event in the account's own API version, while a
 * delivery has the endpoint's; an event of another version than ours tells only that something happened.
 */
export async function sortEvents(
  engine: Engine,
  objects: Listed[],
  unsettled = ["failed"],
): Promise<{ unknown: ParsedEvent[]; otherVersion: number }> {
  const { rows } = await engine.database.query<{ id: string }>(
    "select id from oncepaid.stripe_event where id = any ($1) and outcome <> all ($2)",
    [objects.map(({ id }) => id), unsettled],
  );
  const known = new Set(rows.map(({ id }) => id));
  const events = objects
    .filter(({ id }) => !known.has(id))
    .flatMap((object) => parseEvent(JSON.stringify(object)) ?? []);
  const unknown = events.filter(({ apiVersion }) => apiVersion === API_VERSION);
  return { unknown, otherVersion: events.length - unknown.length };
}

export async function ourSessions(engine: Engine, objects: Listed[]): Promise<ListedSession[]> {
  const read = await Promise.all(objects.map((object) => readListedSession(engine, object)));
  return read.filter((session) => session !== undefined);
}

/** What sessions of our orders say that the orders don't know. */
export async function unheardEnds(engine: Engine, objects: Listed[], asOf: number): Promise<ReadFacts[]> {
  const readings = (await ofThisShop(engine, objects)).flatMap((object) => {
    const read = factsOfSession(object, asOf);
    return read.kind === "facts" && read.orderId !== null ? [{ ...read, orderId: read.orderId }] : [];
  });
  const held = await findHeldOrders(
    engine,
    readings.map(({ orderId }) => orderId),
  );
  return readings.filter(({ orderId, facts }) => {
    const order = held.get(orderId);
    return order !== undefined && saysMore(facts, order.facts);
  });
}

function saysMore(heard: Facts, known: Facts): boolean {
  return Object.entries(heard.sessions).some(([id, session]) => {
    const before = known.sessions[id];
    return (["completedAt", "paidAt", "expiredAt"] as const).some(
      (moment) => session[moment] !== undefined && before?.[moment] === undefined,
    );
  });
}

/** Without those that name another shop on the same Stripe account. */
export async function ofThisShop(engine: Engine, objects: Listed[]): Promise<Listed[]> {
  const others = await Promise.all(objects.map((object) => namesOtherShop(engine, object)));
  return objects.filter((_, n) => !others[n]);
}
