import { expect, test } from "vitest";
import { derive } from "#/rules/derive.ts";
import { type Facts, NO_FACTS } from "#/rules/facts.ts";
import type { Policy, Sold } from "#/rules/grants.ts";
import type { OrderContext } from "#/rules/order-context.ts";

const PAID_AT = 1_700_000_000;
const POLICY: Policy = { onRefund: "end", onPartialRefund: "keep", onDispute: "suspend", gracePeriod: 100 };

const product = (policy: Partial<Policy> = {}, kind: Sold["kind"] = "download"): Sold => ({
  productKey: "thing",
  kind,
  policy: { ...POLICY, ...policy },
});

const context = (sold: Sold | undefined, more: Partial<OrderContext> = {}): OrderContext => ({
  mode: sold?.kind === "plan" ? "subscription" : "payment",
  currentSession: "cs_1",
  closed: false,
  spot: null,
  items: [{ productKey: "thing", quantity: 2, sold }],
  plans: sold?.kind === "plan" ? { price_1: sold } : {},
  hasPlan: false,
  now: PAID_AT + 50,
  ...more,
});

const paid = (more: Partial<Facts> = {}): Facts => ({
  ...NO_FACTS,
  sessions: { cs_1: { completedAt: PAID_AT, paidAt: PAID_AT, amountTotal: 1000, currency: "usd" } },
  ...more,
});
const refunded = (amount: number) =>
  paid({ charges: { ch_1: { amount: 1000, refunded: amount, refundedAt: 5 } } });
const disputed = paid({ disputes: { du_1: { openedAt: PAID_AT + 1 } } });

test.each([
  ["everything given back ends it", {}, refunded(1000), "REFUNDED", "ended", "refunded"],
  ["unless the product says keep", { onRefund: "keep" as const }, refunded(1000), "REFUNDED", "active", null],
  ["a part given back keeps it", {}, refunded(400), "FULFILLED", "active", null],
  [
    "unless the product says end",
    { onPartialRefund: "end" as const },
    refunded(400),
    "FULFILLED",
    "ended",
    "partially_refunded",
  ],
  ["a dispute suspends it", {}, disputed, "FULFILLED", "suspended", "disputed"],
  ["unless the product says keep", { onDispute: "keep" as const }, disputed, "FULFILLED", "active", null],
])("%s", (_, policy, facts, status, state, reason) => {
  expect(derive(facts, context(product(policy)))).toMatchObject({
    status,
    grants: [{ state, reason, quantity: 2 }],
  });
});

const guide = product();
const team: Sold = {
  productKey: "team",
  kind: "plan",
  policy: { ...POLICY, onRefund: "keep" },
};
const teamAndGuide = context(team, {
  items: [
    { productKey: "team", quantity: 1, sold: team },
    { productKey: "thing", quantity: 1, sold: guide },
  ],
});
const renewed = (more: Partial<Facts>): Facts => ({
  ...paid(more),
  sessions: { cs_1: { completedAt: PAID_AT, paidAt: PAID_AT, amountTotal: 1000, invoice: "in_1" } },
  invoices: { in_1: { paymentIntent: "pi_1" }, in_2: { paymentIntent: "pi_2", amountPaid: 900 } },
});
const back = (paymentIntent: string) =>
  renewed({ charges: { ch: { amount: 900, refunded: 900, refundedAt: 5, paymentIntent } } });
const lost = (paymentIntent: string) =>
  renewed({ disputes: { du: { openedAt: PAID_AT + 1, lostAt: PAID_AT + 2, paymentIntent } } });

test.each([
  ["a renewal is given back", back("pi_2"), "FULFILLED", "active", "active"],
  ["a renewal is lost to the bank", lost("pi_2"), "REFUNDED", "ended", "active"],
  ["the first payment is given back", back("pi_1"), "REFUNDED", "active", "ended"],
  ["the first payment is lost to the bank", lost("pi_1"), "REFUNDED", "ended", "ended"],
  ["it isn't known which was given back", back("pi_unknown"), "REFUNDED", "active", "ended"],
])("of what was bought together with a plan, when %s", (_, facts, status, plan, once) => {
  const derived = derive(facts, teamAndGuide);
  expect(derived.status).toBe(status);
  expect(derived.grants.map(({ productKey, state }) => [productKey, state])).toEqual([
    ["team", plan],
    ["thing", once],
  ]);
});

const lostLater = (more: Partial<Facts["disputes"][string]> = {}): Partial<Facts> => ({
  disputes: {
    du: {
      openedAt: PAID_AT + 1,
      lostAt: PAID_AT + 2,
      amount: 1000,
      paymentIntent: "pi_3",
      charge: "ch_3",
      ...more,
    },
  },
});
const invoice = (facts: Facts, amountPaid: number): Facts => ({
  ...facts,
  invoices: { ...facts.invoices, in_3: { paymentIntent: "pi_3", amountPaid } },
});
const DAY_SECONDS = 24 * 60 * 60;

