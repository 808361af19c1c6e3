import { readdirSync, readFileSync } from "node:fs";
import Stripe from "stripe";
import { expect, test } from "vitest";
import { z } from "zod";
import { factsOf, type HandledType, isHandled, ROUTES } from "#/events/routes.ts";
import { happeningsAfter, ownJobsAfter } from "#/outbox/follow-ups.ts";
import { toldOutside } from "#/outbox/jobs.ts";
import { derive } from "#/rules/derive.ts";
import { type Effect, type EffectName, storedName } from "#/rules/effects.ts";
import { type Facts, NO_FACTS } from "#/rules/facts.ts";
import type { Sold } from "#/rules/grants.ts";
import type { Happening } from "#/rules/happenings.ts";
import { merge } from "#/rules/merge.ts";
import type { OrderContext } from "#/rules/order-context.ts";
import type { OrderStatus } from "#/rules/status.ts";
import { ORDER_ID } from "./histories.ts";

/**
 * The way of every event that is routed, from what Stripe sends to what is done because of it. The payloads are recorded by
 * record-payloads.ts, a file for each type; what must come of each stands in its row here.
 */

type Row = {
  /** What the order is for, and whether it was paid before this is heard. */
  order: "ebook" | "paid ebook" | "paid plan";
  /** How the order is found: by the id we put on the object, or by the Stripe objects the payload names. */
  foundBy: "order id" | "links";
  says: Says;
  status: OrderStatus;
  /** Of the product that was ordered; null while nothing was granted. */
  access: "active" | "suspended" | "ended" | null;
  /** What is logged because of it, each once. */
  effects: EffectName[];
  /** The engine's own jobs, what the app is told, and what another server is told. */
  follows: (`job ${string}` | `told ${Happening["type"]}` | `webhook ${Happening["type"]}`)[];
};

/** The facts of the one object it is about; nothing where it only tells what belongs to the order. */
type Says = { [Kind in Exclude<keyof Facts, "links">]?: Partial<NonNullable<Facts[Kind]>[string]> };

const REFUNDED = {
  status: "REFUNDED",
  access: "ended",
  follows: ["told order.refunded", "webhook order.refunded"],
} satisfies Partial<Row>;
const PAID = {
  status: "FULFILLED",
  access: "active",
  effects: ["checkout.fulfilled"],
  follows: ["told order.fulfilled", "webhook order.fulfilled"],
} satisfies Partial<Row>;
const NOTHING_NEW = {
  status: "FULFILLED",
  access: "active",
  effects: [],
  follows: [],
} satisfies Partial<Row>;
const DISPUTED = {
  order: "paid ebook",
  foundBy: "links",
  says: { disputes: { amount: 1900, openedAt: 1_795_867_130 } },
  status: "FULFILLED",
  access: "suspended",
  effects: ["dispute.opened"],
  follows: ["told dispute.opened"],
} satisfies Row;

