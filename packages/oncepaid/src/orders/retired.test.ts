import { afterAll, beforeAll, expect, test } from "vitest";
import { MIGRATIONS } from "#/database/migrations.ts";
import { createOncepaid, engineIn } from "#/oncepaid.ts";
import {
  chargeRefunded,
  completed,
  disputeObject,
  event,
  newPayment,
  type Payment,
  type StripeEvent,
  signed,
  subscriptionObject,
  WEBHOOK_SECRET,
} from "../../../../test/support/events.ts";
import { PRODUCTS, startEngine, type TestEngine } from "../../test/engine.ts";

/** What becomes of an order whose product has left the catalog since: what it was granted ends as it would have. */

type Key = (typeof PRODUCTS)[number]["key"];
type Shop = TestEngine["oncepaid"];
type Bought = Payment & { userId: string; productKey: Key };

let app: TestEngine;
const later: Shop[] = [];
beforeAll(async () => {
  app = await startEngine();
});
afterAll(async () => {
  for (const oncepaid of later) await oncepaid.close();
  await app.close();
});

/** The next deploy of the same shop, whose catalog has left products out. */
function without(...keys: Key[]): Shop {
  const next = createOncepaid({
    database: app.database.url,
    stripe: { secretKey: "sk_test_other", webhookSecret: WEBHOOK_SECRET, apiBase: app.stripe.url },
    appUrl: "http://localhost:3000",
    products: PRODUCTS.filter(({ key }) => !keys.includes(key)),
    identify: () => null,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  later.push(next);
  return next;
}

async function deliver(oncepaid: Shop, told: StripeEvent): Promise<void> {
  const { payload, header } = signed(told);
  expect(await oncepaid.receive(Buffer.from(payload), header)).toMatchObject({ ok: true });
}

let carts = 0;
async function ordered(productKey: Key): Promise<Bought> {
  const userId = `buyer-retired-${++carts}`;
  const started = await app.oncepaid.checkout({
    cartId: `cart-retired-${carts}`,
    productKey,
    userId,
    ...(productKey === "workshop" && { slotId: await slot() }),
  });
  if (!started.ok) throw new Error(started.error);
  return { ...newPayment(started.orderId, started.url.split("/").at(-1) ?? ""), userId, productKey };
}

async function slot(): Promise<string> {
  const day = (days: number) => new Date(Date.now() + days * 86_400_000);
  const made = await app.oncepaid.slots.create({
    ...{ productKey: "workshop", startsAt: day(7), endsAt: day(7.125), timeZone: "Asia/Kolkata" },
    ...{ place: "12 MG Road, Bengaluru", capacity: 1 },
  });
  if (!made.ok) throw new Error(made.error);
  return made.slot.id;
}

/** Granted while the catalog still had it. */
async function bought(productKey: Key): Promise<Bought> {
  const payment = await ordered(productKey);
  await deliver(app.oncepaid, paid(payment));
  expect(await app.oncepaid.has(payment.userId, productKey)).toBe(true);
  return payment;
}

const renewing = ({ productKey }: Bought) => productKey === "pro" || productKey === "other";
const paid = (payment: Bought) =>
  renewing(payment)
    ? completed(payment, {
        mode: "subscription",
        payment_intent: null,
        subscription: `sub_${payment.charge}`,
      })
    : completed(payment);
let second = Math.floor(Date.now() / 1000);
/** Each a second after the one before: two states of one second contradict each other. */
const subscription = (payment: Bought, type: "updated" | "deleted", more = {}) =>
  event(
    `customer.subscription.${type}`,
    {
      ...subscriptionObject(payment, more),
      ...(type === "deleted" && { status: "canceled", ended_at: second }),
    },
    { created: ++second },
  );
const deleted = (payment: Bought) => subscription(payment, "deleted");
const refunded = (payment: Bought) => chargeRefunded(payment, 1900);
const lost = (payment: Bought) =>
  event("charge.dispute.closed", {
    ...disputeObject(payment, "lost"),
    metadata: { order_id: payment.orderId },
  });

async function stateOf(oncepaid: Shop, { orderId }: Bought) {
  const order = await oncepaid.order(orderId);
  return {
    status: order?.status,
    booking: order?.booking?.state,
    access: Object.fromEntries(
      (order?.entitlements ?? []).map(({ productKey, state, reason }) => [productKey, [state, reason]]),
    ),
  };
}

const effectsOf = async ({ orderId }: Bought) =>
  (
    await engineIn(app.oncepaid).database.query<{ event: string }>(
      "select event from oncepaid.fulfillment_log where order_id = $1",
      [orderId],
    )
  ).rows.map(({ event: name }) => name);

type News = (payment: Bought) => StripeEvent;
test.each<[string, Key, News, string, string]>([
  ["a plan whose subscription ends", "pro", deleted, "CANCELED", "subscription_canceled"],
  ["a plan whose payment a bank takes back", "pro", lost, "REFUNDED", "dispute_lost"],
  ["a file that is paid back", "ebook", refunded, "REFUNDED", "refunded"],
  ["a file whose payment a bank takes back", "ebook", lost, "REFUNDED", "dispute_lost"],
  ["a booking that is paid back", "workshop", refunded, "REFUNDED", "refunded"],
  ["a booking whose payment a bank takes back", "workshop", lost, "REFUNDED", "dispute_lost"],
])(
  "%s gives no access any more, though it has left the catalog",
  async (_, productKey, news, status, why) => {
    const payment = await bought(productKey);
    const next = without(productKey);
    await deliver(next, news(payment));
    expect(await stateOf(next, payment)).toMatchObject({
      status,
      access: { [productKey]: ["ended", why] },
      booking: productKey === "workshop" ? "released" : undefined,
    });
    expect(await next.has(payment.userId, productKey)).toBe(false);
  },
);

test("nobody is billed on for a plan that has left the catalog and was paid back by a bank", async () => {
  const payment = await bought("pro");
  app.stripe.objects.set(`sub_${payment.charge}`, subscriptionObject(payment));
  const next = without("pro");
  await deliver(next, lost(payment));
  expect(await effectsOf(payment)).toContain(`billing.checked du_${payment.charge}`);
  await next.sweep();
  expect(app.stripe.objects.get(`sub_${payment.charge}`)).toMatchObject({ status: "canceled" });
});

test("an operator ends and restores what has left the catalog", async () => {
  const payment = await bought("ebook");
  const next = without("ebook");
  const id = (await next.order(payment.orderId))?.entitlements[0]?.id ?? "";
  expect(await next.end(id, { by: "ada" })).toMatchObject({ ok: true });
  expect(await next.has(payment.userId, "ebook")).toBe(false);
  expect(await next.restore(id, { by: "ada" })).toMatchObject({ ok: true });
  expect(await next.has(payment.userId, "ebook")).toBe(true);
});

test("a plan that was changed into one that has left the catalog since stays what it was changed into", async () => {
  const payment = await bought("pro");
  const changed = { price: "price_second" };
  await deliver(app.oncepaid, subscription(payment, "updated", changed));
  const next = without("other");
  await deliver(next, subscription(payment, "updated", { ...changed, quantity: 3 }));
  expect(await stateOf(next, payment)).toMatchObject({
    status: "FULFILLED",
    access: { pro: ["ended", "plan_changed"], other: ["active", null] },
  });
  expect(await next.has(payment.userId, "pro")).toBe(false);
  await deliver(next, subscription(payment, "deleted", changed));
  expect(await stateOf(next, payment)).toMatchObject({
    status: "CANCELED",
    access: { pro: ["ended", "plan_changed"], other: ["ended", "subscription_canceled"] },
  });
});

test("a plan that has left the catalog is changed into one that is in it", async () => {
  const payment = await bought("pro");
  const next = without("pro");
  await deliver(next, subscription(payment, "updated", { price: "price_second" }));
  expect(await stateOf(next, payment)).toMatchObject({
    status: "FULFILLED",
    access: { pro: ["ended", "plan_changed"], other: ["active", null] },
  });
});

test("what was never granted before its product left the catalog stays paid, for a person", async () => {
  const payment = await ordered("ebook");
  const next = without("ebook");
  await deliver(next, paid(payment));
  expect(await stateOf(next, payment)).toMatchObject({ status: "PAID", access: {} });
  expect((await next.explain(payment.userId, "ebook")).because).toContain("not in the catalog any more");
  await deliver(next, refunded(payment));
  expect(await stateOf(next, payment)).toMatchObject({ status: "REFUNDED", access: {} });
});

test("what went on before the update, since its product had left the catalog, ends with it", async () => {
  const { query } = engineIn(app.oncepaid).database;
  const goesOn = (payment: Bought, status: string) =>
    query(
      `with order_before as (update oncepaid."order" set status = $2 where id = $1)
       update oncepaid.entitlement set state = 'active', reason = null, ends_at = null where order_id = $1`,
      [payment.orderId, status],
    );
  const file = await bought("ebook");
  await deliver(app.oncepaid, refunded(file));
  await goesOn(file, "REFUNDED");
  const plan = await bought("pro");
  await deliver(app.oncepaid, deleted(plan));
  await goesOn(plan, "PAID");
  const changed = await bought("pro");
  await deliver(app.oncepaid, subscription(changed, "updated", { price: "price_second" }));
  await goesOn(changed, "FULFILLED");
  const next = without("ebook", "pro", "other");
  await query(MIGRATIONS["0030_retired_products"] ?? "");
  // An hour later.
  await query(
    `update oncepaid."order" set recheck_at = recheck_at - interval '1 hour' where recheck_at is not null`,
  );
  await next.sweep();
  expect(await stateOf(next, file)).toMatchObject({
    status: "REFUNDED",
    access: { ebook: ["ended", "refunded"] },
  });
  expect(await stateOf(next, plan)).toMatchObject({
    status: "CANCELED",
    access: { pro: ["ended", "subscription_canceled"] },
  });
  expect(await stateOf(next, changed)).toMatchObject({
    status: "FULFILLED",
    access: { pro: ["ended", "plan_changed"], other: ["active", null] },
  });
});
