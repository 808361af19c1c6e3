import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changePlanAtStripe, type PlanChange, previewAtStripe } from "#/stripe/change-plan.ts";
import { endAtPeriodEnd } from "#/stripe/support-subscriptions.ts";
import type { NodeChild } from "../../../../shop/embedded/node-child.ts";
import { freePortsFrom } from "../../../../shop/embedded/ports.ts";
import { startSandbox } from "../../../../shop/embedded/sandbox.ts";
import { runFolder } from "../../../../test/support/database.ts";
import { type Sandbox, sandboxAt } from "../../../../test/support/sandbox.ts";

/** What a change of a plan makes of the subscription at Stripe, also in the periods after it. */
const DAY_SECONDS = 24 * 60 * 60;

let child: NodeChild;
let sandbox: Sandbox;
let stripe: Stripe;
let month: string;
let year: string;
beforeAll(async () => {
  const dir = join(runFolder(), `change-plan-${process.pid}`);
  mkdirSync(dir, { recursive: true });
  child = await startSandbox({ dir, nextPort: freePortsFrom(37_000), onSpawn: () => undefined });
  sandbox = sandboxAt(child.url);
  stripe = sandbox.stripe;
  const product = (await stripe.products.create({ name: "Pro" })).id;
  const priceOf = async (unit_amount: number, interval: "month" | "year") =>
    (await stripe.prices.create({ currency: "usd", product, unit_amount, recurring: { interval } })).id;
  [month, year] = [await priceOf(2_900, "month"), await priceOf(29_000, "year")];
});
afterAll(() => child?.stop());

/** Its changes are numbered: each is an action of its own. */
let actions = 0;
async function subscribe(more: Partial<Stripe.SubscriptionCreateParams> = {}) {
  const customer = (await stripe.customers.create({ email: "max@example.com" })).id;
  const card = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  const { id } = await stripe.subscriptions.create({
    customer,
    default_payment_method: card.id,
    items: [{ price: month, quantity: 1 }],
    ...more,
  });
  const laterTo = (price: string, quantity = 1, from = month): PlanChange => ({
    subscription: id,
    from,
    price,
    quantity,
    when: "period_end",
  });
  const change = (wish: PlanChange) => changePlanAtStripe(stripe, wish, `action-${++actions}`);
  const now = () => stripe.subscriptions.retrieve(id);
  const items = async () =>
    (await now()).items.data.map(({ price, quantity }) => ({ price: price.id, quantity }));
  /** Until what is paid for is over. */
  const pass = async () => {
    const end = (await now()).items.data[0]?.current_period_end ?? 0;
    const clock: { now: number } = Object(await sandbox.control("GET", "clock"));
    await sandbox.control("POST", "clock/advance", { seconds: end - clock.now + DAY_SECONDS });
  };
  return { id, laterTo, change, now, items, pass };
}

test("in the period after one change for later the next can be planned: nothing changes before its day", async () => {
  const { id, laterTo, change, now, items, pass } = await subscribe();
  expect(await change(laterTo(year))).toMatchObject({ ok: true });
  await pass();
  expect(await items()).toEqual([{ price: year, quantity: 1 }]);
  const more = laterTo(year, 3, year);
  expect(await previewAtStripe(stripe, { ...more, when: "now" })).toMatchObject({ ok: true });
  expect(await previewAtStripe(stripe, more)).toMatchObject({ ok: true, bill: { amount: 3 * 29_000 } });
  expect(await change(more)).toMatchObject({ ok: true });
  expect(await items()).toEqual([{ price: year, quantity: 1 }]);
  // A shorter interval too, which replaces what was planned.
  expect(await change(laterTo(month, 2, year))).toMatchObject({ ok: true });
  expect(await items()).toEqual([{ price: year, quantity: 1 }]);
  await pass();
  expect(await items()).toEqual([{ price: month, quantity: 2 }]);
  await pass();
  expect(await now()).toMatchObject({ id, schedule: null, status: "active" });
});

test("a change that was planned and has come isn't planned again by a job that runs late", async () => {
  const { laterTo, now, pass } = await subscribe();
  const planned = await changePlanAtStripe(stripe, laterTo(month, 4), "late");
  await pass();
  expect(await changePlanAtStripe(stripe, laterTo(month, 4), "late")).toEqual(planned);
  await pass();
  expect((await now()).schedule).toBeNull();
});