/** A type without a row doesn't compile. */
const ROWS: Record<HandledType, Row> = {
  "checkout.session.completed": {
    order: "ebook",
    foundBy: "order id",
    says: {
      sessions: { amountTotal: 1900, currency: "usd", email: "buyer@example.com", paidAt: 1_795_866_950 },
    },
    ...PAID,
  },
  "checkout.session.async_payment_succeeded": {
    order: "ebook",
    foundBy: "order id",
    says: { sessions: { completedAt: 1_795_867_010, paidAt: 1_795_867_010 } },
    ...PAID,
  },
  "checkout.session.async_payment_failed": {
    order: "ebook",
    foundBy: "order id",
    says: { sessions: { completedAt: 1_795_867_010, failedAt: 1_795_867_010 } },
    status: "FAILED",
    access: null,
    effects: ["checkout.session.async_payment_failed"],
    follows: ["told payment.failed"],
  },
  "checkout.session.expired": {
    order: "ebook",
    foundBy: "order id",
    says: { sessions: { expiredAt: 1_795_867_010 } },
    status: "CANCELED",
    access: null,
    effects: [],
    follows: [],
  },
  "charge.refunded": {
    order: "paid ebook",
    foundBy: "order id",
    says: { charges: { amount: 1900, refunded: 1900, refundedAt: 1_795_866_950 } },
    effects: ["charge.refunded"],
    ...REFUNDED,
  },
  "refund.created": {
    order: "paid ebook",
    foundBy: "links",
    says: { refunds: { amount: 1900, createdAt: 1_795_866_950 } },
    effects: ["refund.created"],
    ...REFUNDED,
  },
  "refund.updated": {
    order: "paid ebook",
    foundBy: "links",
    says: { refunds: { amount: 1900, createdAt: 1_795_866_950 } },
    effects: ["refund.created"],
    ...REFUNDED,
  },
  "refund.failed": {
    order: "paid ebook",
    foundBy: "links",
    says: { refunds: { amount: 1900, failedAt: 1_795_867_015 } },
    status: "FULFILLED",
    access: "active",
    effects: ["refund.created", "refund.failed"],
    follows: [
      "told order.refunded",
      "webhook order.refunded",
      "job resume_billing",
      "told refund.failed",
      "webhook refund.failed",
    ],
  },
  "charge.dispute.created": DISPUTED,
  "charge.dispute.funds_withdrawn": DISPUTED,
  "charge.dispute.updated": DISPUTED,
  "charge.dispute.closed": {
    ...DISPUTED,
    says: { disputes: { openedAt: 1_795_867_130, lostAt: 1_795_867_135 } },
    status: "REFUNDED",
    access: "ended",
    effects: ["dispute.lost", "dispute.opened"],
    follows: ["told dispute.lost", "told dispute.opened"],
  },
  "charge.dispute.funds_reinstated": {
    ...DISPUTED,
    says: { disputes: { openedAt: 1_795_867_070, wonAt: 1_795_867_075 } },
    access: "active",
    effects: ["dispute.opened", "dispute.won"],
    follows: ["told dispute.opened", "job resume_billing", "told dispute.won"],
  },
  "customer.subscription.created": {
    order: "paid plan",
    foundBy: "order id",
    says: { subscriptions: { status: "active", currentPeriodEnd: 1_798_459_190 } },
    ...NOTHING_NEW,
  },
  "customer.subscription.updated": {
    order: "paid plan",
    foundBy: "order id",
    says: {
      subscriptions: { status: "active", items: [{ price: "price_1XvVZcSW1OjqeRpz7IJ6eF3x", quantity: 5 }] },
    },
    ...NOTHING_NEW,
  },
  "customer.subscription.deleted": {
    order: "paid plan",
    foundBy: "order id",
    says: { subscriptions: { status: "canceled", endedAt: 1_796_904_050 } },
    status: "CANCELED",
    access: "ended",
    effects: ["subscription.canceled"],
    follows: ["told order.canceled", "webhook order.canceled"],
  },
  "customer.subscription.paused": {
    order: "paid plan",
    foundBy: "order id",
    says: { subscriptions: { status: "paused" } },
    ...NOTHING_NEW,
    access: "suspended",
  },
  "customer.subscription.resumed": {
    order: "paid plan",
    foundBy: "order id",
    says: { subscriptions: { status: "active", currentPeriodStart: 1_795_867_250 } },
    ...NOTHING_NEW,
  },
  "customer.subscription.trial_will_end": {
    order: "paid plan",
    foundBy: "order id",
    says: { subscriptions: { status: "trialing", trialStart: 1_795_867_250 } },
    ...NOTHING_NEW,
    effects: ["trial.started"],
    follows: ["job trial_card"],
  },
  "invoice.paid": {
    order: "paid plan",
    foundBy: "order id",
    says: { invoices: { paidAt: 1_795_867_190 } },
    ...NOTHING_NEW,
  },
  "invoice.payment_failed": {
    order: "paid plan",
    foundBy: "order id",
    says: { invoices: { amountDue: 8700, currency: "usd", failedAt: 1_799_586_051 } },
    ...NOTHING_NEW,
    effects: ["invoice.payment_failed"],
    follows: ["told payment.failed"],
  },
  "invoice.payment_action_required": {
    order: "paid plan",
    foundBy: "order id",
    says: { invoices: { url: "https://checkout.stripe.com/invoices/in_1LwCT67BlCyQyrXam5FGcT5r" } },
    status: "FULFILLED",
    access: "active",
    effects: ["invoice.payment_action_required"],
    follows: ["told payment.action_required"],
  },
  "radar.early_fraud_warning.created": {
    order: "paid ebook",
    foundBy: "links",
    says: { warnings: { at: 1795867130 } },
    ...NOTHING_NEW,
    effects: ["radar.early_fraud_warning"],
    follows: ["job fraud_warning", "told payment.early_fraud_warning", "webhook payment.early_fraud_warning"],
  },
  "invoice_payment.paid": {
    order: "paid plan",
    foundBy: "links",
    says: { invoices: { paymentIntent: "pi_3M9B2p4bWErQpdxypQUsi6Rr" } },
    ...NOTHING_NEW,
  },
};

