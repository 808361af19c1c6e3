import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { booking, plan } from "#/catalog/product.ts";
import { resumeBilling } from "#/checkout/resume-billing.ts";
import { stopBilling } from "#/checkout/stop-billing.ts";
import { createOncepaid, engineIn } from "#/oncepaid.ts";
import { settleOpenOrders } from "#/recovery/open-orders.ts";
import { carryOut } from "#/support/carry-out.ts";
import { freePortsFrom } from "../../../shop/embedded/ports.ts";
import { startSandbox } from "../../../shop/embedded/sandbox.ts";
import { createDatabase, runFolder, type TestDatabase } from "../../../test/support/database.ts";

/**
 * One shop whose API key becomes one of another account, or mode: for that key none of its orders' objects is there. Nothing that
 * was sold may end by it, and nothing may be written down as done while the right account goes on billing.
 */

const BY = { by: "ada" };
const RIGHT = "sk_test_acct_right";
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let database: TestDatabase;
let stripe: Stripe;
let right: Shop;
let wrong: Shop;
let live: Shop;
type Shop = ReturnType<typeof shop>;

function shop(secretKey: string) {
  const nothing = () => {};
  return createOncepaid({
    database: database.url,
    stripe: { secretKey, webhookSecret: "whsec_1", apiBase: sandbox.url },
    appUrl: "http://localhost:3000",
    products: [
      plan({ key: "pro", name: "Pro", price: { amount: 900, currency: "usd", interval: "month" } }),
      plan({
        ...{ key: "paused", name: "Paused", price: { amount: 700, currency: "usd", interval: "month" } },
        policy: { onAccessEnded: "pause" },
      }),
      plan({ key: "other", name: "Other", price: { amount: 500, currency: "usd", interval: "month" } }),
      booking({ key: "workshop", name: "Workshop", price: { amount: 4900, currency: "usd" } }),
    ],
    identify: () => null,
    log: { info: nothing, warn: nothing, error: nothing },
  });
}

beforeAll(async () => {
  const dir = mkdtempSync(join(runFolder(), "other-account-"));
  mkdirSync(join(dir, "sandbox"), { recursive: true });
  sandbox = await startSandbox({
    dir,
    nextPort: freePortsFrom(30_000 + Math.floor(Math.random() * 9_000)),
    onSpawn: () => undefined,
  });
  database = await createDatabase();
  const { hostname: host, port } = new URL(sandbox.url);
  stripe = new Stripe(RIGHT, { host, port, protocol: "http", telemetry: false });
  right = shop(RIGHT);
  wrong = shop("sk_test_acct_wrong");
  live = shop("sk_live_0000000000000000");
  await right.push();
});
afterAll(async () => {
  for (const one of [right, wrong, live]) await one.close();
  await sandbox.stop();
  await database.drop();
});

let buyers = 0;
/** A plan that is paid and runs in the right account. */
async function sold(productKey: "pro" | "paused" = "pro") {
  const userId = `owner-${++buyers}`;
  const started = await right.checkout({ cartId: `cart-${userId}`, productKey, userId });
  if (!started.ok) throw new Error(started.error);
  const session = started.url.split("/").at(-1)?.split(/[?#]/)[0] ?? "";
  await stripe.rawRequest("POST", `/v1/payment_pages/${session}/confirm`, {
    payment_method: "pm_card_visa",
    email: `${userId}@example.com`,
  });
  await right.reconcile();
  expect(await right.has(userId, productKey)).toBe(true);
  const { subscription } = await stripe.checkout.sessions.retrieve(session);
  return { userId, orderId: started.orderId, subscription: String(subscription) };
}

const statusOf = async (id: string) => (await stripe.subscriptions.retrieve(id)).status;

test.each([
  ["another account", () => wrong, "the API key is of another account"],
  ["another mode", () => live, "This order is of test mode, and the API key of live mode."],
])(
  "with a key of %s nothing is canceled, refunded or changed, and the answer says why",
  async (_, app, why) => {
    const { userId, orderId, subscription } = await sold();
    const refused = { ok: false, code: "refused_by_stripe", error: expect.stringContaining(why) };
    expect(await app().cancel(orderId, { when: "now", ...BY })).toMatchObject(refused);
    expect(await app().cancel(orderId, { when: "period_end", ...BY })).toMatchObject(refused);
    expect(await app().refund(orderId, BY)).toMatchObject(refused);
    expect(await app().changePlan(orderId, { quantity: 2, when: "now", ...BY })).toMatchObject(refused);
    expect(await right.has(userId, "pro")).toBe(true);
    expect(await statusOf(subscription)).toBe("active");
    expect(await right.cancel(orderId, { when: "now", ...BY })).toMatchObject({ ok: true, state: "made" });
    expect(await statusOf(subscription)).toBe("canceled");
  },
);

test("a subscription of another account can't be claimed, and isn't taken off the list of those that wait", async () => {
  const customer = await stripe.customers.create({ email: "by-hand@example.com" });
  const card = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
  const { items } = await stripe.subscriptions.retrieve((await sold()).subscription);
  const made = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: items.data[0]?.price.id ?? "" }],
    default_payment_method: card.id,
  });
  await right.reconcile();
  const waiting = async () => (await right.unclaimed()).map(({ subscriptionId }) => subscriptionId);
  expect(await waiting()).toContain(made.id);
  expect(await wrong.claim(made.id, { userId: "by-hand", ...BY })).toMatchObject({ ok: false });
  expect(await waiting()).toContain(made.id);
  expect(await right.claim(made.id, { userId: "by-hand", ...BY })).toMatchObject({ ok: true });
  expect(await right.has("by-hand", "pro")).toBe(true);
});

