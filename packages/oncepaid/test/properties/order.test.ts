import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { factsOf } from "#/events/routes.ts";
import { derive } from "#/rules/derive.ts";
import { storedName } from "#/rules/effects.ts";
import { type Facts, NO_FACTS } from "#/rules/facts.ts";
import type { Sold } from "#/rules/grants.ts";
import { merge } from "#/rules/merge.ts";
import type { OrderContext } from "#/rules/order-context.ts";
import { returnedItems } from "#/rules/returned-items.ts";
import { anySession, type Happening, history } from "../histories.ts";

/**
 * Whatever Stripe tells about an order, in whatever order, however often and in whatever groups: the order, its
 * access and its effects end the same.
 */
const RUNS = 20_000;
/** Milliseconds: so many runs take seconds, and minutes where the machine does other things too. */
vi.setConfig({ testTimeout: 900_000 });

const EBOOK: Sold = {
  productKey: "ebook",
  kind: "download",
  policy: { onRefund: "end", onPartialRefund: "keep", onDispute: "suspend", gracePeriod: 0 },
};
/** Rests once a bank suspects fraud. */
const WATCHED: Sold = {
  productKey: "watched",
  kind: "download",
  policy: { ...EBOOK.policy, onEarlyFraudWarning: "suspend" },
};
const PRO: Sold = {
  productKey: "pro",
  kind: "plan",
  policy: { onRefund: "keep", onPartialRefund: "keep", onDispute: "suspend", gracePeriod: 50 },
};
const WORKSHOP: Sold = {
  productKey: "workshop",
  kind: "booking",
  policy: { ...EBOOK.policy, spotOnRefund: "release" },
};
const RETREAT: Sold = {
  productKey: "retreat",
  kind: "booking",
  policy: { ...EBOOK.policy, spotOnRefund: "keep" },
};

const context = fc.record({
  mode: fc.constantFrom("payment" as const, "subscription" as const),
  currentSession: fc.option(anySession, { nil: null }),
  items: fc.constantFrom<OrderContext["items"]>(
    [{ productKey: "ebook", quantity: 1, sold: EBOOK }],
    [{ productKey: "watched", quantity: 1, sold: WATCHED }],
    [{ productKey: "pro", quantity: 2, sold: PRO }],
    [{ productKey: "workshop", quantity: 1, sold: WORKSHOP }],
    [
      { productKey: "ebook", quantity: 1, sold: EBOOK },
      { productKey: "pro", quantity: 2, sold: PRO },
    ],
  ),
  plans: fc.constant({ price_pro: PRO }),
  closed: fc.boolean(),
  hasPlan: fc.boolean(),
  fulfilled: fc.boolean(),
  spot: fc.constantFrom("held", "booked", "released", null).map((state) => state && { state, full: false }),
  now: fc.constant(1_700_000_200),
});

/** Read once of each event: to read took two thirds of the time, and a schedule holds the same ones several times. */
const readings = new WeakMap<Happening, Facts>();

function facts(event: Happening): Facts {
  const known = readings.get(event);
  if (known) return known;
  const reading = factsOf(event.type, event.object, event.created);
  if (reading.kind !== "facts") throw new Error(reading.reason);
  readings.set(event, reading.facts);
  return reading.facts;
}

const mergeAll = (events: readonly Happening[]) => events.map(facts).reduce(merge, NO_FACTS);

test("any permutation and duplication of an order's events ends in the same order and the same effects", () => {
  const schedule = history.chain((events) =>
    fc.record({
      events: fc.constant(events),
      shuffled: fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
    }),
  );
  fc.assert(
    fc.property(schedule, context, ({ events, shuffled }, context) => {
      expect(derive(mergeAll(shuffled), context)).toEqual(derive(mergeAll(events), context));
    }),
    { numRuns: RUNS },
  );
});

test("merging is commutative, associative and idempotent, also in groups", () => {
  fc.assert(
    fc.property(history, history, history, (first, second, third) => {
      const [a, b, c] = [mergeAll(first), mergeAll(second), mergeAll(third)];
      expect(merge(a, b)).toEqual(merge(b, a));
      expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
      expect(merge(a, a)).toEqual(a);
      expect(merge(a, NO_FACTS)).toEqual(a);
    }),
    { numRuns: RUNS },
  );
});

test("an operator who ends the access has the last word, until one restores it, whatever Stripe tells before or after", () => {
  const ruling = (id: string, access: "ended" | "restored", at: number): Facts => ({
    ...NO_FACTS,
    rulings: { [id]: { productKey: "ebook", access, at } },
  });
  fc.assert(
    fc.property(history, history, context, (before, after, context) => {
      const ebook = (facts: Facts) =>
        derive(facts, context).grants.find(({ productKey }) => productKey === "ebook");
      const ended = [mergeAll(before), ruling("1", "ended", 10), mergeAll(after)].reduce(merge, NO_FACTS);
      if (ebook(ended))
        expect(ebook(ended)).toMatchObject({ state: "ended", endsAt: 10, reason: "operator" });
      const restored = [ruling("2", "restored", 11), ended].reduce(merge, NO_FACTS);
      expect(ebook(restored)).toEqual(ebook(mergeAll([...before, ...after])));
    }),
    { numRuns: RUNS },
  );
});

test("effects are never taken back: knowing more only adds to them", () => {
  fc.assert(
    fc.property(history, history, context, (before, after, context) => {
      const known = derive(mergeAll(before), context).effects.map(storedName);
      const later = derive(mergeAll([...before, ...after]), context).effects.map(storedName);
      expect(later).toEqual(expect.arrayContaining(known));
    }),
    { numRuns: RUNS },
  );
});

