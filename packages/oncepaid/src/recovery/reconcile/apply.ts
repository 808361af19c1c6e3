import type { Engine } from "#/engine.ts";
import type { Told } from "#/events/reading.ts";
import { factsOf, isHandled } from "#/events/routes.ts";
import { factsOfSession } from "#/events/session.ts";
import { applyChange } from "#/orders/apply.ts";
import { findHeldOrders, restoreAttempt, restoreOrder } from "#/orders/restore.ts";
import type { Pass } from "#/recovery/reconcile/passes.ts";
import type { Counts } from "#/recovery/reconcile/report.ts";
import { type ListedSession, readListedSession } from "#/recovery/reconcile/session.ts";
import type { Facts } from "#/rules/facts.ts";
import { API_VERSION } from "#/stripe/client.ts";
import type { Listed } from "#/stripe/lists.ts";
import { replayEvent } from "#/webhooks/inbox.ts";
import { applyEvent, type ParsedEvent, parseEvent } from "#/webhooks/receive.ts";

/** What is done with a page of Stripe's list: everything goes through the same doors as ever, and may be done again. */

/** Orders are changed side by side, with enough connections left for buyers. */
const AT_ONCE = 8;

export async function applyPage(
  engine: Engine,
  pass: Pass,
  objects: Listed[],
  asOf: number,
  counts: Counts,
): Promise<void> {
  if (pass.take === "events") await applyEvents(engine, objects, counts);
  else if (pass.take === "sessions") await applySessions(engine, objects, asOf, counts);
  else await applyObjects(engine, objects, pass.take, asOf, counts);
}

async function applyEvents(engine: Engine, objects: Listed[], counts: Counts): Promise<void> {
  counts.events += objects.length;
  const { unknown, otherVersion } = await sortEvents(engine, objects);
  counts.eventsOfOtherVersion += otherVersion;
  counts.eventsKnown += objects.length - unknown.length - otherVersion;
  await eachOf(unknown, async (event) => {
    const received = await applyEvent(engine, event);
    if (!received.ok) counts.eventsFailed++;
    else if (received.outcome === "applied") counts.eventsApplied++;
    else if (received.outcome === "ignored") counts.eventsIgnored++;
    else if (received.outcome === "quarantined") counts.eventsQuarantined++;
    else counts.eventsKnown++;
  });
}

/**
 * Those of a page that are not here yet, or not settled. A list gives an event as the account's API version had it, unlike a delivery,
 * which has the endpoint's; another version than ours tells only that something happened.
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

async function applySessions(engine: Engine, objects: Listed[], asOf: number, counts: Counts): Promise<void> {
  counts.sessions += objects.length;
  await restoreLost(engine, objects, counts);
  for (const told of await untoldEnds(engine, objects, asOf)) {
    await applyTold(engine, told);
    counts.sessionsSettled++;
  }
}

/** One after the other, newest first: the newest session of a lost order is the one that counts. */
async function restoreLost(engine: Engine, objects: Listed[], counts: Counts): Promise<void> {
  const ours = await ourSessions(engine, objects);
  const held = await findHeldOrders(
    engine,
    ours.map(({ orderId }) => orderId),
  );
  for (const lost of ours) {
    const order = held.get(lost.orderId);
    if (order ? await restoreAttempt(engine, order, lost) : await restoreOrder(engine, lost)) {
      engine.log.warn({ order: lost.orderId, session: lost.session.id }, "restored from its session");
      counts[order ? "attemptsRestored" : "ordersRestored"]++;
    }
  }
}

export async function ourSessions(engine: Engine, objects: Listed[]): Promise<ListedSession[]> {
  const read = await Promise.all(objects.map((object) => readListedSession(engine, object)));
  return read.filter((session) => session !== undefined);
}

/** What sessions of our orders say that the orders don't know. */
export async function untoldEnds(engine: Engine, objects: Listed[], asOf: number): Promise<Told[]> {
  const told = objects.flatMap((object) => {
    const read = factsOfSession(object, asOf);
    return read.kind === "told" && read.orderId !== null ? [{ ...read, orderId: read.orderId }] : [];
  });
  const held = await findHeldOrders(
    engine,
    told.map(({ orderId }) => orderId),
  );
  return told.filter(({ orderId, facts }) => {
    const order = held.get(orderId);
    return order !== undefined && saysMore(facts, order.facts);
  });
}

function saysMore(told: Facts, known: Facts): boolean {
  return Object.entries(told.sessions).some(([id, session]) => {
    const before = known.sessions[id];
    return (["completedAt", "paidAt", "expiredAt"] as const).some(
      (moment) => session[moment] !== undefined && before?.[moment] === undefined,
    );
  });
}

async function applyObjects(
  engine: Engine,
  objects: Listed[],
  read: Exclude<Pass["take"], string>,
  asOf: number,
  counts: Counts,
): Promise<void> {
  counts.objects += objects.length;
  await eachOf(objects, async (object) => {
    for (const told of read(object, asOf)) if (told.kind === "told") await applyTold(engine, told);
  });
}

async function applyTold(engine: Engine, told: Told): Promise<void> {
  const applied = await applyChange(engine, { ...told, actor: "reconcile", event: null });
  if (applied.outcome === "quarantined")
    engine.log.warn({ order: told.orderId, reason: applied.reason }, "not reconciled");
}

const PAGE = 100;

/** Events that named an order while it was lost, and are waiting for it since. Each is tried once. */
export async function releaseEvents(engine: Engine, counts: Counts): Promise<void> {
  for (let after = ""; ; ) {
    const { rows } = await engine.database.query<{ id: string; payload: string }>(
      `select id, payload::text as payload from oncepaid.stripe_event
        where outcome = 'quarantined' and attempts = 1 and id > $1
          and received_at < (select max(restored_at) from oncepaid."order" where restored_at is not null)
        order by id limit ${PAGE}`,
      [after],
    );
    const events = rows.flatMap(({ payload }) => parseEvent(payload) ?? []);
    const held = await findHeldOrders(
      engine,
      events.flatMap((event) => orderOf(event) ?? []),
    );
    const waiting = events.filter((event) => held.has(orderOf(event) ?? ""));
    await eachOf(waiting, async ({ id }) => {
      const replayed = await replayEvent(engine, id);
      if (replayed.ok && replayed.outcome === "applied") counts.eventsReleased++;
    });
    after = rows.at(-1)?.id ?? "";
    if (rows.length < PAGE) return;
  }
}

function orderOf({ type, object, created }: ParsedEvent): string | undefined {
  const told = isHandled(type) ? factsOf(type, object, created) : undefined;
  return told?.kind === "told" ? (told.orderId ?? undefined) : undefined;
}

async function eachOf<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