test("what was compared with another account counts as not compared", async () => {
  const until = async () =>
    (await engineIn(right).database.query("select compared_until from oncepaid.reconcile")).rows;
  await sold();
  // As if it were a minute ago: the comparisons of one second end at the same time.
  await engineIn(right).database.query(
    "update oncepaid.reconcile set compared_until = compared_until - interval '1 minute'",
  );
  const before = await until();
  expect(await wrong.reconcile()).toMatchObject({ ok: true });
  expect(await until()).toEqual(before);
  expect(await right.reconcile()).toMatchObject({ ok: true });
  expect(await until()).not.toEqual(before);
});

test("what was left to a job is not given up by a worker with the wrong key: the right one does it", async () => {
  const { orderId, subscription } = await sold();
  const { query } = engineIn(right).database;
  const { rows } = await query<{ id: string }>(
    `insert into oncepaid.support_action (id, order_id, what, asked, call, by)
     values (gen_random_uuid(), $1, 'cancel', '{}', $2, 'ada') returning id`,
    [orderId, JSON.stringify({ do: "cancel", subscription, when: "now" })],
  );
  const id = rows[0]?.id ?? "";
  await expect(carryOut(engineIn(wrong), id)).rejects.toThrow("another account");
  expect(await carryOut(engineIn(right), id)).toMatchObject({ refused: null, doneAt: expect.any(Date) });
  expect(await statusOf(subscription)).toBe("canceled");
});

test("billing that isn't stopped is not told as stopped", async () => {
  const { orderId, subscription } = await sold();
  const order = await right.order(orderId);
  await right.end(order?.entitlements[0]?.id ?? "", BY);
  const job = { orderId, cause: "operator" };
  await expect(stopBilling(engineIn(wrong), "key", job)).rejects.toThrow("another account");
  expect(await statusOf(subscription)).toBe("active");
  await stopBilling(engineIn(right), "key", job);
  expect(await statusOf(subscription)).toBe("canceled");
});

const isPaused = async (id: string) => (await stripe.subscriptions.retrieve(id)).pause_collection !== null;

test("collection is paused and goes on with the right key alone, and with the wrong one nothing is told as done", async () => {
  const { orderId, subscription } = await sold("paused");
  const entitlement = (await right.order(orderId))?.entitlements[0]?.id ?? "";
  await right.end(entitlement, BY);
  const job = { orderId, cause: "operator" };
  await expect(stopBilling(engineIn(wrong), "key", job)).rejects.toThrow("another account");
  expect(await isPaused(subscription)).toBe(false);
  await stopBilling(engineIn(right), "key", job);
  expect(await isPaused(subscription)).toBe(true);
  await right.restore(entitlement, BY);
  await expect(resumeBilling(engineIn(wrong), "key", { orderId })).rejects.toThrow("another account");
  expect(await isPaused(subscription)).toBe(true);
  await resumeBilling(engineIn(right), "key", { orderId });
  expect(await isPaused(subscription)).toBe(false);
});

test("a pause that was begun and is to be no more isn't forgotten with the wrong key", async () => {
  const { orderId, subscription } = await sold("paused");
  // Whoever paused it died before it was written down, and meanwhile the access was given back.
  await engineIn(right).database.query(
    `insert into oncepaid.billing_stop (stripe_subscription_id, cause, order_id, action)
     values ($1, 'operator', $2, 'paused')`,
    [subscription, orderId],
  );
  await stripe.subscriptions.update(subscription, { pause_collection: { behavior: "void" } });
  const job = { orderId, cause: "operator" };
  await expect(stopBilling(engineIn(wrong), "key", job)).rejects.toThrow("another account");
  await stopBilling(engineIn(right), "key", job);
  expect(await isPaused(subscription)).toBe(false);
});

