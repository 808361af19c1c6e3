import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { TestShop } from "../test-shop.ts";

const DAY_SECONDS = 86_400;

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());
beforeEach(() => shop.forget());

/** Presses a button of the dashboard: what its form sends. */
async function press(action: string, form: Record<string, string>): Promise<number> {
  const body = new URLSearchParams(form);
  const address = `${shop.sandbox.url}/dashboard/do/${action}`;
  return (await fetch(address, { method: "POST", body, redirect: "manual" })).status;
}

/** The forms on an object's page, as what they would send. */
async function formsOn(id: string): Promise<string[]> {
  const html = await (await fetch(`${shop.sandbox.url}/dashboard/objects/${id}`)).text();
  return [...html.matchAll(/action="\/dashboard\/do\/([\w-]+)"/g)].map(([, action]) => action ?? "");
}

async function chargeOf(): Promise<string> {
  const session = await shop.session();
  await shop.confirm(session.id);
  const paid = await shop.stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });
  await shop.types();
  shop.forget();
  return Object(paid.payment_intent).latest_charge;
}

test("a payment is refunded in part and whole: the API has the refunds, the endpoint is told", async () => {
  const id = await chargeOf();
  expect(await press("refund", { id, amount: "99.50" })).toBe(303);
  expect((await shop.stripe.charges.retrieve(id)).amount_refunded).toBe(9_950);
  expect(await shop.types()).toContain("charge.refunded");
  expect(shop.last("refund.created").data.object.amount).toBe(9_950);
  expect(await press("refund", { id })).toBe(303);
  expect((await shop.stripe.charges.retrieve(id)).refunded).toBe(true);
  expect((await shop.stripe.refunds.list({ charge: id })).data.map(({ amount }) => amount)).toEqual([
    39_950, 9_950,
  ]);
  expect(await press("refund", { id })).toBe(400);
  expect(await formsOn(id)).not.toContain("refund");
});

test("a part of a payment is disputed, lost, and won after all", async () => {
  const id = await chargeOf();
  expect(await press("dispute", { id, amount: "100", kind: "dispute", reason: "duplicate" })).toBe(303);
  const [dispute] = (await shop.stripe.disputes.list({ charge: id })).data;
  expect(dispute).toMatchObject({ amount: 10_000, reason: "duplicate", status: "needs_response" });
  expect(await shop.types()).toContain("charge.dispute.funds_withdrawn");
  for (const outcome of ["lost", "won"] as const) {
    shop.forget();
    expect(await formsOn(dispute?.id ?? "")).toContain("judge");
    expect(await press("judge", { id: dispute?.id ?? "", outcome })).toBe(303);
    await shop.types();
    expect(shop.last("charge.dispute.closed").data.object.status).toBe(outcome);
    expect((await shop.stripe.disputes.retrieve(dispute?.id ?? "")).status).toBe(outcome);
  }
  expect(await press("judge", { id: dispute?.id ?? "", outcome: "lost" })).toBe(400);
  expect(await formsOn(dispute?.id ?? "")).not.toContain("judge");
});

test("a bank's question takes no money until the bank does", async () => {
  const id = await chargeOf();
  await press("dispute", { id, amount: "499", kind: "inquiry", reason: "general" });
  const [dispute] = (await shop.stripe.disputes.list({ charge: id })).data;
  expect(await shop.types()).not.toContain("charge.dispute.funds_withdrawn");
  await press("judge", { id: dispute?.id ?? "", outcome: "escalate" });
  expect(await shop.types()).toContain("charge.dispute.funds_withdrawn");
  expect((await shop.stripe.disputes.retrieve(dispute?.id ?? "")).status).toBe("needs_response");
});

test("a subscription is cancelled at its period's end, not after all, and at once", async () => {
  const session = await shop.plan();
  await shop.confirm(session.id);
  const id = String((await shop.stripe.checkout.sessions.retrieve(session.id)).subscription);
  await shop.types();
  const planned = async () => (await shop.stripe.subscriptions.retrieve(id)).cancel_at_period_end;
  for (const [when, expected] of [
    ["period_end", true],
    ["never", false],
  ] as const) {
    shop.forget();
    expect(await press("cancel", { id, when })).toBe(303);
    expect(await planned()).toBe(expected);
    await shop.types();
    expect(shop.last("customer.subscription.updated").data.object.cancel_at_period_end).toBe(expected);
  }
  await press("cancel", { id, when: "now" });
  expect(await shop.types()).toContain("customer.subscription.deleted");
  expect((await shop.stripe.subscriptions.retrieve(id)).status).toBe("canceled");
  expect(await press("cancel", { id, when: "now" })).toBe(400);
  expect(await formsOn(id)).not.toContain("cancel");
});

test("a test clock is moved on, and what falls due on the way has happened", async () => {
  const start = Math.floor(Date.now() / 1000);
  const { id } = await shop.stripe.testHelpers.testClocks.create({ frozen_time: start });
  const customer = await shop.stripe.customers.create({
    test_clock: id,
    payment_method: "pm_card_visa",
    invoice_settings: { default_payment_method: "pm_card_visa" },
  });
  const product = (await shop.stripe.products.create({ name: "Plan" })).id;
  const price = { currency: "usd", product, recurring: { interval: "week" }, unit_amount: 500 } as const;
  await shop.stripe.subscriptions.create({ customer: customer.id, items: [{ price_data: price }] });
  await shop.types();
  shop.forget();
  expect(await press("test-clock", { id, seconds: String(8 * DAY_SECONDS) })).toBe(303);
  const moved = await shop.stripe.testHelpers.testClocks.retrieve(id);
  expect(moved).toMatchObject({ frozen_time: start + 8 * DAY_SECONDS, status: "ready" });
  expect(await shop.types()).toContain("invoice.created");
  expect((await shop.stripe.invoices.list({ customer: customer.id })).data).toHaveLength(2);
});