test("a change for later takes nothing from the subscription: its code, its tax rates, its trial", async () => {
  const { coupons, taxRates } = stripe;
  const half = await coupons.create({ duration: "forever", percent_off: 50 });
  const few = await coupons.create({ duration: "repeating", duration_in_months: 3, percent_off: 10 });
  const vat = await taxRates.create({ display_name: "VAT", inclusive: false, percentage: 20 });
  const gst = await taxRates.create({ display_name: "GST", inclusive: true, percentage: 5 });
  const own = { discounts: [{ coupon: few.id }], tax_rates: [gst.id], metadata: { seats: "of one team" } };
  const { id, laterTo, change, now, pass } = await subscribe({
    discounts: [{ coupon: half.id }],
    default_tax_rates: [vat.id],
    items: [{ price: month, ...own }],
    description: "Of the whole team",
    metadata: { order_id: "order" },
  });
  const before = await now();
  const kept = (subscription: Stripe.Subscription) => ({
    discounts: subscription.discounts,
    rates: subscription.default_tax_rates?.map((rate) => rate.id),
    description: subscription.description,
    metadata: subscription.metadata,
    card: subscription.default_payment_method,
    items: subscription.items.data.map(({ discounts, tax_rates, metadata }) => ({
      discounts,
      rates: tax_rates?.map((rate) => rate.id),
      metadata,
    })),
  });
  expect(before.discounts).toHaveLength(1);
  expect(await change(laterTo(month, 3))).toMatchObject({ ok: true });
  expect(kept(await now())).toEqual(kept(before));
  // The buyer pays with another card meanwhile.
  const card = await stripe.paymentMethods.attach("pm_card_mastercard", {
    customer: String(before.customer),
  });
  await stripe.subscriptions.update(id, { default_payment_method: card.id });
  await pass();
  expect(kept(await now())).toEqual({ ...kept(before), card: card.id });
  expect((await now()).items.data).toMatchObject([{ quantity: 3 }]);
});

test("a change for the end of a trial leaves the trial as it is", async () => {
  const { laterTo, change, now } = await subscribe({ trial_period_days: 14 });
  const { trial_end } = await now();
  expect(await change(laterTo(year))).toMatchObject({ ok: true });
  const { schedule } = await stripe.subscriptions.retrieve((await now()).id, { expand: ["schedule"] });
  const phases = typeof schedule === "object" ? schedule?.phases : [];
  expect(phases?.map((phase) => phase.trial_end)).toEqual([trial_end, null]);
  expect(await now()).toMatchObject({ status: "trialing", trial_end });
});

test("a plan that is to change can be canceled for the end of its period: the change is off", async () => {
  const { id, laterTo, change, now } = await subscribe();
  expect(await change(laterTo(year))).toMatchObject({ ok: true });
  const end = () => endAtPeriodEnd(stripe, id, "support:ends");
  expect(await end()).toEqual({ ok: true, id });
  expect(await now()).toMatchObject({ cancel_at_period_end: true, schedule: null });
  expect(await end()).toEqual({ ok: true, id });
});

test("a schedule that a refused change has left behind is in nobody's way", async () => {
  const { id, laterTo, change, now } = await subscribe();
  const product = (await stripe.products.create({ name: "Old" })).id;
  const recurring = { interval: "month" as const };
  const old = await stripe.prices.create({ currency: "usd", product, unit_amount: 900, recurring });
  await stripe.prices.update(old.id, { active: false });
  expect(await change(laterTo(old.id))).toMatchObject({ ok: false, refused: true });
  expect((await now()).schedule).not.toBeNull();
  expect(await previewAtStripe(stripe, laterTo(year))).toMatchObject({ ok: true });
  expect(await endAtPeriodEnd(stripe, id, "support:ends-after-refusal")).toMatchObject({ ok: true });
  expect(await now()).toMatchObject({ cancel_at_period_end: true, schedule: null });
});

test("what somebody has planned at Stripe isn't undone here: a change and a cancellation are refused", async () => {
  const { id, change, laterTo, now } = await subscribe();
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: id });
  await stripe.subscriptionSchedules.update(schedule.id, { end_behavior: "cancel" });
  expect(await change(laterTo(year))).toMatchObject({ ok: false, refused: true });
  const refused = await endAtPeriodEnd(stripe, id, "support:not-ours");
  expect(refused).toMatchObject({ ok: false, refused: true });
  expect("reason" in refused && refused.reason).toContain("managed by the subscription schedule");
  expect(await now()).toMatchObject({ cancel_at: null, schedule: schedule.id });
});

test("a change for later that comes late doesn't undo a cancellation", async () => {
  const { id, laterTo, change, now } = await subscribe();
  await stripe.subscriptions.update(id, { cancel_at_period_end: true });
  const ends = {
    ok: false,
    refused: true,
    reason: "The plan ends with its period, so nothing comes after it.",
  };
  expect(await change(laterTo(year))).toEqual(ends);
  const { cancel_at } = await now();
  expect(cancel_at).not.toBeNull();
  // On a day that was named, too.
  await stripe.subscriptions.update(id, { cancel_at: (cancel_at ?? 0) - DAY_SECONDS });
  expect(await change(laterTo(year))).toEqual(ends);
  expect(await now()).toMatchObject({ cancel_at: (cancel_at ?? 0) - DAY_SECONDS, schedule: null });
});

test("a change for now that Stripe refuses leaves what was planned", async () => {
  const { laterTo, change, now, items } = await subscribe();
  expect(await change(laterTo(year))).toMatchObject({ ok: true });
  const { schedule } = await now();
  const product = (await stripe.products.create({ name: "Older" })).id;
  const recurring = { interval: "month" as const };
  const old = await stripe.prices.create({ currency: "usd", product, unit_amount: 900, recurring });
  await stripe.prices.update(old.id, { active: false });
  const refused = await change({ ...laterTo(old.id), when: "now" });
  expect(refused).toMatchObject({ ok: false, refused: true });
  expect(await now()).toMatchObject({ schedule });
  expect(await change({ ...laterTo(month, 5), when: "now" })).toMatchObject({ ok: true });
  expect((await now()).schedule).toBeNull();
  expect(await items()).toEqual([{ price: month, quantity: 5 }]);
});