test("a renewal that was lost before anybody told of it waits for its own payment, never measured against the first", () => {
  const unheard = renewed(lostLater());
  const derived = derive(unheard, teamAndGuide);
  expect(derived).toMatchObject({
    status: "FULFILLED",
    amountLost: 1000,
    grants: [{ state: "suspended", reason: "disputed" }, { state: "suspended" }],
    recheckAt: PAID_AT + 2 + DAY_SECONDS,
  });
  expect(derive(invoice(unheard, 1000), teamAndGuide)).toMatchObject({
    status: "REFUNDED",
    grants: [{ state: "ended", reason: "dispute_lost" }, { state: "active" }],
  });
  expect(derive(invoice(unheard, 29_000), teamAndGuide)).toMatchObject({
    status: "FULFILLED",
    grants: [{ state: "active" }, { state: "active" }],
  });
});

test("after a day in which nobody told how much a payment was, all of it counts as lost", () => {
  const late = { ...teamAndGuide, now: PAID_AT + 2 + DAY_SECONDS };
  expect(derive(renewed(lostLater()), late)).toMatchObject({ status: "REFUNDED", recheckAt: null });
});

test("a payment whose charge alone is known is measured against that", () => {
  const charges = { ch_3: { amount: 29_000, refunded: 0, paymentIntent: "pi_3" } };
  expect(derive(renewed({ ...lostLater(), charges }), teamAndGuide)).toMatchObject({ status: "FULFILLED" });
});

test("two partial refunds that add up to everything end it", () => {
  const facts = paid({
    refunds: { re_1: { charge: "ch_1", amount: 400 }, re_2: { charge: "ch_1", amount: 600 } },
  });
  expect(derive(facts, context(product()))).toMatchObject({ status: "REFUNDED", amountRefunded: 1000 });
});

const lostPart = (amount: number, id = "du_1") => ({
  [id]: { charge: "ch_1", amount, openedAt: PAID_AT + 1, lostAt: PAID_AT + 2 },
});

test.each([
  ["a part lost keeps it", paid({ disputes: lostPart(190) }), "FULFILLED", "active", null, 190],
  ["all of it lost ends it", paid({ disputes: lostPart(1000) }), "REFUNDED", "ended", "dispute_lost", 1000],
  [
    "a dispute larger than the payment takes no more than was paid",
    paid({ charges: { ch_1: { amount: 1000 } }, disputes: lostPart(1200) }),
    "REFUNDED",
    "ended",
    "dispute_lost",
    1000,
  ],
  [
    "parts that are lost add up",
    paid({ disputes: { ...lostPart(400), ...lostPart(600, "du_2") } }),
    "REFUNDED",
    "ended",
    "dispute_lost",
    1000,
  ],
  [
    "what was refunded and what was lost add up",
    { ...refunded(400), disputes: lostPart(600) },
    "REFUNDED",
    "ended",
    "dispute_lost",
    600,
  ],
  [
    "and while something is left it goes on",
    { ...refunded(400), disputes: lostPart(599) },
    "FULFILLED",
    "active",
    null,
    599,
  ],
  [
    "a part that was won at last is not lost",
    paid({ disputes: { du_1: { charge: "ch_1", amount: 1000, lostAt: PAID_AT + 2, wonAt: PAID_AT + 3 } } }),
    "FULFILLED",
    "active",
    null,
    0,
  ],
])("%s", (_, facts, status, state, reason, amountLost) => {
  expect(derive(facts, context(product()))).toMatchObject({
    status,
    amountLost,
    grants: [{ state, reason }],
  });
});

test("a part that is lost ends what the product says a part ends", () => {
  const facts = paid({ disputes: lostPart(190) });
  expect(derive(facts, context(product({ onPartialRefund: "end" })))).toMatchObject({
    status: "FULFILLED",
    grants: [{ state: "ended", endsAt: PAID_AT + 2, reason: "partially_refunded" }],
  });
});

test("of an order that was paid twice, one payment refunded and lost leaves the other", () => {
  const facts = { ...refunded(1000), disputes: lostPart(1000) };
  facts.sessions.cs_2 = { completedAt: PAID_AT + 5, paidAt: PAID_AT + 5, amountTotal: 1000 };
  expect(derive(facts, context(product()))).toMatchObject({ status: "FULFILLED", amountRefunded: 1000 });
});

