import type { Engine } from "#/engine.ts";
import { applied, carryOut } from "#/orders/apply.ts";
import { gathered } from "#/orders/gather.ts";
import { askedBy, type Change, nextStep, type Step, type Tied } from "#/orders/next-step.ts";
import { readKnown } from "#/orders/read.ts";
import type { Applied } from "#/orders/stored-events.ts";
import { mayHook, type Write, write } from "#/orders/write.ts";

/**
 * Changes that come at one moment share two round trips: one read and one guarded write for all of them. Two changes of one order,
 * Stripe object or event never share a batch, and are carried out in the order in which they came (gather.ts).
 */

/** Applies a change as `applyChange` does, in one batch with others that come at the same moment. */
export const applyTogether = gathered<Change, Applied | Tied>({
  keysOf: ({ event, orderId, facts }) =>
    [event?.id, orderId, ...Object.keys(facts.links)].filter((key) => typeof key === "string"),
  carryOut: applyChanges,
});

/**
 * Those that only change their order are read and written together. Any other is carried out by itself, and so are
 * all where the database refuses one of them: alone they tell which it was, and why. Resolves once what goes together is
 * written; each change settles by itself.
 */
async function applyChanges(engine: Engine, changes: readonly Change[]): Promise<Promise<Applied | Tied>[]> {
  engine.shared.meters.batchChanges.observe(changes.length);
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
