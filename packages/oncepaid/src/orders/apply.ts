import { isLostRace, isUniqueViolation } from "#/database/errors.ts";
import type { Engine } from "#/engine.ts";
import { isNoSpot } from "#/orders/holds.ts";
import { askedBy, type Change, changesNothing, nextStep, type Step, type Tied } from "#/orders/next-step.ts";
import { type Asked, type KnownOrder, readKnown } from "#/orders/read.ts";
import { WAIT } from "#/orders/statements.ts";
import { type Applied, eventValues, type IncomingEvent, keepEvent } from "#/orders/stored-events.ts";
import { type Write, write } from "#/orders/write.ts";
import { derive } from "#/rules/derive.ts";

/**
 * The only writer of orders. A change is applied in two round trips: one read, then one guarded statement that
 * writes the order, its grants, its log, its links and the event together, or nothing at all. Changes that come at one moment go the
 * same way at once (together.ts).
 */

/** A writer that lost this many races in a row has met something other than a race. */
const MAX_TRIES = 100;
/** The index that lets a user have a plan once. */
const ONE_PLAN = "entitlement_one_plan";

/**
 * Merges facts into their order and gives or takes what follows from them. Safe to call with the same facts any
 * number of times, in any order, on any number of machines. An operator's ruling that gives a booking back is `ignored` where its place
 * can't be had any more. Throws when the database can't be written.
 */
export function applyChange(engine: Engine, change: Change): Promise<Applied | Tied> {
  return carryOut(engine, change, undefined);
}

/** The same from what was just read of the change, where that is known (`first`). */
export async function carryOut(
  engine: Engine,
  change: Change,
  first: Step | undefined,
): Promise<Applied | Tied> {
  let asked = askedBy(change);
  let step = first;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    step ??= await readStep(engine, change, asked);
    if (step.do === "read") asked = step.asked;
    else {
      const applied = await take(engine, change, step);
      if (applied) return applied;
    }
    step = undefined;
  }
  throw new Error(`Gave up after ${MAX_TRIES} lost races for ${nameOf(change)}.`);
}

async function readStep(engine: Engine, change: Change, asked: Asked): Promise<Step> {
  const [known] = await readKnown(engine, [asked]);
  if (!known) throw new Error("The read of a change always answers.");
  return nextStep(change, known, asked);
}

/** Carries a step out; null when somebody else was faster, so that it has to be read again. */
async function take(
  engine: Engine,
  { event }: Change,
  step: Exclude<Step, { do: "read" }>,
): Promise<Applied | Tied | null> {
  switch (step.do) {
    case "answer":
      return step.answer;
    case "keep":
      return keep(engine, event, step);
    case "wait":
      return event && wait(engine, event, step);
    case "write":
      return writeOne(engine, step.write);
  }
}

/** Nothing of the order is written. */
async function keep(
  engine: Engine,
  event: IncomingEvent | null,
  { outcome, reason, orderId }: Extract<Step, { do: "keep" }>,
): Promise<Applied> {
  return event ? keepEvent(engine, event, outcome, reason, orderId) : { outcome, orderId, reason };
}

async function wait(
  engine: Engine,
  event: IncomingEvent,
  { rows, reason }: { rows: object[]; reason: string },
): Promise<Applied | null> {
  try {
    await engine.database.query({ ...WAIT, values: [...eventValues(event), reason, JSON.stringify(rows)] });
  } catch (error) {
    if (isLostRace(error)) return null;
    throw error;
  }
  return { outcome: "ignored", orderId: null, reason };
}

async function writeOne(engine: Engine, one: Write): Promise<Applied | null> {
  const written = await tryToWrite(engine, one);
  if (written !== "has_plan" && written !== "full") return written;
  const { hasPlan, spot } = one.order;
  if (written === "has_plan" ? hasPlan : (spot?.full ?? true)) {
    throw new Error(`Order ${one.order.id} takes what it must not: ${written}.`);
  }
  // Paid, and not to be granted a second time, or no place is left for it: written once more, without that.
  const order =
    written === "has_plan"
      ? { ...one.order, hasPlan: true }
      : { ...one.order, spot: spot && { ...spot, full: true } };
  const without = { ...one, order, derived: derive(one.facts, order) };
  // It would be refused for good and its payment given back, which is nothing an operator means who restores access.
  if (without.derived.spot === "refused" && restoresAccess(one)) {
    return { outcome: "ignored", orderId: order.id, reason: "There is no place for it any more." };
  }
  if (changesNothing(without)) {
    return keep(engine, one.event, { do: "keep", outcome: "applied", orderId: order.id, reason: null });
  }
  return writeOne(engine, without);
}

/** Somebody has just ruled it: it isn't among the order's facts yet. */
function restoresAccess({ order, facts }: Write): boolean {
  return Object.entries(facts.rulings).some(
    ([id, { access }]) => access === "restored" && order.facts.rulings[id] === undefined,
  );
}

async function tryToWrite(engine: Engine, one: Write): Promise<Applied | "has_plan" | "full" | null> {
  try {
    return (await write(engine, [one])) ? applied(one.order) : null;
  } catch (error) {
    if (isLostRace(error)) return null;
    if (isUniqueViolation(error, ONE_PLAN)) return "has_plan";
    if (isNoSpot(error)) return "full";
    // Stripe's object already belongs to another order: applying it twice would sell one payment two times.
    if (isOfAnotherOrder(error)) return keepApart(engine, one);
    throw error;
  }
}

/** The rules by which one Stripe object stands for one order. An app's own handler may break rules of its own tables. */
const OF_ONE_ORDER = [
  "order_stripe_checkout_session_id_key",
  "order_stripe_payment_intent_id_key",
  "order_stripe_subscription_id_key",
];

function isOfAnotherOrder(error: unknown): boolean {
  return OF_ONE_ORDER.some((constraint) => isUniqueViolation(error, constraint));
}

async function keepApart(engine: Engine, { order, event }: Write): Promise<Applied> {
  const reason = `A Stripe object it names already belongs to another order than ${order.id}.`;
  if (event) return keepEvent(engine, event, "quarantined", reason);
  return { outcome: "quarantined", orderId: null, reason };
}

export function applied({ id }: KnownOrder): Applied {
  return { outcome: "applied", orderId: id, reason: null };
}

function nameOf({ orderId, facts }: Change): string {
  return orderId ? `order ${orderId}` : Object.keys(facts.links).join(", ");
}
