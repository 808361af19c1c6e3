import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestShop } from "../test-shop.ts";
import { DAY } from "./test-billing.ts";

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop.close());

const RENEWAL = [
  "customer.subscription.updated",
  "invoice.created",
  "invoice.finalized",
  "charge.succeeded",
  "payment_intent.succeeded",
  "payment_intent.created",
  "invoice.paid",
  "invoice.payment_succeeded",
  "invoice_payment.paid",
];

async function bought(extra: Parameters<TestShop["plan"]>[0] = {}, card?: string) {
  const session = await shop.plan(extra);
  await shop.confirm(session.id, card);
  const { subscription } = await shop.stripe.checkout.sessions.retrieve(session.id);
  await shop.advance(5);
  await shop.types();
  shop.forget();
  return shop.stripe.subscriptions.retrieve(String(subscription));
}

test("what was bought on the page renews with the card that bought it", async () => {
  const { id } = await bought();
  await shop.advance(32 * DAY);
  expect(await shop.types()).toEqual(["invoice.upcoming", ...RENEWAL]);
  const invoices = await shop.stripe.invoices.list({ subscription: id });
  expect(
    invoices.data.map(({ amount_paid, billing_reason, number }) => [
      amount_paid,
      billing_reason,
      number?.slice(-4),
    ]),
  ).toEqual([
    [299_700, "subscription_cycle", "0002"],
    [299_700, "subscription_create", "0001"],
  ]);
});

test("a trial from the page is announced, ends and is charged", async () => {
  const { id } = await bought({ subscription_data: { trial_period_days: 10 } });
  await shop.advance(11 * DAY);
  expect(await shop.types()).toEqual([
    "invoice.upcoming",
    "customer.subscription.trial_will_end",
    ...RENEWAL,
  ]);
  expect((await shop.stripe.subscriptions.retrieve(id)).status).toBe("active");
});

test("a card that saves and then declines loses the subscription after the last try", async () => {
  const { id } = await bought({ subscription_data: { trial_period_days: 10 } }, "pm_card_chargeCustomerFail");
  await shop.advance(10 * DAY + 4_000);
  expect((await shop.stripe.subscriptions.retrieve(id)).status).toBe("past_due");
  await shop.advance(16 * DAY);
  expect((await shop.types()).filter((type) => type === "invoice.payment_failed")).toHaveLength(4);
  expect(await shop.stripe.subscriptions.retrieve(id)).toMatchObject({
    cancellation_details: { reason: "payment_failed" },
    status: "canceled",
  });
});

test("what was planned survives a restart", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "sandbox-billing-"));
  const first = await TestShop.open({ dataDir });
  const session = await first.plan();
  await first.confirm(session.id);
  await first.close();
  const second = await TestShop.open({ dataDir });
  await second.advance(32 * DAY);
  expect((await second.stripe.invoices.list()).data.map(({ status }) => status)).toEqual(["paid", "paid"]);
  await second.close();
  await rm(dataDir, { recursive: true });
});