test("customers of the right account are not forgotten as deleted ones: a sale goes on without them, and the billing page opens with the right key", async () => {
  const { userId } = await sold();
  expect(await wrong.portal({ userId })).toMatchObject({ ok: false, code: "stripe_unavailable" });
  await wrong.push();
  const again = await wrong.checkout({ cartId: `again-${userId}`, productKey: "other", userId });
  expect(again).toMatchObject({ ok: true });
  const { rows } = await engineIn(right).database.query("select from oncepaid.deleted_customer");
  expect(rows).toEqual([]);
  expect(await right.portal({ userId })).toMatchObject({ ok: true });
});

/** A place that a cart holds, with its session in the right account; `past`: how long ago its time was over. */
async function held(past?: string) {
  const day = (days: number) => new Date(Date.now() + days * 86_400_000);
  const made = await right.slots.create(
    {
      ...{ productKey: "workshop", startsAt: day(7), endsAt: day(7.1), timeZone: "Europe/Berlin" },
      ...{ place: "Silver Street 12", capacity: 1 },
    },
    BY,
  );
  if (!made.ok) throw new Error(made.error);
  const slotId = made.slot.id;
  const userId = `guest-${++buyers}`;
  const cart = { cartId: `cart-${userId}`, productKey: "workshop" as const, slotId, userId };
  const started = await right.checkout(cart);
  if (!started.ok) throw new Error(started.error);
  const { orderId } = started;
  const session = started.url.split("/").at(-1)?.split(/[?#]/)[0] ?? "";
  if (past !== undefined) {
    const { query } = engineIn(right).database;
    const over = "now() - $2::interval";
    await query(`update oncepaid.checkout_attempt set expires_at = ${over} where order_id = $1`, [
      orderId,
      past,
    ]);
    await query(`update oncepaid.booking set held_until = ${over} where order_id = $1`, [orderId, past]);
  }
  return { cart, orderId, session };
}

async function placeOf(orderId: string) {
  const { rows } = await engineIn(right).database.query<{ state: string }>(
    "select state from oncepaid.booking where order_id = $1",
    [orderId],
  );
  return rows[0]?.state;
}

const pay = (session: string) =>
  stripe.rawRequest("POST", `/v1/payment_pages/${session}/confirm`, {
    payment_method: "pm_card_visa",
    email: "guest@example.com",
  });

test("a place is free again once its session's time is over, though the key's account doesn't have the session", async () => {
  await wrong.push();
  const [one, later] = [await held("6 minutes"), await held()];
  await settleOpenOrders(engineIn(wrong));
  expect(await placeOf(one.orderId)).toBe("released");
  expect(await right.order(one.orderId)).toMatchObject({ status: "CANCELED" });
  // Its session can be paid still, in the right account.
  expect(await placeOf(later.orderId)).toBe("held");
  expect(await wrong.checkout(one.cart)).toMatchObject({ ok: true, orderId: one.orderId });
});

test("a cart whose session the key's account doesn't have gets a new one once its time is over, and keeps its place before that", async () => {
  const over = await held("6 minutes");
  expect(await wrong.checkout(over.cart)).toMatchObject({ ok: true, orderId: over.orderId });
  const open = await held();
  // Another cart than its session is for, so that the session would have to be ended first.
  const changed = { ...open.cart, email: "another@example.com" };
  expect(await wrong.checkout(changed)).toMatchObject({ ok: false, code: "stripe_unavailable" });
  expect(await placeOf(open.orderId)).toBe("held");
});

test("a payment that is told of afterwards counts still, and one that is on its way keeps its place", async () => {
  const [paid, onItsWay] = [await held("6 minutes"), await held("6 minutes")];
  await engineIn(right).database.query(
    `update oncepaid."order" set facts = jsonb_set(facts, array['sessions', $2], '{"completedAt": 1, "processingAt": 1}')
      where id = $1`,
    [onItsWay.orderId, onItsWay.session],
  );
  await settleOpenOrders(engineIn(wrong));
  expect(await placeOf(paid.orderId)).toBe("released");
  expect(await placeOf(onItsWay.orderId)).toBe("held");
  await pay(paid.session);
  await right.reconcile();
  expect(await placeOf(paid.orderId)).toBe("booked");
  expect(await right.order(paid.orderId)).toMatchObject({ status: "FULFILLED" });
});
