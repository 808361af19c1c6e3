import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { closeEngine, createEngine, type Engine } from "#/engine.ts";
import { apiOf } from "#/http/app.ts";
import { compare } from "#/recovery/reconcile/difference.ts";
import { reconcile } from "#/recovery/reconcile/reconcile.ts";
import { receive } from "#/webhooks/receive.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { createDatabase, openPool, type TestDatabase } from "../../../../test/support/database.ts";
import {
  chargeRefunded,
  completed,
  event,
  newPayment,
  type Payment,
  type StripeEvent,
  signed,
  subscriptionObject,
} from "../../../../test/support/events.ts";

/** A real shop and its test installation, each with a database of its own, on one Stripe account in one mode. */

let app: TestApi;
let database: TestDatabase;
let pool: ReturnType<typeof openPool>;
let staging: Engine;
let stagingApi: ReturnType<typeof apiOf>;
const PRODUCTION_ID = "01890000-0000-7000-8000-00000000000a";
const STAGING_ID = "01890000-0000-7000-8000-00000000000b";

beforeAll(async () => {
  [app, database] = await Promise.all([startApi(), createDatabase()]);
  pool = openPool(database.url, 2);
  // Databases of tests are copies of one template, so their ids are equal, as no two that were migrated are.
  await app.rows("update setting set value = $1 where key = 'shop'", [PRODUCTION_ID]);
  await pool.query("update setting set value = $1 where key = 'shop'", [STAGING_ID]);
  const { settings, ...options } = app.engine;
  const there = { ...settings, database: database.url, appUrl: "https://staging.example" };
  staging = createEngine({ ...options, settings: there });
  stagingApi = apiOf(staging, "/api");
});
afterAll(async () => {
  await closeEngine(staging);
  await pool.end();
  await database.drop();
  await app.close();
});
beforeEach(async () => {
  await Promise.all([app.rows("truncate reconcile"), pool.query("truncate reconcile")]);
  app.stripe.lists.clear();
});

let carts = 0;
async function orderAtStaging(productKey = "ebook"): Promise<Payment> {
  carts++;
  const response = await stagingApi.request("/api/checkout", {
    method: "POST",
    headers: { "content-type": "application/json", ...app.asServer },
    body: JSON.stringify({ cartId: `cart-staging-${carts}`, productKey, userId: `tester-${carts}` }),
  });
  const { url, orderId } = await response.json();
  return newPayment(orderId, url.slice(url.lastIndexOf("/") + 1));
}

/** The metadata Stripe has of a session, and repeats on its payment or subscription. */
function metadataOf({ sessionId }: Payment): Record<string, unknown> {
  return { ...Object(app.stripe.sessions.get(sessionId)?.metadata) };
}

function paidSession(payment: Payment, more: Record<string, unknown> = {}): StripeEvent {
  const success_url = app.stripe.sessions.get(payment.sessionId)?.success_url;
  return completed(payment, { metadata: metadataOf(payment), success_url, ...more });
}

async function outcomeAt(engine: Engine, told: StripeEvent): Promise<string> {
  const { payload, header } = signed(told);
  const received = await receive(engine, Buffer.from(payload), header);
  return received.ok ? received.outcome : received.error;
}

async function statusAt(which: "production" | "staging", { orderId }: Payment): Promise<unknown> {
  const text = `select status from "order" where id = $1`;
  const rows =
    which === "staging" ? (await pool.query(text, [orderId])).rows : await app.rows(text, [orderId]);
  return Object(rows[0]).status;
}

test("each shop's id stands in the metadata of the session and of what is paid with it", async () => {
  await app.order();
  const payment = app.stripe.calls.at(-1)?.form;
  expect(payment?.get("metadata[shop]")).toBe(PRODUCTION_ID);
  expect(payment?.get("payment_intent_data[metadata][shop]")).toBe(PRODUCTION_ID);
  await orderAtStaging("pro");
  const plan = app.stripe.calls.at(-1)?.form;
  expect(plan?.get("subscription_data[metadata][shop]")).toBe(STAGING_ID);
});

test("each applies its own payments and ignores the other's, which wait for nobody", async () => {
  const [ours, theirs] = [await app.order(), await orderAtStaging()];
  for (const payment of [ours, theirs]) {
    const [here, elsewhere] = payment === ours ? [app.engine, staging] : [staging, app.engine];
    const charge = chargeRefunded(payment, 1900).data.object;
    const refunded = event("charge.refunded", { ...charge, metadata: metadataOf(payment) });
    for (const told of [paidSession(payment), refunded]) {
      expect([await outcomeAt(here, told), await outcomeAt(elsewhere, told)]).toEqual(["applied", "ignored"]);
    }
  }
  expect(await statusAt("production", ours)).toBe("REFUNDED");
  expect(await statusAt("staging", theirs)).toBe("REFUNDED");
  const waiting = "select count(*)::int as n from stripe_event where outcome in ('failed', 'quarantined')";
  expect([...(await app.rows(waiting)), ...(await pool.query(waiting)).rows]).toEqual([{ n: 0 }, { n: 0 }]);
});

