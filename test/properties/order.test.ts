import fc from "fast-check";
import { expect, test } from "vitest";
import type { Sold } from "#/fulfilment/grant.ts";
import { type Facts, merge, NO_FACTS } from "#/orders/facts.ts";
import { derive, type OrderContext } from "#/orders/order.ts";
import { factsOf, type HandledType } from "#/webhooks/events.ts";

/**
 * Whatever Stripe tells about an order, in whatever order, however often and in whatever groups: the order, its
 * access and its effects end the same.
 */
const RUNS = 20_000;
const ORDER_ID = "01890000-0000-7000-8000-000000000001";
const SESSIONS = ["cs_1", "cs_2"];
const CHARGES = ["ch_1", "ch_2"];
const AMOUNT = 1000;

type Told = { type: HandledType; object: Record<string, unknown>; created: number };

const EBOOK: Sold = {
  productKey: "ebook",
  kind: "download",
  policy: { onRefund: "end", onPartialRefund: "keep", onDispute: "suspend", gracePeriod: 0 },
};
const PRO: Sold = {
  productKey: "pro",
  kind: "plan",
  policy: { onRefund: "keep", onPartialRefund: "keep", onDispute: "suspend", gracePeriod: 50 },
};

const created = fc.integer({ min: 1_700_000_000, max: 1_700_000_100 });
const session = fc.constantFrom(...SESSIONS);

const sessionEvent = fc
  .record({
    id: session,
    created,
    type: fc.constantFrom(
      "checkout.session.completed" as const,
      "checkout.session.async_payment_succeeded" as const,
      "checkout.session.async_payment_failed" as const,
      "checkout.session.expired" as const,
    ),
    payment_status: fc.constantFrom("paid", "unpaid", "no_payment_required"),
  })
  .map(
    ({ id, created, type, payment_status }): Told => ({
      type,
      created,
      object: {
        id,
        payment_status,
        metadata: { order_id: ORDER_ID },
        amount_total: AMOUNT,
        currency: "usd",
        payment_intent: `pi_${id}`,
        customer_details: { email: `${id}@example.com` },
      },
    }),
  );

const refundedEvent = fc
  .record({ id: fc.constantFrom(...CHARGES), created, refunded: fc.constantFrom(0, 300, 700, AMOUNT) })
  .map(
    ({ id, created, refunded }): Told => ({
      type: "charge.refunded",
      created,
      object: {
        id,
        metadata: { order_id: ORDER_ID },
        amount: AMOUNT,
        amount_refunded: refunded,
        payment_intent: "pi_1",
      },
    }),
  );

const refundEvent = fc
  .record({
    id: fc.constantFrom("re_1", "re_2"),
    charge: fc.constantFrom(...CHARGES),
    created,
    status: fc.constantFrom("pending", "succeeded", "failed", "canceled"),
  })
  .map(
    ({ id, charge, created, status }): Told => ({
      type: status === "failed" ? "refund.failed" : "refund.updated",
      created,
      object: {
        id,
        charge,
        metadata: { order_id: ORDER_ID },
        amount: 700,
        created,
        status,
        payment_intent: "pi_1",
      },
    }),
  );

const disputeEvent = fc
  .record({
    id: fc.constantFrom("du_1", "du_2"),
    charge: fc.constantFrom(...CHARGES),
    created,
    status: fc.constantFrom(
      "warning_needs_response",
      "needs_response",
      "under_review",
      "won",
      "lost",
      "prevented",
    ),
    type: fc.constantFrom(
      "charge.dispute.created" as const,
      "charge.dispute.updated" as const,
      "charge.dispute.closed" as const,
      "charge.dispute.funds_withdrawn" as const,
    ),
  })
  .map(
    ({ id, charge, created, status, type }): Told => ({
      type,
      created,
      object: {
        id,
        charge,
        metadata: { order_id: ORDER_ID },
        amount: AMOUNT,
        created,
        status,
        payment_intent: "pi_1",
      },
    }),
  );

const subscriptionEvent = fc
  .record({
    id: fc.constantFrom("sub_1", "sub_1", "sub_2"),
    created,
    status: fc.constantFrom("trialing", "active", "past_due", "unpaid", "paused", "canceled"),
    quantity: fc.integer({ min: 1, max: 3 }),
    price: fc.constantFrom("price_pro", "price_other"),
    cancel_at: fc.option(fc.constant(1_700_000_500)),
  })
  .map(
    ({ id, created, status, quantity, price, cancel_at }): Told => ({
      type: status === "canceled" ? "customer.subscription.deleted" : "customer.subscription.updated",
      created,
      object: {
        id,
        status,
        metadata: { order_id: ORDER_ID },
        customer: "cus_1",
        cancel_at,
        ended_at: status === "canceled" ? created : null,
        items: {
          data: [
            {
              price: { id: price },
              quantity,
              current_period_start: created,
              current_period_end: created + 60,
            },
          ],
        },
      },
    }),
  );

const anyEvent = fc.oneof(sessionEvent, refundedEvent, refundEvent, disputeEvent, subscriptionEvent);
const history = fc.array(anyEvent, { minLength: 1, maxLength: 14 });

const context = fc.record({
  mode: fc.constantFrom("payment" as const, "subscription" as const),
  currentSession: fc.option(session, { nil: null }),
  items: fc.constantFrom<OrderContext["items"]>(
    [{ productKey: "ebook", quantity: 1, sold: EBOOK }],
    [{ productKey: "pro", quantity: 2, sold: PRO }],
    [
      { productKey: "ebook", quantity: 1, sold: EBOOK },
      { productKey: "pro", quantity: 2, sold: PRO },
    ],
  ),
  plans: fc.constant({ price_pro: PRO }),
  taken: fc.constant(false),
  now: fc.constant(1_700_000_200),
});

function facts({ type, object, created }: Told): Facts {
  const told = factsOf(type, object, created);
  if (told.kind !== "told") throw new Error(told.reason);
  return told.facts;
}

const mergeAll = (events: readonly Told[]) => events.map(facts).reduce(merge, NO_FACTS);

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

test("effects are never taken back: knowing more only adds to them", () => {
  fc.assert(
    fc.property(history, history, context, (before, after, context) => {
      const known = derive(mergeAll(before), context).effects.map(({ event }) => event);
      const later = derive(mergeAll([...before, ...after]), context).effects.map(({ event }) => event);
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
      if (
        Object.values(facts.disputes).some(({ lostAt, wonAt }) => lostAt !== undefined && wonAt === undefined)
      ) {
        expect(active).toEqual([]);
      }
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