test.each([
  ["a part of a renewal", 300, "FULFILLED", "active"],
  ["all of a renewal", 900, "REFUNDED", "ended"],
])("%s that is lost is measured against what that renewal was", (_, amount, status, state) => {
  const facts = renewed({ disputes: { du: { amount, lostAt: PAID_AT + 2, paymentIntent: "pi_2" } } });
  facts.invoices.in_2 = { paymentIntent: "pi_2", amountPaid: 900 };
  const derived = derive(facts, teamAndGuide);
  expect([derived.status, derived.grants[0]?.state, derived.grants[1]?.state]).toEqual([
    status,
    state,
    "active",
  ]);
});

test("a refund that failed is no refund, however much Stripe's cumulative figure said before", () => {
  const facts = {
    ...refunded(1000),
    refunds: { re_1: { charge: "ch_1", amount: 600, failedAt: 9 }, re_2: { charge: "ch_1", amount: 400 } },
  };
  expect(derive(facts, context(product()))).toMatchObject({ status: "FULFILLED", amountRefunded: 400 });
});

test("of an order that was paid twice one refund gives back one payment, not the access", () => {
  const facts = refunded(1000);
  facts.sessions.cs_2 = { completedAt: PAID_AT + 5, paidAt: PAID_AT + 5, amountTotal: 1000 };
  expect(derive(facts, context(product()))).toMatchObject({ status: "FULFILLED", amountRefunded: 1000 });
});

test("money for a product that left the catalog is kept as paid, not lost and not granted", () => {
  expect(derive(paid(), context(undefined))).toMatchObject({ status: "PAID", grants: [], effects: [] });
});

test("a session of an earlier attempt that expired says nothing about the order", () => {
  const facts = { ...NO_FACTS, sessions: { cs_old: { expiredAt: PAID_AT } } };
  expect(derive(facts, context(product())).status).toBe("PENDING");
  expect(derive(facts, context(product(), { currentSession: "cs_old" })).status).toBe("CANCELED");
});

test("past due keeps a plan until the grace period is over, and says when to look again", () => {
  const pastDue = paid({
    subscriptions: {
      sub_1: { at: PAID_AT + 10, status: "past_due", items: [], prices: {}, currentPeriodStart: PAID_AT },
    },
  });
  const plan = product({}, "plan");
  expect(derive(pastDue, context(plan))).toMatchObject({
    recheckAt: PAID_AT + 100,
    grants: [{ state: "active", endsAt: PAID_AT + 100, reason: "subscription_past_due" }],
  });
  expect(derive(pastDue, context(plan, { now: PAID_AT + 100 }))).toMatchObject({
    recheckAt: null,
    grants: [{ state: "suspended", reason: "subscription_past_due" }],
  });
});

test("a plan that was changed has the grace period of what it is now, and is looked at again when that is over", () => {
  const before = { ...product({ gracePeriod: 100 }, "plan"), productKey: "thing" };
  const now = { ...product({ gracePeriod: 1000 }, "plan"), productKey: "larger" };
  const pastDue = (grace: Sold, other: Sold) =>
    derive(
      paid({
        subscriptions: {
          sub_1: {
            ...{ at: PAID_AT + 10, status: "past_due", currentPeriodStart: PAID_AT },
            items: [{ price: "price_2", quantity: 1 }],
            prices: { price_1: true, price_2: true },
          },
        },
      }),
      context(other, { plans: { price_1: other, price_2: grace }, now: PAID_AT + 500 }),
    );
  expect(pastDue(now, before)).toMatchObject({ recheckAt: PAID_AT + 1000 });
  expect(pastDue({ ...before, productKey: "smaller" }, { ...now, productKey: "thing" })).toMatchObject({
    recheckAt: null,
  });
});

test("a plan whose invoices aren't collected (pause_collection) rests where its policy says so", () => {
  const facts = paid({
    subscriptions: { sub_1: { at: 1, status: "active", items: [], prices: {}, collectionPaused: "void" } },
  });
  const plan = product({ onPausedCollection: "suspend" }, "plan");
  expect(derive(facts, context(plan)).grants).toMatchObject([
    { state: "suspended", reason: "collection_paused" },
  ]);
});

test("a plan that was changed to another one grants that one and ends the first", () => {
  const other: Sold = { ...product({}, "plan"), productKey: "bigger" };
  const plan = product({}, "plan");
  const facts = paid({
    subscriptions: {
      sub_1: {
        at: PAID_AT + 10,
        status: "active",
        items: [{ price: "price_2", quantity: 7 }],
        prices: { price_2: true },
      },
    },
  });
  const { grants } = derive(facts, context(plan, { plans: { price_1: plan, price_2: other } }));
  expect(grants).toMatchObject([
    { productKey: "bigger", quantity: 7, state: "active" },
    { productKey: "thing", state: "ended", reason: "plan_changed" },
  ]);
});
