import { v7 as uuidv7 } from "uuid";
import { inTransaction, type Query } from "#/database/database.ts";
import type { Engine, Told } from "#/engine.ts";
import type { KnownOrder } from "#/orders/read.ts";
import { asItWas } from "#/orders/read.ts";
import { APPLY } from "#/orders/statements.ts";
import type { IncomingEvent } from "#/orders/stored-events.ts";
import { happeningsAfter, jobsAfter } from "#/outbox/follow-ups.ts";
import { jobsWritten } from "#/outbox/jobs.ts";
import type { Derived } from "#/rules/derive.ts";
import { type Effect, storedName } from "#/rules/effects.ts";
import { type Facts, NO_FACTS } from "#/rules/facts.ts";
import type { Happening } from "#/rules/happenings.ts";
import { snapshotOf } from "#/rules/snapshot.ts";

/** A change of one order, as it is to be written. */
export type Write = {
  order: KnownOrder;
  facts: Facts;
  derived: Derived;
  /** Stripe's objects that become this order's, with the version their row had; -1 where there was none. */
  claims: readonly { id: string; version: number }[];
  actor: string;
  event: IncomingEvent | null;
};

type Written = { n: number; version: number; logged: string[]; entitlements: string[] };

/**
 * Writes the changes in one guarded statement, all or none. False when an order moved since it was read; throws what else
 * PostgreSQL refused. Where the app wants to write along (`on`), its handlers run on the same connection before the commit.
 */
export async function write(engine: Engine, writes: readonly Write[]): Promise<boolean> {
  const written = writes.some((one) => mayHook(engine, one))
    ? await writeWithHooks(engine, writes)
    : await run(engine, engine.database.query, writes);
  if (written) jobsWritten(engine);
  return written !== undefined;
}

function writeWithHooks(engine: Engine, writes: readonly Write[]): Promise<Written[] | undefined> {
  return inTransaction(engine.database, async (transaction) => {
    const written = await run(engine, transaction.query, writes);
    for (const row of written ?? []) {
      const one = writes[row.n];
      if (one) await engine.hooks.runOn(engine, transaction, toldBy(engine, one, row));
    }
    return written;
  });
}

/** Undefined when an order moved since it was read: then nothing was written. */
async function run(engine: Engine, query: Query, writes: readonly Write[]): Promise<Written[] | undefined> {
  const { rows } = await query<Written>({
    ...APPLY,
    values: [
      JSON.stringify(writes.map((one, n) => ({ n, ...documentOf(engine, one) }))),
      writes.map(({ event }) => event?.payload ?? null),
      queuesOfChangedAccess(engine),
      JSON.stringify(NO_FACTS),
      engine.settings.outboundWebhook !== undefined,
    ],
  });
  return rows.length === writes.length ? rows : undefined;
}

/** Each version of an entitlement is told to other servers, and to the app where it asks for that. */
function queuesOfChangedAccess(engine: Engine): string[] {
  return ["outbound_webhook", ...(engine.hooks.after.has("entitlement.changed") ? ["after"] : [])];
}

/** The change by field name, as APPLY reads it. Amounts are minor units, times unix seconds. */
function documentOf(engine: Engine, { order, facts, derived, claims, actor, event }: Write) {
  const [before, after] = [snapshotOf(asItWas(order)), snapshotOf(derived)];
  return {
    orderId: order.id,
    version: order.version,
    status: derived.status,
    email: derived.email,
    currency: derived.currency,
    amountTotal: derived.amountTotal,
    amountRefunded: derived.amountRefunded,
    amountLost: derived.amountLost,
    sessionId: derived.sessionId,
    paymentIntent: derived.paymentIntent,
    subscription: derived.subscription,
    customer: derived.customer,
    facts,
    paidAt: derived.paidAt,
    fulfilled: derived.effects.some(({ name }) => name === "checkout.fulfilled"),
    recheckAt: derived.recheckAt,
    spot: derived.spot === order.spot?.state ? null : derived.spot,
    places: derived.places,
    grants: derived.grants.map((grant) => ({ id: uuidv7(), ...grant })),
    effects: derived.effects.map((effect) => ({
      event: storedName(effect),
      before: effect.before,
      after: effect.after,
      jobs: jobsAfter(engine, effect, order),
    })),
    links: claims,
    actor,
    before,
    after,
    ...(event && {
      eventId: event.id,
      eventType: event.type,
      eventCreated: event.created,
      livemode: event.livemode,
      apiVersion: event.apiVersion,
    }),
  };
}

/** Whether a handler of the app may want to write along: one that hears of an effect, or of changed access. */
export function mayHook({ hooks }: Engine, { order, derived }: Write): boolean {
  if (hooks.on.size === 0) return false;
  if (hooks.on.has("entitlement.changed")) return true;
  return derived.effects.some((effect) =>
    happeningsAfter(effect, order).some(({ type }) => hooks.on.has(type)),
  );
}

/** What the app hears of a change: the effects that were logged for the first time, and each entitlement that differs now. */
function toldBy({ hooks }: Engine, { order, derived }: Write, row: Written): Told[] {
  const [before, after] = [snapshotOf(asItWas(order)), snapshotOf(derived)];
  const isNew = (effect: Effect) => row.logged.includes(storedName(effect));
  const happenings: Happening[] = [
    ...derived.effects.filter(isNew).flatMap((effect) => happeningsAfter(effect, order)),
    ...row.entitlements.map(
      (entitlementId): Happening => ({ type: "entitlement.changed", entitlementId, version: row.version }),
    ),
  ];
  return happenings
    .filter(({ type }) => hooks.on.has(type))
    .map((happening) => ({ happening, before, after }));
}
