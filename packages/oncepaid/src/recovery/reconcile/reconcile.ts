import { queryOn } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { hasNewestOrder } from "#/orders/at-stripe.ts";
import { deriveDueOrders } from "#/recovery/open-orders.ts";
import { applyPage } from "#/recovery/reconcile/apply.ts";
import { failures, failuresText } from "#/recovery/reconcile/failures.ts";
import { EVENTS_KEPT_SECONDS, type Pass, passes } from "#/recovery/reconcile/passes.ts";
import { finish, readProgress, saveUnderWay, type UnderWay } from "#/recovery/reconcile/progress.ts";
import { releaseEvents } from "#/recovery/reconcile/release.ts";
import { type Counts, changes, noCounts, type Report } from "#/recovery/reconcile/report.ts";
import { isStartGone, listPage, type Page } from "#/stripe/lists.ts";

/**
 * Compares what Stripe says with what is held here, and sets right what differs by the same functions the webhook uses. May be
 * killed at any moment and run again, on any machine: it goes on after the last page that was done.
 */

/**
 * So much is looked at again each time, for events of the same second and those that came into Stripe's list late. What is
 * here already costs nothing.
 */
const OVERLAP_SECONDS = 600;
/** A comparison that was interrupted longer ago is not continued but begun again. */
const CURSOR_KEPT_SECONDS = 24 * 60 * 60;
/** Of the advisory lock in PostgreSQL: any number, as long as every process uses the same one. */
const LOCK_ID = 7_326_483_651;
/** The sweep takes no longer, because other sweeps wait behind it; it goes on next time. */
const SWEEP_LIMIT_MS = 120_000;

export type ReconcileOptions = {
  /**
   * Unix seconds; a part of one is looked back to its beginning. Without it: what came since the last comparison, at first the 30 days
   * Stripe keeps events.
   */
  since?: number;
  /** Told after each page. */
  onPage?: (pass: Pass, counts: Counts) => void;
  /** Stops after the page during which it is aborted. */
  signal?: AbortSignal;
};

/** `busy`: another process is at it. `unfinished`: it was told to stop; the next run goes on. */
export type Reconciled =
  | { ok: true; report: Report }
  | { ok: false; code: "busy" }
  | { ok: false; code: "unfinished"; counts: Counts };

/** Throws Stripe's or the database's error; what was done until then stays done. */
export async function reconcile(engine: Engine, options: ReconcileOptions = {}): Promise<Reconciled> {
  // The lock lives as long as this transaction, so it ends with the process however that dies, and behind a pooler, too. The
  // transaction does nothing else, so it holds back neither rows nor their cleaning.
  // Should it break, the work goes on: two at once do no harm, they only ask Stripe twice.
  const connection = await engine.database.pool.connect();
  const query = queryOn(connection, engine.database);
  try {
    await query("begin");
    const { rows } = await query<{ locked: boolean }>(
      "select pg_try_advisory_xact_lock(hashtextextended($2, $1)) as locked",
      [LOCK_ID, engine.database.schema],
    );
    if (!rows[0]?.locked) return { ok: false, code: "busy" };
    return await run(engine, options);
  } finally {
    await query("rollback").catch(() => {});
    connection.release(true);
  }
}

/** The sweep: how many things it set right. Throws where others could not be, so that its report says it. */
export async function reconcileQuietly(engine: Engine): Promise<number> {
  const reconciled = await reconcile(engine, { signal: AbortSignal.timeout(SWEEP_LIMIT_MS) });
  if (!reconciled.ok) return 0;
  const { counts } = reconciled.report;
  if (failures(counts) > 0) throw new Error(failuresText(counts).join(" "));
  return changes(counts);
}

/** Where a comparison begins: at a whole second, because Stripe refuses parts of one. */
export function windowFrom(comparedUntil: number | null, since: number | undefined): number {
  if (since !== undefined) return Math.floor(since);
  return comparedUntil === null ? now() - EVENTS_KEPT_SECONDS : comparedUntil - OVERLAP_SECONDS;
}

