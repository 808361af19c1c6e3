import { afterEach, beforeEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";
import { check } from "../test-wire.ts";
import { Billing, DAY } from "./test-billing.ts";

let shop: TestShop;
let billing: Billing;
beforeEach(async () => {
  shop = await TestShop.open();
  billing = await Billing.open(shop);
});
afterEach(() => shop.close());

/** A subscription for one whose card doesn't pay any more, and who then wants three. */
async function wantsThree() {
  const customer = await billing.customer();
  const subscription = await billing.subscribe(customer.id);
  await billing.settled();
  await billing.newCard(customer.id, "pm_card_chargeCustomerFail");
  await billing.types();
  const [item] = subscription.items.data;
  const changed = await shop.stripe.subscriptions.update(subscription.id, {
    items: [{ id: item?.id ?? "", quantity: 3 }],
    payment_behavior: "pending_if_incomplete",
    proration_behavior: "always_invoice",
  });
  return { changed, customer, id: subscription.id };
}

const quantityOf = async (id: string) =>
  (await shop.stripe.subscriptions.retrieve(id)).items.data[0]?.quantity;

test("a change that isn't paid for waits, and is made when its invoice is paid", async () => {
  const { changed, customer, id } = await wantsThree();
  expect(changed).toMatchObject({
    items: { data: [{ quantity: 1 }] },
    pending_update: { subscription_items: [{ quantity: 3 }] },
    status: "active",
  });
  const told = await billing.types(false);
  expect(told).toContain("invoice.payment_failed");
  expect(told).toContain("customer.subscription.updated");
  const seen = new Map<string, number>();
  for (const { event } of shop.received) check(event, event.type, seen);
  shop.forget();
  await billing.newCard(customer.id);
  await billing.types();
  await shop.stripe.invoices.pay(String(changed.latest_invoice));
  const types = await billing.types();
  expect(types.filter((type) => type.startsWith("customer.subscription"))).toEqual([
    "customer.subscription.updated",
    "customer.subscription.pending_update_applied",
  ]);
  expect(await quantityOf(id)).toBe(3);
  expect((await shop.stripe.subscriptions.retrieve(id)).pending_update).toBeNull();
});

test("a change that nobody pays for within 23 hours is dropped, with its invoice", async () => {
  const { changed, id } = await wantsThree();
  await billing.types();
  await shop.advance(DAY - 3_900);
  expect((await shop.stripe.subscriptions.retrieve(id)).pending_update).not.toBeNull();
  await shop.advance(300);
  expect(await billing.types()).toEqual([
    "invoice.voided",
    "payment_intent.canceled",
    "customer.subscription.updated",
    "customer.subscription.pending_update_expired",
  ]);
  expect((await shop.stripe.invoices.retrieve(String(changed.latest_invoice))).status).toBe("void");
  expect(await quantityOf(id)).toBe(1);
});

test("a change that is paid at once is made at once", async () => {
  const customer = await billing.customer();
  const { id, items } = await billing.subscribe(customer.id);
  const changed = await shop.stripe.subscriptions.update(id, {
    items: [{ id: items.data[0]?.id ?? "", quantity: 2 }],
    payment_behavior: "pending_if_incomplete",
    proration_behavior: "always_invoice",
  });
  expect(changed).toMatchObject({ items: { data: [{ quantity: 2 }] }, pending_update: null });
});

test("another change takes the place of one that waits", async () => {
  const { changed, id } = await wantsThree();
  const next = await shop.stripe.subscriptions.update(id, { metadata: { note: "no, thanks" } });
  expect(next).toMatchObject({ items: { data: [{ quantity: 1 }] }, pending_update: null });
  expect((await shop.stripe.invoices.retrieve(String(changed.latest_invoice))).status).toBe("void");
});

test("only what is paid for can wait, and a new subscription can't", async () => {
  const customer = await billing.customer();
  const { id } = await billing.subscribe(customer.id);
  const waiting = { payment_behavior: "pending_if_incomplete" } as const;
  const other = shop.stripe.subscriptions.update(id, { ...waiting, description: "x" });
  expect((await refusal(other)).param).toBe("description");
  expect((await refusal(billing.subscribe(customer.id, waiting))).param).toBe("payment_behavior");
});