test("subscriptions, renewals and refunds of the other shop are ignored too", async () => {
  const plan = await orderAtStaging("pro");
  const metadata = metadataOf(plan);
  const subscription = { ...subscriptionObject(plan), metadata };
  const invoice = {
    id: `in_${plan.charge}`,
    object: "invoice",
    parent: { subscription_details: { subscription: subscription.id, metadata } },
  };
  const refund = {
    id: `re_${plan.charge}`,
    object: "refund",
    amount: 100,
    created: Math.floor(Date.now() / 1000),
    payment_intent: plan.paymentIntent,
    metadata: { order_id: plan.orderId, shop: metadata.shop },
  };
  for (const told of [
    event("customer.subscription.updated", subscription),
    event("invoice.paid", invoice),
    event("refund.created", refund),
    // A shape nobody understands is the other shop's trouble.
    event("customer.subscription.updated", { id: 1, metadata }),
  ]) {
    expect([told.type, await outcomeAt(app.engine, told)]).toEqual([told.type, "ignored"]);
  }
});

test("each reconciles and restores its own orders alone, whatever address their buyers come back to", async () => {
  const [ours, theirs] = [await app.order(), await orderAtStaging()];
  for (const payment of [ours, theirs]) {
    Object.assign(app.stripe.sessions.get(payment.sessionId) ?? {}, {
      status: "complete",
      payment_status: "paid",
      payment_intent: payment.paymentIntent,
      success_url: "https://app.somebody.example/thanks",
    });
    const rows = (text: string) => (payment === ours ? app.rows(text) : pool.query(text));
    for (const table of ["checkout_attempt", "order_item", "order_change"])
      await rows(`delete from ${table} where order_id = '${payment.orderId}'`);
    await rows(`delete from "order" where id = '${payment.orderId}'`);
  }
  app.stripe.lists.set("/v1/events", [paidSession(ours), paidSession(theirs)]);
  const differing = (await compare(app.engine)).differences.map(({ orderId }) => orderId);
  expect(differing).toContain(ours.orderId);
  expect(differing).not.toContain(theirs.orderId);
  for (const engine of [app.engine, staging]) {
    expect(await reconcile(engine)).toMatchObject({
      ok: true,
      report: { counts: { ordersRestored: 1, eventsQuarantined: 1, eventsReleased: 1, eventsIgnored: 1 } },
    });
  }
  expect([await statusAt("production", ours), await statusAt("production", theirs)]).toEqual([
    "FULFILLED",
    undefined,
  ]);
  expect([await statusAt("staging", theirs), await statusAt("staging", ours)]).toEqual([
    "FULFILLED",
    undefined,
  ]);
});

test("a copy of the real shop's database, under an id of its own, doesn't follow what becomes of the real shop's orders", async () => {
  const [ebook, plan] = [await app.order(), await app.order("pro")];
  for (const payment of [ebook, plan]) {
    const session = app.stripe.sessions.get(payment.sessionId);
    Object.assign(session ?? {}, { status: "complete", payment_status: "paid" });
    Object.assign(Object(session?.metadata), { shop: STAGING_ID });
  }
  const subscription = subscriptionObject(plan, { status: "canceled" });
  const { orderId: order_id } = plan;
  const listed = { ...subscription, metadata: { order_id, shop: STAGING_ID } };
  app.stripe.lists.set("/v1/subscriptions", [listed]);
  const monthsAgo = Math.floor(Date.now() / 1000) - 60 * 24 * 60 * 60;
  const ours = [ebook.orderId, plan.orderId];
  const { differences } = await compare(app.engine, { since: monthsAgo });
  expect(differences.filter(({ orderId }) => ours.includes(orderId))).toEqual([]);
  expect(await reconcile(app.engine, { since: monthsAgo })).toMatchObject({ ok: true });
  for (const payment of [ebook, plan]) {
    expect(await statusAt("production", payment)).toBe("PENDING");
  }
  const linked = await app.rows("select from stripe_link where stripe_id = $1", [subscription.id]);
  expect(linked).toEqual([]);
});

test("an order of the time before shops had ids goes on, also where the shop has moved to another address", async () => {
  for (const success_url of [
    "http://localhost:3000/checkout/success",
    "https://old.example/checkout/success",
  ]) {
    const payment = await app.order();
    const metadata = { order_id: payment.orderId };
    expect(await outcomeAt(app.engine, paidSession(payment, { metadata, success_url }))).toBe("applied");
    expect(await statusAt("production", payment)).toBe("FULFILLED");
  }
});

test("a session without a shop's id that leads elsewhere and names no order of ours is another shop's; one that leads here is kept for a person", async () => {
  const unknown = newPayment(crypto.randomUUID(), "cs_test_nobody_knows");
  const leadingTo = (success_url: string) => completed(unknown, { success_url });
  expect(await outcomeAt(app.engine, leadingTo("https://staging.example/checkout/success"))).toBe("ignored");
  expect(await outcomeAt(app.engine, leadingTo("http://localhost:3000/checkout/success"))).toBe(
    "quarantined",
  );
});

test("one of ours whose order is unknown is kept for a person, wherever its buyer comes back to", async () => {
  const unknown = newPayment(crypto.randomUUID(), "cs_test_lost");
  const metadata = { order_id: unknown.orderId, shop: PRODUCTION_ID };
  const told = completed(unknown, { metadata, success_url: "https://app.somebody.example/thanks" });
  expect(await outcomeAt(app.engine, told)).toBe("quarantined");
});