const PAYLOADS = new URL("payloads/", import.meta.url);
const recorded = z.object({
  type: z.string(),
  api_version: z.string(),
  created: z.int(),
  livemode: z.literal(false),
  data: z.object({ object: z.looseObject({ object: z.string() }) }),
});

function payloadOf(type: HandledType) {
  return recorded.parse(JSON.parse(readFileSync(new URL(`${type}.json`, PAYLOADS), "utf8")));
}

const EBOOK: Sold = {
  productKey: "ebook",
  kind: "download",
  policy: { onRefund: "end", onPartialRefund: "keep", onDispute: "suspend", gracePeriod: 0 },
};
const PRO: Sold = { ...EBOOK, productKey: "pro", kind: "plan" };
const PAID_AT = 1_795_866_900;

/** What is known of the order before the payload is heard. */
const KNOWN: Record<Row["order"], Facts> = {
  ebook: NO_FACTS,
  "paid ebook": { ...NO_FACTS, sessions: { cs_before: { paidAt: PAID_AT, amountTotal: 1900 } } },
  "paid plan": { ...NO_FACTS, sessions: { cs_before: { paidAt: PAID_AT, amountTotal: 8700 } } },
};

function contextOf({ order }: Row, currentSession: string | null): OrderContext {
  const sold = order === "paid plan" ? PRO : EBOOK;
  return {
    mode: order === "paid plan" ? "subscription" : "payment",
    currentSession,
    closed: false,
    items: [{ productKey: sold.productKey, quantity: 1, sold }],
    plans: { price_1XvVZcSW1OjqeRpz7IJ6eF3x: PRO },
    hasPlan: false,
    spot: null,
    now: 1_795_867_200,
  };
}

function saidBy({ links: _, ...facts }: Facts) {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([kind, byId]) => Object.values(byId).map((said) => [kind, said])),
  );
}

function followsOf(effect: Effect): string[] {
  const happenings = happeningsAfter(effect, { id: ORDER_ID });
  const outside = happenings.filter((happening) => toldOutside(happening) !== undefined);
  return [
    ...ownJobsAfter(effect, { id: ORDER_ID }).map(({ queue }) => `job ${queue}`),
    ...happenings.map(({ type }) => `told ${type}`),
    ...outside.map(({ type }) => `webhook ${type}`),
  ];
}

const TYPES = Object.keys(ROUTES).filter(isHandled);

test("there is one recorded payload for every type that is routed, and for no other", () => {
  expect(readdirSync(PAYLOADS).sort()).toEqual(TYPES.map((type) => `${type}.json`).sort());
});

test.each(TYPES)("%s: as Stripe sends it in the version this code reads", (type) => {
  expect(payloadOf(type)).toMatchObject({ type, api_version: Stripe.API_VERSION });
});

test.each(TYPES)("%s: its facts, what the order is by them, and what follows", (type) => {
  const row = ROWS[type];
  const { created, data } = payloadOf(type);
  const reading = factsOf(type, data.object, created);
  if (reading.kind !== "facts") throw new Error(reading.reason);

  expect(reading.orderId).toBe(row.foundBy === "order id" ? ORDER_ID : null);
  expect(saidBy(reading.facts)).toMatchObject(row.says);
  expect(Object.keys(saidBy(reading.facts))).toEqual(Object.keys(row.says));
  const session = Object.keys(reading.facts.sessions)[0] ?? null;
  const context = contextOf(row, session);
  const before = derive(KNOWN[row.order], context).effects.map(storedName);
  const { status, grants, effects } = derive(merge(KNOWN[row.order], reading.facts), context);
  const happened = effects.filter((effect) => !before.includes(storedName(effect)));

  expect(status).toBe(row.status);
  expect(grants[0]?.state ?? null).toBe(row.access);
  expect(happened.map(({ name }) => name)).toEqual(row.effects);
  expect(happened.flatMap(followsOf)).toEqual(row.follows);
});
