import { expect, test } from "vitest";
import { derive } from "./derive.ts";
import { type Facts, NO_FACTS, type SubscriptionFact } from "./facts.ts";
import type { GrantReason, Sold } from "./grants.ts";
import type { NeverGranted, WhyNot } from "./not-granted.ts";
import type { OrderContext } from "./order-context.ts";

const AT = 1_700_000_000;
const POLICY = {
  onRefund: "end",
  onPartialRefund: "end",
  onDispute: "suspend",
  gracePeriod: 100,
} as const;
const EBOOK: Sold = { productKey: "ebook", kind: "download", policy: POLICY };
const PRO: Sold = { productKey: "pro", kind: "plan", policy: POLICY };
const WORKSHOP: Sold = { productKey: "workshop", kind: "booking", policy: POLICY };

type Case = { facts?: Partial<Facts>; paid?: boolean; sold?: Sold[]; context?: Partial<OrderContext> };

const item = (sold: Sold) => ({ productKey: sold.productKey, quantity: 1, sold });
const session = (more: Facts["sessions"][string]): Partial<Facts> => ({ sessions: { cs_1: more } });
const refund = (refunded: number): Partial<Facts> => ({
  charges: { ch_1: { amount: 1000, refunded, refundedAt: AT + 1 } },
});
const subscription = (status: string, more: Partial<SubscriptionFact> = {}): Case => ({
  sold: [PRO],
  facts: {
    subscriptions: {
      sub_1: {
        at: AT,
        status,
        items: [{ price: "price_pro", quantity: 1 }],
        prices: { price_pro: true },
        currentPeriodStart: AT,
        ...more,
      },
    },
  },
});

function of({ facts, paid = true, sold = [EBOOK], context }: Case) {
  const payment = { completedAt: AT, paidAt: AT, amountTotal: 1000, currency: "usd" };
  return derive(
    { ...NO_FACTS, ...(paid && { sessions: { cs_1: payment } }), ...facts },
    {
      mode: sold.includes(PRO) ? "subscription" : "payment",
      currentSession: "cs_1",
      closed: false,
      items: sold.map(item),
      plans: { price_pro: PRO },
      hasPlan: false,
      spot: null,
      now: AT + 500,
      ...context,
    },
  );
}

const refused: Partial<OrderContext> = { spot: { state: "refused", full: false } };

/** One case for each reason there is; a reason without one doesn't compile. */
const NEVER: Record<NeverGranted, Case> = {
  not_paid: { paid: false },
  payment_failed: { paid: false, facts: session({ failedAt: AT }) },
  payment_expired: { paid: false, facts: session({ expiredAt: AT }) },
  given_back: { paid: false, facts: refund(1000) },
  not_in_catalog: { context: { items: [{ productKey: "ebook", quantity: 1, sold: undefined }] } },
  has_plan_already: { sold: [PRO], context: { hasPlan: true } },
  no_spot_left: { sold: [WORKSHOP], context: refused },
  other_item: { sold: [EBOOK, WORKSHOP], context: refused },
};
const GRANTED: Record<Exclude<GrantReason, "cancels_at_period_end">, Case> = {
  operator: { facts: { rulings: { r: { productKey: "ebook", access: "ended", at: AT } } } },
  buyer: {
    facts: { rulings: { r: { productKey: "ebook", access: "ended", at: AT, because: "buyer" } } },
  },
  refunded: { facts: refund(1000) },
  partially_refunded: { facts: refund(400) },
  dispute_lost: { facts: { disputes: { du: { openedAt: AT, lostAt: AT } } } },
  disputed: { facts: { disputes: { du: { openedAt: AT } } } },
  plan_changed: subscription("active", {
    items: [{ price: "price_big", quantity: 1 }],
    prices: { price_pro: true, price_big: true },
  }),
  subscription_canceled: subscription("canceled"),
  subscription_unpaid: subscription("unpaid"),
  subscription_past_due: subscription("past_due"),
  subscription_paused: subscription("paused"),
  subscription_no_seats: subscription("active", { items: [{ price: "price_pro", quantity: 0 }] }),
  subscription_incomplete: subscription("incomplete"),
  collection_paused: {
    ...subscription("active", { collectionPaused: "void", items: [] }),
    sold: [{ ...PRO, policy: { ...PRO.policy, onPausedCollection: "suspend" } }],
  },
  fraud_warning: {
    facts: { warnings: { issfr_1: { at: 1, charge: "ch_1" } } },
    sold: [{ ...EBOOK, policy: { ...EBOOK.policy, onEarlyFraudWarning: "suspend" } }],
  },
};
const BIG: Sold = { ...PRO, productKey: "big" };

test.each(Object.entries<Case>({ ...NEVER, ...GRANTED }))("why something isn't granted: %s", (why, given) => {
  const context: Partial<OrderContext> =
    why === "plan_changed" ? { plans: { price_pro: PRO, price_big: BIG } } : (given.context ?? {});
  const { notGranted, grants } = of({ ...given, context });
  const [productKey] = (given.sold ?? [EBOOK]).map((sold) => sold.productKey);
  expect(notGranted).toContainEqual({ productKey, why });
  const active = grants.filter(({ state }) => state === "active").map((grant) => grant.productKey);
  expect(notGranted.filter((product) => active.includes(product.productKey))).toEqual([]);
});

test.each<[string, Case]>([
  ["paid", {}],
  ["a plan that is to end with its period", subscription("active", { cancelAt: AT + 900 })],
  ["a plan within its grace period", { ...subscription("past_due"), context: { now: AT + 50 } }],
])("of what is in use nothing is said: %s", (_, given) => {
  expect(of(given)).toMatchObject({ notGranted: [], grants: [{ state: "active" }] });
});

test.each<[string, Case, Record<string, WhyNot>]>([
  [
    "a booking without a spot keeps back what was bought with it",
    { sold: [EBOOK, WORKSHOP], context: refused },
    { ebook: "other_item", workshop: "no_spot_left" },
  ],
  [
    "a plan they have keeps back what was bought with it",
    { sold: [EBOOK, PRO], context: { hasPlan: true } },
    { ebook: "other_item", pro: "has_plan_already" },
  ],
  [
    "a product without a catalog entry keeps back the other one",
    { context: { items: [item(EBOOK), { productKey: "gone", quantity: 1, sold: undefined }] } },
    { ebook: "other_item", gone: "not_in_catalog" },
  ],
])("an order is granted whole or not at all: %s", (_, given, why) => {
  const { notGranted } = of(given);
  expect(Object.fromEntries(notGranted.map((product) => [product.productKey, product.why]))).toEqual(why);
});
