import { isDeepStrictEqual } from "node:util";
import type { Engine } from "#/engine.ts";
import { originOf } from "#/events/origin.ts";
import type { ReadFacts } from "#/events/reading.ts";
import { factsOf, isHandled } from "#/events/routes.ts";
import { factsOfSession } from "#/events/session.ts";
import { previewChange, previewRestored } from "#/orders/preview.ts";
import { findHeldOrders, type OrderOfSession } from "#/orders/restore.ts";
import { ofThisShop, ourSessions, sortEvents, unheardEnds } from "#/recovery/reconcile/listed.ts";
import { type Pass, passes } from "#/recovery/reconcile/passes.ts";
import { readProgress } from "#/recovery/reconcile/progress.ts";
import { isBeyondEvents, type ReconcileOptions, windowFrom } from "#/recovery/reconcile/reconcile.ts";
import { type Counts, noCounts } from "#/recovery/reconcile/report.ts";
import { NO_FACTS } from "#/rules/facts.ts";
import { merge } from "#/rules/merge.ts";
import type { OrderSnapshot } from "#/rules/snapshot.ts";
import { listPage } from "#/stripe/lists.ts";
import type { Listed } from "#/stripe/objects.ts";
import type { ParsedEvent } from "#/webhooks/event.ts";
import { isOldWarning } from "#/webhooks/old-warning.ts";
import { isOfOtherShop } from "#/webhooks/other-shop.ts";

/** The comparison without the repair: the same lists and the same rules, in memory. Writes nothing at all. */

export type Difference = {
  orderId: string;
  /** Null when the order isn't here. */
  here: OrderSnapshot | null;
  atStripe: OrderSnapshot;
  /** What told it: an event's type and id, or an object's. */
  because: string[];
};

export type Comparison = {
  /** Unix seconds. */
  from: number;
  differences: Difference[];
  /** Facts whose order isn't known: they would wait for it, or are somebody else's. */
  unplaced: number;
  counts: Counts;
};

/** Something told, and by what. */
type Heard = { reading: ReadFacts; by: string };

export async function compare(engine: Engine, { since, onPage }: ReconcileOptions = {}): Promise<Comparison> {
  const from = windowFrom((await readProgress(engine)).comparedUntil, since);
  const counts = noCounts();
  const heard: Heard[] = [];
  const lost = new Map<string, OrderOfSession>();
  let withObjects = isBeyondEvents(from);
  for (let number = 0; number < passes(withObjects).length; number++) {
    const pass = passes(withObjects)[number];
    for (let after: string | undefined, more = true; pass && more; ) {
      const page = await listPage(engine.stripe, pass.list, pass.params(from), after);
      counts.calls++;
      counts.listed += page.objects.length;
      heard.push(...(await hear(engine, pass, page.objects, page.asOf, counts)));
      if (pass.take === "sessions") heard.push(...(await findLost(engine, page.objects, page.asOf, lost)));
      withObjects ||= counts.eventsOfOtherVersion > 0;
      onPage?.(pass, counts);
      after = page.next;
      more = after !== undefined;
    }
  }
  const { byOrder, unplaced } = await assign(engine, await withoutOldWarnings(engine, heard));
  return { from, differences: await differencesOf(engine, byOrder, lost), unplaced, counts };
}

async function hear(
  engine: Engine,
  { take, name }: Pass,
  objects: Listed[],
  asOf: number,
  counts: Counts,
): Promise<Heard[]> {
  if (take === "events") {
    counts.events += objects.length;
    const { unknown, otherVersion } = await sortEvents(engine, objects, ["failed", "quarantined"]);
    counts.eventsOfOtherVersion += otherVersion;
    counts.eventsKnown += objects.length - unknown.length - otherVersion;
    return (await Promise.all(unknown.map((event) => heardOf(engine, event)))).flat();
  }
  if (take === "sessions") {
    counts.sessions += objects.length;
    const unheard = await unheardEnds(engine, objects, asOf);
    return unheard.map((reading) => ({
      reading,
      by: `session ${Object.keys(reading.facts.sessions).join()}`,
    }));
  }
  counts.objects += objects.length;
  return (await ofThisShop(engine, objects)).flatMap((object) =>
    take(object, asOf).flatMap((reading) =>
      reading.kind === "facts" ? [{ reading, by: `${name} ${object.id}` }] : [],
    ),
  );
}

