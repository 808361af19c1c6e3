import type { Database } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { applied, carryOut } from "#/orders/apply.ts";
import { askedBy, type Change, nextStep, type Step, type Tied } from "#/orders/next-step.ts";
import { readKnown } from "#/orders/read.ts";
import type { Applied } from "#/orders/stored-events.ts";
import { mayHook, type Write, write } from "#/orders/write.ts";

/**
 * Changes that come at one moment share two round trips: one read and one guarded write for all of them. Nobody waits
 * while nothing is under way: the first change goes at once, and what comes meanwhile is the next batch. Two changes of one order, Stripe
 * object or event never share a batch, and are carried out in the order in which they came.
 */

/** Changes in one statement; more of them make each wait longer and hardly save anything. */
const MOST_TOGETHER = 32;
/** Batches at once: while the database works on one of them, the next is made. */
const LANES = 2;

type Waiting = {
  change: Change;
  /** What no two changes under way have in common. */
  keys: readonly string[];
  settle(applied: Promise<Applied | Tied>): void;
};

type Gathering = { lanes: number; busy: Set<string>; waiting: Waiting[] };

/** By database. Two copies of this module in one process gather by themselves, as two processes do: the statement guards both. */
const gatherings = new WeakMap<Database, Gathering>();

/** Applies a change as `applyChange` does, in one batch with others that come at the same moment. */
export function applyTogether(engine: Engine, change: Change): Promise<Applied | Tied> {
  const gathering = gatherings.get(engine.database) ?? { lanes: 0, busy: new Set(), waiting: [] };
  gatherings.set(engine.database, gathering);
  return new Promise((settle) => {
    gathering.waiting.push({ change, keys: keysOf(change), settle });
    begin(engine, gathering);
  });
}

function keysOf({ event, orderId, facts }: Change): string[] {
  return [event?.id, orderId, ...Object.keys(facts.links)].filter((key) => typeof key === "string");
}

/** Sends the next batch on its way, where there is one and a lane is free. */
function begin(engine: Engine, gathering: Gathering): void {
  if (gathering.lanes >= LANES) return;
  const batch = takeFrom(gathering);
  if (batch.length === 0) return;
  gathering.lanes++;
  engine.shared.meters.batchChanges.observe(batch.length);
  void go(engine, gathering, batch);
}

async function go(engine: Engine, gathering: Gathering, batch: readonly Waiting[]): Promise<void> {
  const settling = await applyChanges(
    engine,
    batch.map(({ change }) => change),
  );
  // What is carried out alone, a slow handler for example, keeps no lane.
  gathering.lanes--;
  for (const [n, { keys, settle }] of batch.entries()) {
    const one = settling[n];
    if (!one) continue;
    settle(one);
    void one.catch(() => {}).then(() => leave(engine, gathering, keys));
  }
  begin(engine, gathering);
}

function leave(engine: Engine, gathering: Gathering, keys: readonly string[]): void {
  for (const key of keys) gathering.busy.delete(key);
  begin(engine, gathering);
}

/** The oldest that have nothing in common with what is under way, nor with an older one that goes on waiting. */
function takeFrom(gathering: Gathering): Waiting[] {
  const { busy, waiting } = gathering;
  const passed = new Set<string>();
  const taken: Waiting[] = [];
  const left: Waiting[] = [];
  for (const one of waiting) {
    const isFree =
      taken.length < MOST_TOGETHER && one.keys.every((key) => !busy.has(key) && !passed.has(key));
    (isFree ? taken : left).push(one);
    for (const key of one.keys) (isFree ? busy : passed).add(key);
  }
  gathering.waiting = left;
  return taken;
}

/**
 * Those that only change their order are read and written together. Any other is carried out by itself, and so are
 * all where the database refuses one of them: alone they tell which it was, and why. Resolves once what goes together is
 * written; each change settles by itself.
 */
async function applyChanges(engine: Engine, changes: readonly Change[]): Promise<Promise<Applied | Tied>[]> {
  const steps = await stepsOf(engine, changes).catch(() => []);
  const together = writesOf(engine, steps);
  const isWritten = together.length > 0 && (await write(engine, together).catch(() => false));
  return changes.map((change, n) => {
    const step = steps[n];
    const shared = step?.do === "write" && together.includes(step.write);
    if (shared && isWritten) return Promise.resolve(applied(step.write.order));
    return carryOut(engine, change, shared ? undefined : step);
  });
}

async function stepsOf(engine: Engine, changes: readonly Change[]): Promise<(Step | undefined)[]> {
  const asked = changes.map(askedBy);
  const known = await readKnown(engine, asked);
  return changes.map((change, n) => {
    const [knownOfIt, askedOfIt] = [known[n], asked[n]];
    return knownOfIt && askedOfIt && nextStep(change, knownOfIt, askedOfIt);
  });
}

/**
 * One of each order, always in the same order, so that two batches don't wait for each other's. A change an app's own handler
 * hears of has a transaction of its own: a handler that throws or hangs undoes and delays no other.
 */
function writesOf(engine: Engine, steps: readonly (Step | undefined)[]): Write[] {
  const byOrder = new Map<string, Write>();
  for (const step of steps) {
    if (step?.do !== "write" || byOrder.has(step.write.order.id) || mayHook(engine, step.write)) continue;
    byOrder.set(step.write.order.id, step.write);
  }
  return [...byOrder.values()].sort((one, other) => (one.order.id < other.order.id ? -1 : 1));
}
