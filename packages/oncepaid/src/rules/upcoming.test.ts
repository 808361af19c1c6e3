import { expect, test } from "vitest";
import type { SubscriptionFact } from "#/rules/facts.ts";
import { upcoming } from "#/rules/upcoming.ts";

const ENDS = 1_798_459_190;
const active: SubscriptionFact = {
  at: 1,
  status: "active",
  items: [{ price: "price_team", quantity: 3 }],
  prices: { price_team: true },
  currentPeriodEnd: ENDS,
};
type Line = { stripePrice: string | null; quantity: number; unitAmount: number | null };
const team: Line = { stripePrice: "price_team", quantity: 3, unitAmount: 2900 };
const guide: Line = { stripePrice: "price_guide", quantity: 1, unitAmount: 1900 };

const next = (state: Partial<SubscriptionFact>, amountTotal: number, lines = [team]) =>
  upcoming({ subscriptions: { sub_1: { ...active, ...state } } }, { lines, amountTotal });

test.each([
  ["a plan renews at the period's end, for its seats", {}, 8700, [team], "renewal", 8700],
  ["without what was bought beside it", {}, 10_600, [team, guide], "renewal", 8700],
  ["a discount or taxes in what was paid leave the amount open", {}, 8000, [team], "renewal", null],
  ["so does a discount that goes on", { discounted: true as const }, 8700, [team], "renewal", null],
  [
    "and another number of seats",
    { items: [{ price: "price_team", quantity: 4 }] },
    8700,
    [team],
    "renewal",
    null,
  ],
  ["and another plan", { items: [{ price: "price_firm", quantity: 3 }] }, 8700, [team], "renewal", null],
  ["a trial is followed by a first charge", { status: "trialing" }, 0, [team], "first_charge", 8700],
  [
    "of which taxes leave the amount open",
    { status: "trialing", taxed: true as const },
    0,
    [team],
    "first_charge",
    null,
  ],
  ["as a discount does", { status: "trialing", discounted: true as const }, 0, [team], "first_charge", null],
  ["a plan that is to end isn't charged any more", { cancelAt: ENDS }, 8700, [team], "end", null],
  ["nor one whose trial is to end", { status: "trialing", cancelAt: ENDS }, 0, [team], "end", null],
  [
    "one that is to end says so though nothing is collected",
    { cancelAt: ENDS, collectionPaused: "void" },
    8700,
    [team],
    "end",
    null,
  ],
])("%s", (_, state, amountTotal, lines, what, amount) => {
  expect(next(state, amountTotal, lines)).toEqual({ what, at: ENDS, amount });
});

test.each([
  ["it has ended", { status: "canceled", endedAt: 5 }],
  ["its renewal couldn't be charged", { status: "past_due" }],
  ["it is paused", { status: "paused" }],
  ["nothing is collected for it", { collectionPaused: "void" }],
])("nothing is said while %s", (_, state) => {
  expect(next(state, 8700)).toBeNull();
});

test("nothing is said while nothing is known of the subscription, or not how long its period is", () => {
  const bought = { lines: [team], amountTotal: 8700 };
  expect(upcoming({ subscriptions: {} }, bought)).toBeNull();
  const { currentPeriodEnd: _, ...begun } = active;
  expect(upcoming({ subscriptions: { sub_1: begun } }, bought)).toBeNull();
});

test("an amount that Stripe never told stays open", () => {
  expect(next({}, 8700, [{ ...team, unitAmount: null }])).toMatchObject({ amount: null });
});
