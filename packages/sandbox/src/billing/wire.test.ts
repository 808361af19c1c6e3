import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";
import { check, checkLists } from "../test-wire.ts";
import { Billing, DAY } from "./test-billing.ts";

let shop: TestShop;
let billing: Billing;
const events: Stripe.Event[] = [];
const answers: unknown[] = [];

beforeAll(async () => {
  shop = await TestShop.open();
  billing = await Billing.open(shop);
});
afterAll(() => shop.close());

async function keep<T>(answer: Promise<T>): Promise<T> {
  const value = await answer;
  // As it traveled: the SDK's own objects for decimals are strings again.
  answers.push(JSON.parse(JSON.stringify(value)));
  return value;
}

async function forget(): Promise<void> {
  await shop.types();
  events.push(...shop.received.map(({ event }) => event));
  shop.forget();
}

test("every object of billing, in answers and in events, has all fields that the SDK requires", async () => {
  await everythingThatHappens();
  const seen = new Map<string, number>();
  for (const event of events) check(event, event.type, seen);
  for (const [index, answer] of answers.entries()) check(answer, `answer ${index}`, seen);
  await checkLists(shop.stripe, seen);
  for (const kind of [
    "billing_portal.configuration",
    "billing_portal.session",
    "discount",
    "invoice",
    "invoice_payment",
    "invoiceitem",
    "line_item",
    "subscription",
    "subscription_item",
    "test_helpers.test_clock",
  ]) {
    expect(seen.get(kind), kind).toBeGreaterThan(0);
  }
  const types = new Set(events.map(({ type }) => type));
  for (const type of TYPES) expect(types, type).toContain(type);
});

const TYPES = [
  "billing_portal.configuration.created",
  "billing_portal.session.created",
  "customer.discount.created",
  "customer.subscription.created",
  "customer.subscription.deleted",
  "customer.subscription.paused",
  "customer.subscription.resumed",
  "customer.subscription.trial_will_end",
  "customer.subscription.updated",
  "invoice.created",
  "invoice.finalized",
  "invoice.marked_uncollectible",
  "invoice.overdue",
  "invoice.paid",
  "invoice.payment_action_required",
  "invoice.payment_failed",
  "invoice.payment_succeeded",
  "invoice.sent",
  "invoice.upcoming",
  "invoice.updated",
  "invoice.voided",
  "invoice_payment.paid",
  "invoiceitem.created",
  "invoiceitem.deleted",
  "test_helpers.test_clock.advancing",
  "test_helpers.test_clock.created",
  "test_helpers.test_clock.deleted",
  "test_helpers.test_clock.ready",
] as const;

async function everythingThatHappens(): Promise<void> {
  const { stripe } = shop;
  const customer = await billing.customer();
  const coupon = await stripe.coupons.create({ amount_off: 300, currency: "usd", duration: "forever" });
  const first = await keep(
    billing.subscribe(customer.id, {
      discounts: [{ coupon: coupon.id }],
      expand: ["latest_invoice.payments"],
    }),
  );
  const item = first.items.data[0]?.id ?? "";
  await keep(
    stripe.invoices.createPreview({
      subscription: first.id,
      subscription_details: { items: [{ id: item, quantity: 4 }] },
    }),
  );
  await keep(stripe.subscriptions.update(first.id, { items: [{ id: item, quantity: 2 }] }));
  await keep(stripe.subscriptionItems.retrieve(item));
  await keep(stripe.subscriptions.pause(first.id));
  await keep(stripe.subscriptions.resume(first.id));
  await keep(stripe.subscriptions.deleteDiscount(first.id));
  await keep(billing.subscribe(customer.id, { trial_period_days: 9 }));
  await keep(
    stripe.billingPortal.configurations.create({ features: { invoice_history: { enabled: true } } }),
  );
  await keep(
    stripe.billingPortal.sessions.create({
      customer: customer.id,
      flow_data: { subscription_cancel: { subscription: first.id }, type: "subscription_cancel" },
    }),
  );
  const sent = await keep(
    stripe.invoices.create({ collection_method: "send_invoice", customer: customer.id, days_until_due: 2 }),
  );
  await keep(stripe.invoices.addLines(sent.id, { lines: [{ amount: 4_000 }] }));
  await keep(stripe.invoices.sendInvoice(sent.id));
  const pending = await keep(
    stripe.invoiceItems.create({ amount: 90, currency: "usd", customer: customer.id }),
  );
  await stripe.invoiceItems.del(pending.id);
  await forget();
  await shop.advance(40 * DAY);
  await forget();
  await keep(stripe.invoices.markUncollectible(sent.id));
  await keep(stripe.invoices.voidInvoice(sent.id));
  await keep(stripe.subscriptions.cancel(first.id));
  await forget();
  const declining = await billing.customer("pm_card_chargeCustomerFail");
  await keep(billing.subscribe(declining.id));
  await billing.newCard(declining.id, "pm_card_authenticationRequired");
  const { id } = await stripe.invoices.create({ customer: declining.id });
  await stripe.invoices.addLines(id, { lines: [{ amount: 900 }] });
  await refusal(stripe.invoices.pay(id));
  const clock = await keep(
    stripe.testHelpers.testClocks.create({ frozen_time: 1_800_000_000, name: "A year" }),
  );
  await keep(stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: 1_800_003_600 }));
  await shop.advance(0);
  await stripe.testHelpers.testClocks.del(clock.id);
  await forget();
}