/** Stripe has forgotten events of that time, so the objects themselves have to tell. */
export function isBeyondEvents(from: number): boolean {
  return from < now() - EVENTS_KEPT_SECONDS - OVERLAP_SECONDS;
}

async function run(engine: Engine, { since, onPage, signal }: ReconcileOptions): Promise<Reconciled> {
  const { comparedUntil, underWay } = await readProgress(engine);
  let state = goesOn(underWay, since) ? underWay : begin(windowFrom(comparedUntil, since));
  for (let pass = passOf(state); pass; pass = passOf(state)) {
    state = await doPage(engine, state, pass);
    await saveUnderWay(engine, state);
    onPage?.(pass, state.counts);
    if (signal?.aborted) return { ok: false, code: "unfinished", counts: state.counts };
  }
  await releaseEvents(engine, state.counts);
  const derived = await deriveDueOrders(engine);
  state.counts.ordersDerived = derived.changed;
  state.counts.ordersFailed = derived.failed.length;
  const asOf = state.asOf ?? state.from;
  const report: Report = {
    startedAt: state.startedAt,
    finishedAt: new Date().toISOString(),
    from: isoOf(state.from),
    until: isoOf(asOf),
    counts: state.counts,
  };
  // A look at the last hour alone says nothing about the day before it.
  const joins = state.from <= (comparedUntil ?? now() - EVENTS_KEPT_SECONDS);
  const isDone = joins && isAllApplied(state.counts) && (await isSameAccount(engine));
  await finish(engine, isDone ? asOf : comparedUntil, report);
  return { ok: true, report };
}

/**
 * An event that failed is kept, an order that can't be derived stays due, and both are tried again by themselves. An object that failed is
 * kept nowhere and may be in no list that begins later, so its time is compared again until it can be applied; what else was applied
 * costs its place in the lists, no more. Only who looked further back by hand has to do that again: the report says so.
 */
function isAllApplied({ objectsFailed }: Counts): boolean {
  return objectsFailed === 0;
}

/** What another account told says nothing about this time: it is looked at again with the right key. */
async function isSameAccount(engine: Engine): Promise<boolean> {
  const same = await hasNewestOrder(engine);
  if (!same)
    engine.log.warn({}, "Stripe doesn't have the newest order's session: this time is compared again");
  return same;
}

function goesOn(underWay: UnderWay | null, since: number | undefined): underWay is UnderWay {
  if (underWay === null || Date.now() - Date.parse(underWay.startedAt) > CURSOR_KEPT_SECONDS * 1000)
    return false;
  return since === undefined || since >= underWay.from;
}

function begin(from: number): UnderWay {
  return {
    startedAt: new Date().toISOString(),
    from,
    asOf: null,
    withObjects: isBeyondEvents(from),
    pass: 0,
    after: null,
    counts: noCounts(),
  };
}

function passOf(state: UnderWay): Pass | undefined {
  return passes(state.withObjects)[state.pass];
}

async function doPage(engine: Engine, state: UnderWay, pass: Pass): Promise<UnderWay> {
  const page = await pageAfter(engine, state, pass);
  // The list is taken from its beginning once more: what of it was done costs nothing.
  if (page === "gone") return { ...state, after: null };
  const { objects, next, asOf } = page;
  const counts = { ...state.counts };
  counts.calls++;
  counts.listed += objects.length;
  await applyPage(engine, pass, objects, asOf, counts);
  return {
    ...state,
    counts,
    // The first page's time: whatever came later, every pass began after it.
    asOf: state.asOf ?? asOf,
    withObjects: state.withObjects || counts.eventsOfOtherVersion > 0,
    pass: next === undefined ? state.pass + 1 : state.pass,
    after: next ?? null,
  };
}

async function pageAfter(engine: Engine, { from, after }: UnderWay, pass: Pass): Promise<Page | "gone"> {
  try {
    return await listPage(engine.stripe, pass.list, pass.params(from), after ?? undefined);
  } catch (error) {
    if (isStartGone(error)) return "gone";
    throw error;
  }
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