async function withoutOldWarnings(engine: Engine, heard: Heard[]): Promise<Heard[]> {
  const old = await Promise.all(heard.map(({ reading }) => isOldWarning(engine, reading.facts)));
  return heard.filter((_, n) => !old[n]);
}

async function heardOf(engine: Engine, { id, type, object, created }: ParsedEvent): Promise<Heard[]> {
  if (!isHandled(type) || (await isOfOtherShop(engine, originOf(object)))) return [];
  const reading = factsOf(type, object, created);
  return reading.kind === "facts" ? [{ reading, by: `${type} ${id}` }] : [];
}

/** What the sessions of orders that aren't here tell. Newest first, so the first session of an order is its newest. */
async function findLost(
  engine: Engine,
  objects: Listed[],
  asOf: number,
  lost: Map<string, OrderOfSession>,
): Promise<Heard[]> {
  const ours = await ourSessions(engine, objects);
  const held = await findHeldOrders(
    engine,
    ours.map(({ orderId }) => orderId),
  );
  const gone = ours.filter(({ orderId }) => !held.has(orderId));
  for (const session of gone) if (!lost.has(session.orderId)) lost.set(session.orderId, session);
  return objects.flatMap((object) => {
    const reading = factsOfSession(object, asOf);
    const named = gone.some(({ session }) => session.id === object.id);
    return named && reading.kind === "facts" ? [{ reading, by: `session ${object.id}` }] : [];
  });
}

type ByOrder = Map<string, { facts: ReadFacts["facts"]; because: string[] }>;

/** Finds the order of each thing: the one it names, the one a Stripe object is linked to here, or to in what was heard. */
async function assign(engine: Engine, heard: Heard[]): Promise<{ byOrder: ByOrder; unplaced: number }> {
  const byOrder: ByOrder = new Map();
  const owners = await linkedHere(engine, heard);
  let left = heard;
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    left = left.filter(({ reading, by }) => {
      const links = Object.keys(reading.facts.links);
      const orderId =
        reading.orderId ?? links.map((id) => owners.get(id)).find((owner) => owner !== undefined);
      if (orderId === undefined) return true;
      for (const id of links) owners.set(id, orderId);
      const known = byOrder.get(orderId) ?? { facts: NO_FACTS, because: [] };
      byOrder.set(orderId, { facts: merge(known.facts, reading.facts), because: [...known.because, by] });
      return false;
    });
  }
  return { byOrder, unplaced: left.length };
}

async function linkedHere(engine: Engine, heard: Heard[]): Promise<Map<string, string>> {
  const ids = heard.flatMap(({ reading }) =>
    reading.orderId === null ? Object.keys(reading.facts.links) : [],
  );
  const { rows } = await engine.database.query<{ stripe_id: string; order_id: string }>(
    "select stripe_id, order_id from oncepaid.stripe_link where stripe_id = any ($1) and order_id is not null",
    [ids],
  );
  return new Map(rows.map(({ stripe_id, order_id }) => [stripe_id, order_id]));
}

async function differencesOf(
  engine: Engine,
  byOrder: ByOrder,
  lost: Map<string, OrderOfSession>,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const [orderId, { facts, because }] of byOrder) {
    const preview = await previewChange(engine, orderId, facts);
    if (preview && !isDeepStrictEqual(preview.before, preview.after)) {
      differences.push({ orderId, here: preview.before, atStripe: preview.after, because });
    }
  }
  for (const [orderId, order] of lost) {
    const { facts, because } = byOrder.get(orderId) ?? { facts: NO_FACTS, because: [] };
    const atStripe = await previewRestored(engine, order, facts);
    differences.push({ orderId, here: null, atStripe, because });
  }
  return differences;
}
