import pMap from "p-map";
import type { Engine } from "#/engine.ts";
import { originOf } from "#/events/origin.ts";
import type { ReadFacts } from "#/events/reading.ts";
import { applyChange } from "#/orders/apply.ts";
import { findHeldOrders, restoreAttempt, restoreOrder } from "#/orders/restore.ts";
import { keepUnclaimed } from "#/orders/unclaimed.ts";
import { ofThisShop, ourSessions, sortEvents, unheardEnds } from "#/recovery/reconcile/listed.ts";
import type { Pass } from "#/recovery/reconcile/passes.ts";
import type { Counts } from "#/recovery/reconcile/report.ts";
import type { Listed } from "#/stripe/objects.ts";
import { isOldWarning } from "#/webhooks/old-warning.ts";
import { applyEvent } from "#/webhooks/receive.ts";

/** What is done with a page of Stripe's list. Everything goes through the same functions as a delivery, and may be done again. */

/** So many orders are changed at once; most connections are left for buyers. */
export const CONCURRENCY = 8;

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
  const apply = async (event: (typeof unknown)[number]) => {
    const received = await applyEvent(engine, event);
    if (!received.ok) counts.eventsFailed++;
    else if (received.outcome === "applied") counts.eventsApplied++;
    else if (received.outcome === "ignored") counts.eventsIgnored++;
    else if (received.outcome === "quarantined") counts.eventsQuarantined++;
    else counts.eventsKnown++;
  };
  await pMap(unknown, apply, { concurrency: CONCURRENCY });
}

async function applySessions(engine: Engine, objects: Listed[], asOf: number, counts: Counts): Promise<void> {
  counts.sessions += objects.length;
  await restoreLost(engine, objects, counts);
  for (const reading of await unheardEnds(engine, objects, asOf)) {
    const session = Object.keys(reading.facts.sessions).join();
    if (await tried(engine, session, counts, () => applyReading(engine, reading))) counts.sessionsSettled++;
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
    await tried(engine, lost.session.id, counts, async () => {
      if (!(order ? await restoreAttempt(engine, order, lost) : await restoreOrder(engine, lost))) return;
      engine.log.warn({ order: lost.orderId, session: lost.session.id }, "restored from its session");
      counts[order ? "attemptsRestored" : "ordersRestored"]++;
    });
  }
}

async function applyObjects(
  engine: Engine,
  objects: Listed[],
  read: Exclude<Pass["take"], string>,
  asOf: number,
  counts: Counts,
): Promise<void> {
  counts.objects += objects.length;
  const applyAll = async (object: Listed) => {
    for (const reading of read(object, asOf))
      if (reading.kind === "facts" && !(await isOldWarning(engine, reading.facts))) {
        if (reading.orderId === null) await keepUnclaimed(engine, reading.facts, originOf(object).userId);
        await applyReading(engine, reading);
      }
  };
  const apply = (object: Listed) => tried(engine, object.id, counts, () => applyAll(object));
  await pMap(await ofThisShop(engine, objects), apply, { concurrency: CONCURRENCY });
}

/**
 * One that fails, as by a handler of the app's that throws, keeps no other from its turn. It is counted: unlike an event it is kept
 * nowhere, so its time may not count as compared (reconcile.ts).
 */
async function tried(
  engine: Engine,
  object: string,
  counts: Counts,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    counts.objectsFailed++;
    engine.log.error({ err: error, object }, "not reconciled; it is compared again");
    return false;
  }
}

async function applyReading(engine: Engine, reading: ReadFacts): Promise<void> {
  const applied = await applyChange(engine, { ...reading, actor: "reconcile", event: null });
  if (applied.outcome === "quarantined")
    engine.log.warn({ order: reading.orderId, reason: applied.reason }, "not reconciled");
}