test("access is active only where it was paid for, and never after it ended for good", () => {
  fc.assert(
    fc.property(history, context, (events, context) => {
      const facts = mergeAll(events);
      const { status, grants, paidAt } = derive(facts, context);
      const active = grants.filter(({ state }) => state === "active");
      if (paidAt === null) expect(grants).toEqual([]);
      if (status === "PENDING" || status === "FAILED" || status === "PAID") expect(active).toEqual([]);
      if (isLostWhole(facts)) expect(active).toEqual([]);
      const plans = Object.values(facts.subscriptions);
      if (plans.length > 0 && plans.every(({ status }) => status === "canceled" || status === "unpaid")) {
        expect(active.filter(({ kind }) => kind === "plan")).toEqual([]);
      }
      if (status === "REFUNDED" && context.mode === "payment") {
        expect(active.filter(({ kind }) => kind !== "plan")).toEqual([]);
      }
    }),
    { numRuns: RUNS },
  );
});

/** A bank took all of what was bought with: it is no renewal, and more than every payment in these histories. */
function isLostWhole({ disputes, sessions }: Facts): boolean {
  const paid = Object.values(sessions).filter(({ paidAt }) => paidAt !== undefined);
  return (
    paid.length === 1 &&
    Object.values(disputes).some(
      ({ charge, amount = 0, lostAt, wonAt }) =>
        charge === "ch_1" && amount >= 1000 && lostAt !== undefined && wonAt === undefined,
    )
  );
}

test("what is left of a payment decides: parts that were refunded or lost end it exactly when they are all of it", () => {
  const part = fc.record({
    refund: fc.boolean(),
    amount: fc.integer({ min: 1, max: 600 }),
    at: fc.integer({ min: 1, max: 50 }),
  });
  const parts = fc.array(part, { maxLength: 5 });
  const shuffledParts = parts.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray([...all.entries()], { minLength: all.length })),
  );
  const paid: Facts = {
    ...NO_FACTS,
    sessions: { cs_1: { paidAt: 1, amountTotal: 1000, paymentIntent: "pi_1" } },
  };
  const told = ([n, { refund, amount, at }]: [
    number,
    { refund: boolean; amount: number; at: number },
  ]): Facts =>
    refund
      ? { ...NO_FACTS, refunds: { [`re_${n}`]: { charge: "ch_1", amount, createdAt: at } } }
      : { ...NO_FACTS, disputes: { [`du_${n}`]: { charge: "ch_1", amount, openedAt: at, lostAt: at } } };
  const own: OrderContext = {
    mode: "payment",
    currentSession: "cs_1",
    closed: false,
    items: [{ productKey: "ebook", quantity: 1, sold: EBOOK }],
    plans: {},
    hasPlan: false,
    spot: null,
    now: 100,
  };
  fc.assert(
    fc.property(shuffledParts, ([all, heard]) => {
      const derived = derive([...heard.map(told), paid].reduce(merge, NO_FACTS), own);
      const gone = all.reduce((sum, { amount }) => sum + amount, 0);
      expect(derived.status).toBe(gone >= 1000 ? "REFUNDED" : "FULFILLED");
      expect(derived.grants[0]?.state).toBe(gone >= 1000 ? "ended" : "active");
      expect(derived).toEqual(derive([paid, ...[...all.entries()].map(told)].reduce(merge, NO_FACTS), own));
    }),
    { numRuns: RUNS },
  );
});

const booking = fc.record({ context, sold: fc.constantFrom(WORKSHOP, RETREAT) });
/** Each of these derives once per event. */
const STEPWISE_RUNS = RUNS / 10;

/** What the spot has become after each piece of news was heard in turn, as its row keeps it from one to the next. */
function spotAfterAll(events: readonly Happening[], context: OrderContext) {
  let spot: OrderContext["spot"] = { state: "held", full: false };
  let heard = NO_FACTS;
  for (const event of events) {
    heard = merge(heard, facts(event));
    const derived = derive(heard, { ...context, spot });
    spot = derived.spot && { state: derived.spot, full: false };
  }
  return spot?.state;
}

test("while spots are left, any order of events leaves the order's own spot in the same state", () => {
  const schedule = history.chain((events) =>
    fc.record({
      events: fc.constant(events),
      shuffled: fc.shuffledSubarray(events, { minLength: events.length }),
    }),
  );
  fc.assert(
    fc.property(schedule, booking, ({ events, shuffled }, { context, sold }) => {
      const items = [{ productKey: sold.productKey, quantity: 1, sold }];
      const own: OrderContext = { ...context, mode: "payment", items };
      expect(spotAfterAll(shuffled, own)).toBe(spotAfterAll(events, own));
    }),
    { numRuns: STEPWISE_RUNS },
  );
});

test("a spot is booked only where it was paid for, and a refused one gives nothing and never becomes one again", () => {
  fc.assert(
    fc.property(history, booking, (events, { context, sold }) => {
      const items = [{ productKey: sold.productKey, quantity: 1, sold }];
      const facts = mergeAll(events);
      const held = derive(facts, {
        ...context,
        mode: "payment",
        items,
        spot: { state: "held", full: false },
      });
      if (held.paidAt === null) expect(held.spot).not.toBe("booked");
      if (held.spot === "released" && held.paidAt !== null) {
        expect(sold.policy.spotOnRefund).toBe("release");
        if (!returnedItems(facts).items.has(sold.productKey)) expect(held.status).toBe("REFUNDED");
        expect(held.grants.filter(({ kind, state }) => kind === "booking" && state === "active")).toEqual([]);
      }
      const refused = derive(facts, {
        ...context,
        mode: "payment",
        items,
        spot: { state: "refused", full: false },
      });
      expect([refused.spot, refused.grants]).toEqual(["refused", []]);
      expect(refused.status).not.toBe("FULFILLED");
    }),
    { numRuns: RUNS },
  );
});
