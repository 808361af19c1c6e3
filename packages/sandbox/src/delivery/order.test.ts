import type Stripe from "stripe";
import { afterEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
afterEach(() => shop.close());

const settle = async (sessionId: string, outcome: "fail" | "succeed") => {
  const { payment_intent } = await shop.stripe.checkout.sessions.retrieve(sessionId);
  await shop.control(`payment_intents/${payment_intent}/settle`, { outcome });
};
const paid = async () => {
  const session = await shop.session();
  await shop.confirm(session.id);
  return shop.stripe.checkout.sessions.retrieve(session.id);
};
const debit = async (outcome: "fail" | "succeed") => {
  const session = await shop.session();
  await shop.confirm(session.id, "pm_usBankAccount_success");
  await settle(session.id, outcome);
};

interface Sequence {
  name: string;
  /** What has to be there before, and is not looked at. */
  before?(): Promise<unknown>;
  happens(): Promise<unknown>;
  /** Types in the order in which Stripe's arrive. */
  types: string[];
}

const PURCHASE = [
  "charge.succeeded",
  "payment_intent.succeeded",
  "payment_intent.created",
  "checkout.session.completed",
];
const DEBIT = [
  "payment_intent.created",
  "payment_intent.processing",
  "charge.pending",
  "checkout.session.completed",
];

/** What leads to an order or away from it. Each can come in the documented order and in any other. */
const SEQUENCES: Sequence[] = [
  {
    name: "a payment by card",
    happens: async () => {
      await paid();
      await shop.advance(3);
    },
    types: [...PURCHASE, "charge.updated"],
  },
  {
    name: "a debit that the bank pays",
    happens: () => debit("succeed"),
    types: [
      ...DEBIT,
      "charge.succeeded",
      "payment_intent.succeeded",
      "checkout.session.async_payment_succeeded",
    ],
  },
  {
    name: "a debit that the bank refuses",
    happens: () => debit("fail"),
    types: [
      ...DEBIT,
      "charge.failed",
      "payment_intent.payment_failed",
      "checkout.session.async_payment_failed",
    ],
  },
  {
    name: "a subscription",
    happens: async () => shop.confirm((await shop.plan()).id),
    types: [
      "customer.created",
      "charge.succeeded",
      "payment_method.attached",
      "checkout.session.completed",
      "customer.updated",
      "customer.subscription.created",
      "payment_intent.succeeded",
      "payment_intent.created",
      "invoice.created",
      "invoice.finalized",
      "invoice.paid",
      "invoice.payment_succeeded",
    ],
  },
  {
    name: "a subscription with a trial",
    happens: async () => shop.confirm((await shop.plan({ subscription_data: { trial_period_days: 7 } })).id),
    types: [
      "customer.created",
      "payment_method.attached",
      "setup_intent.succeeded",
      "setup_intent.created",
      "checkout.session.completed",
      "customer.updated",
      "invoice.created",
      "invoice.finalized",
      "invoice.paid",
      "invoice.payment_succeeded",
      "customer.subscription.created",
    ],
  },
  {
    name: "a session that expires",
    happens: async () => shop.stripe.checkout.sessions.expire((await shop.session()).id),
    types: ["checkout.session.expired"],
  },
  {
    name: "a declined card and then a good one",
    happens: async () => {
      const session = await shop.session();
      await refusal(shop.confirm(session.id, "pm_card_visa_chargeDeclined"));
      await shop.confirm(session.id);
    },
    types: [
      "charge.failed",
      "payment_intent.created",
      "payment_intent.payment_failed",
      "charge.succeeded",
      "payment_intent.succeeded",
      "checkout.session.completed",
    ],
  },
  {
    name: "a refund",
    happens: async () => {
      const { payment_intent } = await paid();
      await shop.stripe.refunds.create({ payment_intent: String(payment_intent) });
      await shop.advance(1);
    },
    types: [...PURCHASE, "refund.created", "charge.refunded", "refund.updated", "charge.refund.updated"],
  },
  {
    name: "a subscription that is canceled for the end of its period, and then ends",
    happens: async () => {
      await shop.confirm((await shop.plan()).id);
      const [subscription] = (await shop.stripe.subscriptions.list()).data;
      await shop.stripe.subscriptions.update(subscription?.id ?? "", { cancel_at_period_end: true });
      await shop.stripe.subscriptions.cancel(subscription?.id ?? "");
    },
    types: ["checkout.session.completed", "customer.subscription.updated", "customer.subscription.deleted"],
  },
];

const MONTH = 31 * 86_400;
const subscribed = async () => shop.confirm((await shop.plan()).id);
const RENEWAL = ["customer.subscription.updated", "invoice.created", "invoice.finalized"];
SEQUENCES.push(
  {
    name: "a payment that is disputed at once",
    happens: async () => shop.confirm((await shop.session()).id, "pm_card_createDispute"),
    types: [
      "charge.succeeded",
      "charge.dispute.created",
      "charge.dispute.funds_withdrawn",
      "payment_intent.succeeded",
    ],
  },
  {
    name: "a renewal",
    before: subscribed,
    happens: async () => shop.advance(MONTH + 2 * 3600),
    types: [
      ...RENEWAL,
      "charge.succeeded",
      "payment_intent.succeeded",
      "invoice.paid",
      "invoice.payment_succeeded",
    ],
  },
);

const ids = () => shop.received.map(({ event }) => event.id);

test.each(SEQUENCES)("$name arrives in the documented order", async ({ before, happens, types }) => {
  shop = await TestShop.open();
  await before?.();
  await shop.types();
  shop.forget();
  await happens();
  const arrived = await shop.types();
  expect(arrived.filter((type) => types.includes(type))).toEqual(types);
});

test.each(SEQUENCES)("$name can arrive in any other order", async ({ before, happens, types }) => {
  shop = await TestShop.open();
  await before?.();
  await shop.types();
  shop.forget();
  await shop.control("webhooks/hold");
  await happens();
  const deliveries = await fetch(`${shop.sandbox.url}/sandbox/deliveries?state=pending`);
  const { data }: { data: { event_id: string }[] } = Object(await deliveries.json());
  const emitted = data.map(({ event_id }) => event_id).reverse();
  expect(await shop.types()).toEqual([]);
  // The last first: the one order that a receiver is least prepared for.
  await shop.control("webhooks/release", { events: emitted.toReversed() });
  expect((await shop.types()).filter((type) => types.includes(type))).toEqual(types.toReversed());
  expect(ids()).toEqual(emitted.toReversed());
});

test("a seed shuffles what was held: the same seed alike, another one differently", async () => {
  shop = await TestShop.open();
  const orderBy = async (seed: number) => {
    await shop.control("reset");
    shop.forget();
    await shop.control("webhooks/hold");
    await paid();
    await paid();
    await shop.control("webhooks/release", { seed });
    return shop.types();
  };
  const first = await orderBy(1);
  expect(first.toSorted()).toEqual([...PURCHASE, ...PURCHASE].sort());
  expect(await orderBy(1)).toEqual(first);
  expect(await orderBy(2)).not.toEqual(first);
});

test("with the reorder fault a purchase arrives in another order each time, and whole", async () => {
  shop = await TestShop.open();
  await shop.control("faults/deliveries", { fault: "reorder", seed: 3 });
  const orders = new Set<string>();
  for (let bought = 0; bought < 8; bought++) {
    shop.forget();
    await paid();
    const types = await shop.types();
    expect(types.toSorted()).toEqual(PURCHASE.toSorted());
    orders.add(types.join());
  }
  expect(orders.size).toBeGreaterThan(3);
});

test("with several under way at once, others overtake, and what belongs together waits for its turn", async () => {
  shop = await TestShop.open();
  await shop.control("webhooks/in_flight", { most: 12 });
  await shop.control("webhooks/hold");
  const customers: Stripe.Customer[] = [];
  for (let made = 0; made < 6; made++) customers.push(await shop.stripe.customers.create({}));
  for (const { id } of customers) await shop.stripe.customers.update(id, { name: "Asha" });
  const together = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  shop.answer = (_, response) => {
    if (shop.received.length === 6) together.resolve();
    void release.promise.then(() => response.end());
  };
  const started = performance.now();
  await shop.control("webhooks/release");
  await together.promise;
  // Several requests later there is still only the first of each, although there would be room for all.
  for (let asked = 0; asked < 20; asked++) await shop.stripe.events.list({ limit: 1 });
  expect(performance.now() - started).toBeLessThan(1_900);
  expect(shop.received.map(({ event }) => event.type)).toEqual(Array(6).fill("customer.created"));
  release.resolve();
  await shop.types();
  for (const { id } of customers) {
    const own = shop.received.filter(({ event }) => Object(event.data.object).id === id);
    expect(own.map(({ event }) => event.type)).toEqual(["customer.created", "customer.updated"]);
  }
});

test("a reset forgets what happened and what was planned, and leaves the endpoint and its secret", async () => {
  shop = await TestShop.open();
  const session = await paid();
  await shop.advance(86_400);
  await shop.types();
  await shop.control("faults/deliveries", { fault: "drop" });
  await shop.control("reset");
  shop.forget();
  expect((await refusal(shop.stripe.checkout.sessions.retrieve(session.id))).statusCode).toBe(404);
  expect((await shop.stripe.events.list()).data).toEqual([]);
  const { now } = Object(await (await fetch(`${shop.sandbox.url}/sandbox/clock`)).json());
  expect(Math.abs(now - Date.now() / 1000)).toBeLessThan(3_600);
  await paid();
  expect(await shop.types()).toEqual(PURCHASE);
});
