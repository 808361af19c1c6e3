import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { compare } from "#/recovery/reconcile/difference.ts";
import { readProgress } from "#/recovery/reconcile/progress.ts";
import { reconcile } from "#/recovery/reconcile/reconcile.ts";
import type { Counts } from "#/recovery/reconcile/report.ts";
import { claimOrdersOf } from "../../../../../shop/src/accounts/ownership.ts";
import { startApi, type TestApi } from "../../../../../test/support/api.ts";
import {
  chargeRefunded,
  completed,
  disputeObject,
  event,
  type Payment,
  type StripeEvent,
  subscriptionObject,
} from "../../../../../test/support/events.ts";

const DAY = 24 * 60 * 60;
const now = () => Math.floor(Date.now() / 1000);

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());
beforeEach(() => app.rows("truncate reconcile"));
afterEach(() => {
  app.stripe.lists.clear();
  app.stripe.script.status = undefined;
  app.stripe.script.latencyMs = undefined;
});

const stateOf = async ({ orderId }: Payment) => {
  const { status, amountRefunded, entitlements } = (await app.get(`/api/orders/${orderId}`, app.asServer))
    .json;
  const grants = Array.isArray(entitlements) ? entitlements.map(({ state }) => state) : [];
  return { status, amountRefunded, access: grants.join() };
};

/** What happened at Stripe, of which no delivery came. */
function happened(...events: StripeEvent[]): void {
  app.stripe.lists.set("/v1/events", [...(app.stripe.lists.get("/v1/events") ?? []), ...events]);
}

/** The buyer pays: the session says so, and nothing else does. */
function paidAtStripe(payment: Payment, more: Record<string, unknown> = {}): void {
  Object.assign(app.stripe.sessions.get(payment.sessionId) ?? {}, {
    status: "complete",
    payment_status: "paid",
    payment_intent: payment.paymentIntent,
    ...more,
  });
}

async function ran(since?: number): Promise<Counts> {
  const reconciled = await reconcile(app.engine, since === undefined ? {} : { since });
  if (!reconciled.ok) throw new Error("Another one is at it.");
  return reconciled.report.counts;
}

/** As if the order had been made in the hour that the restored copy doesn't have. */
async function lose({ orderId }: Payment): Promise<void> {
  for (const table of [
    "checkout_attempt",
    "order_item",
    "order_change",
    "fulfillment_log",
    "entitlement",
    "stripe_link",
  ]) {
    await app.rows(`delete from ${table} where order_id = $1`, [orderId]);
  }
  await app.rows("delete from stripe_event where order_id = $1", [orderId]);
  await app.rows(`delete from "order" where id = $1`, [orderId]);
}

test("an event that was never delivered is applied as a delivery would have been, and kept as the signed one would", async () => {
  const payment = await app.order();
  const missed = completed(payment);
  happened(missed);
  expect(await ran()).toMatchObject({ eventsApplied: 1, eventsKnown: 0 });
  expect(await stateOf(payment)).toMatchObject({ status: "FULFILLED", access: "active" });
  const [row] = await app.rows(
    "select type, outcome, api_version, order_id, payload from stripe_event where id = $1",
    [missed.id],
  );
  expect(row).toEqual({
    type: missed.type,
    outcome: "applied",
    api_version: missed.api_version,
    order_id: payment.orderId,
    payload: missed,
  });
  expect((await app.deliver(missed)).json.outcome).toBe("duplicate");
});

test("an event of the second in which the last comparison ended, which came into the list late, is not left out", async () => {
  await ran();
  const until = (await readProgress(app.engine)).comparedUntil ?? 0;
  const payment = await app.order();
  happened({ ...completed(payment), created: until });
  expect(await ran()).toMatchObject({ eventsApplied: 1 });
  expect(await stateOf(payment)).toMatchObject({ status: "FULFILLED" });
});

test("a look at the last hour doesn't make the days before it count as compared", async () => {
  await app.rows(
    "insert into reconcile (livemode, compared_until) values (false, now() - interval '3 days')",
  );
  const before = (await readProgress(app.engine)).comparedUntil;
  await ran(now() - 3600);
  expect((await readProgress(app.engine)).comparedUntil).toBe(before);
  await ran();
  expect((await readProgress(app.engine)).comparedUntil).toBeGreaterThan(now() - 60);
});

test("a look back to a part of a second, as Date.now() / 1000 names one, begins with that second", async () => {
  const payment = await app.order();
  const second = now() - 3600;
  happened({ ...completed(payment), created: second });
  expect((await compare(app.engine, { since: second + 0.75 })).from).toBe(second);
  const reconciled = await app.oncepaid.reconcile({ since: second + 0.75 });
  expect(reconciled).toMatchObject({ ok: true, report: { counts: { eventsApplied: 1 } } });
  expect(await stateOf(payment)).toMatchObject({ status: "FULFILLED" });
});

test("where Stripe has forgotten the events, the objects themselves tell: sessions, refunds, disputes and subscriptions", async () => {
  const [paid, refunded, disputed, plan] = [
    await app.order(),
    await app.order(),
    await app.order(),
    await app.order("pro"),
  ];
  for (const payment of [paid, refunded, disputed]) paidAtStripe(payment);
  const subscription = subscriptionObject(plan, { status: "canceled", ended_at: now() });
  paidAtStripe(plan, { payment_intent: null, subscription: subscription.id });
  const charge = chargeRefunded(refunded, 1900).data.object;
  app.stripe.lists.set("/v1/refunds", [
    {
      id: `re_${refunded.charge}`,
      object: "refund",
      amount: 1900,
      charge,
      payment_intent: refunded.paymentIntent,
      status: "succeeded",
      created: now(),
      metadata: {},
    },
  ]);
  app.stripe.lists.set("/v1/disputes", [disputeObject(disputed, "needs_response")]);
  app.stripe.lists.set("/v1/subscriptions", [subscription]);
  expect(await ran(now() - 60 * DAY)).toMatchObject({ sessionsSettled: 4, objects: 3, events: 0 });
  expect(await stateOf(paid)).toEqual({ status: "FULFILLED", amountRefunded: 0, access: "active" });
  expect(await stateOf(refunded)).toEqual({ status: "REFUNDED", amountRefunded: 1900, access: "ended" });
  expect(await stateOf(disputed)).toMatchObject({ status: "FULFILLED", access: "suspended" });
  expect(await stateOf(plan)).toMatchObject({ status: "CANCELED", access: "ended" });
  const log = await app.rows("select event from fulfillment_log where order_id = $1 order by event", [
    refunded.orderId,
  ]);
  expect(log.map(({ event }) => event)).toEqual([
    `charge.refunded ${refunded.charge}`,
    "checkout.fulfilled",
    `refund.created re_${refunded.charge}`,
  ]);
});

test("events in the shape of another API version cost no call each: their objects are listed instead", async () => {
  const payments = await Promise.all(Array.from({ length: 5 }, () => app.order()));
  for (const payment of payments) {
    paidAtStripe(payment);
    happened({ ...completed(payment), api_version: "2019-12-03" });
  }
  const calls = app.stripe.calls.length;
  expect(await ran()).toMatchObject({ eventsOfOtherVersion: 5, sessionsSettled: 5 });
  for (const payment of payments) expect(await stateOf(payment)).toMatchObject({ status: "FULFILLED" });
  // The one: whether the key has the newest order's session.
  expect(app.stripe.calls.slice(calls).filter(({ path }) => path.split("/").length > 4)).toHaveLength(1);
});

test("too fast for Stripe: it waits and goes on", async () => {
  const payment = await app.order();
  happened(completed(payment));
  app.stripe.script.status = 429;
  const calls = app.stripe.calls.length;
  const running = ran();
  while (app.stripe.calls.length === calls) await new Promise(setImmediate);
  app.stripe.script.status = undefined;
  expect(await running).toMatchObject({ eventsApplied: 1 });
});

test("while one compares, a second one leaves it alone", async () => {
  app.stripe.script.latencyMs = 200;
  const first = reconcile(app.engine);
  while (app.stripe.calls.at(-1)?.path !== "/v1/events") await new Promise(setImmediate);
  expect(await reconcile(app.engine)).toEqual({ ok: false, code: "busy" });
  expect(await first).toMatchObject({ ok: true });
  app.stripe.script.latencyMs = undefined;
  expect(await reconcile(app.engine)).toMatchObject({ ok: true });
});

test("when Stripe goes away in the middle, the next run goes on after the last page that was done", async () => {
  const payments = await Promise.all(Array.from({ length: 3 }, () => app.order()));
  const noise = Array.from({ length: 220 }, (_, number) =>
    event("charge.refunded", {
      id: `ch_foreign_${number}`,
      object: "charge",
      amount: 1,
      amount_refunded: 0,
      metadata: {},
    }),
  );
  happened(...payments.map((payment) => completed(payment)), ...noise);
  const running = reconcile(app.engine, {
    onPage: () => {
      app.stripe.script.status = 500;
    },
  });
  await expect(running).rejects.toThrow();
  app.stripe.script.status = undefined;
  const { underWay } = await readProgress(app.engine);
  expect(underWay).toMatchObject({ pass: 0, counts: { events: 100, calls: 1 } });
  const calls = app.stripe.calls.length;
  expect(await ran()).toMatchObject({ events: 223, eventsApplied: 3 });
  const events = app.stripe.calls.slice(calls).filter(({ path }) => path === "/v1/events");
  // Two pages that were left, and the list of the other types.
  expect(events).toHaveLength(3);
});

test("when the place it had come to is gone from Stripe's list, it takes the list from its beginning", async () => {
  const payments = await Promise.all(Array.from({ length: 3 }, () => app.order()));
  const noise = Array.from({ length: 120 }, (_, number) =>
    event("charge.refunded", {
      id: `ch_gone_${number}`,
      object: "charge",
      amount: 1,
      amount_refunded: 0,
      metadata: {},
    }),
  );
  happened(...noise, ...payments.map((payment) => completed(payment)));
  const stop = new AbortController();
  expect(await reconcile(app.engine, { onPage: () => stop.abort(), signal: stop.signal })).toMatchObject({
    ok: false,
  });
  const { underWay } = await readProgress(app.engine);
  // Events older than 30 days are forgotten, and so is the one its next page begins after.
  app.stripe.lists.set(
    "/v1/events",
    (app.stripe.lists.get("/v1/events") ?? []).filter(({ id }) => id !== underWay?.after),
  );
  expect(await ran()).toMatchObject({ eventsApplied: 3 });
  for (const payment of payments) expect(await stateOf(payment)).toMatchObject({ status: "FULFILLED" });
});

test("an order that a restored database doesn't have is made again from its session, with all that happened to it", async () => {
  const payment = await app.order("ebook", { quantity: 2 });
  paidAtStripe(payment, { customer_details: { email: "asha@example.com" } });
  const paid = completed(payment, { amount_total: 3800, customer_details: { email: "asha@example.com" } });
  await app.deliver(paid);
  const [before] = await app.rows(
    `select id, cart_id, user_id, status, amount_total, facts, paid_at from "order" where id = $1`,
    [payment.orderId],
  );
  await lose(payment);
  // A refund came while the order was lost, and nobody could place it.
  const refund = chargeRefunded({ ...payment, amount: 3800 }, 500);
  expect((await app.deliver(refund)).json.outcome).toBe("quarantined");
  happened(refund, paid);
  expect(await ran()).toMatchObject({ ordersRestored: 1, eventsReleased: 2 });
  const [after] = await app.rows(
    `select id, cart_id, user_id, status, amount_total, facts, paid_at, email, amount_refunded from "order" where id = $1`,
    [payment.orderId],
  );
  expect(after).toMatchObject({
    ...before,
    facts: expect.anything(),
    email: "asha@example.com",
    amount_refunded: "500",
  });
  expect(
    await app.rows("select product_key, quantity, unit_amount from order_item where order_id = $1", [
      payment.orderId,
    ]),
  ).toEqual([{ product_key: "ebook", quantity: 2, unit_amount: "1900" }]);
  expect(
    await app.rows("select count(*)::int as waiting from stripe_event where outcome = 'quarantined'"),
  ).toEqual([{ waiting: 0 }]);
  const { json } = await app.get(`/api/admin/orders/${payment.orderId}`, app.asServer);
  expect(json.timeline).toContainEqual(
    expect.objectContaining({ what: "order_created", actor: "reconcile" }),
  );
  expect(await ran()).toMatchObject({ ordersRestored: 0, eventsApplied: 0, sessionsSettled: 0 });
});

test("a lost order whose buyer came back with the same cart meanwhile stands beside the new one", async () => {
  const payment = await app.order();
  paidAtStripe(payment);
  const [{ user_id = "" } = {}] = await app.rows<{ user_id: string }>(
    `select user_id from "order" where id = $1`,
    [payment.orderId],
  );
  await lose(payment);
  const again = await app.post(
    "/api/checkout",
    { cartId: payment.cartId, productKey: "ebook", userId: user_id },
    app.asServer,
  );
  expect(again.json.orderId).not.toBe(payment.orderId);
  expect(await ran()).toMatchObject({ ordersRestored: 1 });
  expect(await stateOf(payment)).toMatchObject({ status: "FULFILLED", access: "active" });
});

test("an attempt that was begun in the lost hour brings its own items with it", async () => {
  const payment = await app.order();
  const { orderId, cartId } = payment;
  const [{ user_id: userId = "" } = {}] = await app.rows<{ user_id: string }>(
    `select user_id from "order" where id = $1`,
    [orderId],
  );
  await app.rows("update checkout_attempt set created_at = now() - interval '1 hour' where order_id = $1", [
    orderId,
  ]);
  const changed = await app.post(
    "/api/checkout",
    { cartId, productKey: "ebook", quantity: 3, userId },
    app.asServer,
  );
  const second = String(changed.json.url).split("/").at(-1) ?? "";
  paidAtStripe({ ...payment, sessionId: second });
  await app.rows("delete from checkout_attempt where order_id = $1 and attempt = 2", [orderId]);
  await app.rows(`update "order" set attempt = 1, status = 'PENDING' where id = $1`, [orderId]);
  await app.rows("update order_item set quantity = 1 where order_id = $1", [orderId]);
  expect(await ran()).toMatchObject({ attemptsRestored: 1 });
  const { json } = await app.get(`/api/entitlements?userId=${userId}`, app.asServer);
  expect(json.entitlements).toMatchObject([{ orderId, quantity: 3, state: "active" }]);
});

test("the buyer of a lost order, whose account is lost too, finds it by signing in with the address it was paid under", async () => {
  const visitor = "V".repeat(32);
  const payment = await app.order("ebook", { userId: visitor });
  const named = await app.order("ebook", { userId: "user_of_a_server" });
  for (const order of [payment, named]) {
    paidAtStripe(order, { customer_details: { email: "lost@example.com" } });
    await lose(order);
  }
  expect(await ran()).toMatchObject({ ordersRestored: 2 });
  await app.rows(
    `insert into "user" (id, name, email, "emailVerified") values ('buyer-again', '', 'lost@example.com', true)`,
  );
  expect(await claimOrdersOf(app.oncepaid, "lost@example.com", "buyer-again")).toBe(1);
  const entitlements = async (userId: string) =>
    (await app.get(`/api/entitlements?userId=${userId}`, app.asServer)).json.entitlements;
  expect(await entitlements("buyer-again")).toMatchObject([{ orderId: payment.orderId, state: "active" }]);
  expect(await entitlements("user_of_a_server")).toMatchObject([{ orderId: named.orderId }]);
});

test("a lost booking has its place again while it is free, and its money back when it isn't", async () => {
  const slotId = await app.slot({ capacity: 2 });
  const bought = [await app.order("workshop", { slotId }), await app.order("workshop", { slotId })];
  for (const payment of bought) {
    paidAtStripe(payment);
    await app.rows("delete from booking where order_id = $1", [payment.orderId]);
    await lose(payment);
  }
  await app.rows("update slot set capacity = 1 where id = $1", [slotId]);
  expect(await ran()).toMatchObject({ ordersRestored: 2 });
  const places = await app.rows(
    "select state, places from booking where order_id = any ($1) order by state",
    [bought.map(({ orderId }) => orderId)],
  );
  expect(places).toEqual([
    { state: "booked", places: 1 },
    { state: "refused", places: 1 },
  ]);
});

test("a lost booking has its place again though its date was closed or has begun since", async () => {
  const slots = [await app.slot(), await app.slot()];
  const bought = await Promise.all(slots.map((slotId) => app.order("workshop", { slotId })));
  for (const payment of bought) {
    paidAtStripe(payment);
    await app.rows("delete from booking where order_id = $1", [payment.orderId]);
    await lose(payment);
  }
  await app.rows("update slot set closed_at = now() where id = $1", [slots[0]]);
  await app.rows("update slot set starts_at = now() where id = $1", [slots[1]]);
  expect(await ran()).toMatchObject({ ordersRestored: 2 });
  const ids = bought.map(({ orderId }) => orderId);
  expect(await app.rows("select state from booking where order_id = any ($1)", [ids])).toEqual([
    { state: "booked" },
    { state: "booked" },
  ]);
  expect(
    await app.rows("select key from outbox where data ->> 'orderId' = any ($1) and key like 'refund:%'", [
      ids,
    ]),
  ).toEqual([]);
});

test("sessions of another shop on the same Stripe account stay that shop's", async () => {
  const payment = await app.order();
  const { shop, ...metadata } = Object(app.stripe.sessions.get(payment.sessionId)?.metadata);
  expect(shop).toEqual(expect.any(String));
  // One that was made before shops had ids tells it by where its buyer comes back to.
  paidAtStripe(payment, { metadata, success_url: "https://staging.example/checkout/success" });
  await lose(payment);
  expect(await ran()).toMatchObject({ ordersRestored: 0 });
  expect((await app.get(`/api/orders/${payment.orderId}`, app.asServer)).status).toBe(404);
  app.stripe.sessions.delete(payment.sessionId);
});

test("a dry run tells each difference and writes nothing", async () => {
  const [paid, lost, same] = [await app.order(), await app.order(), await app.order()];
  await app.deliver(completed(same));
  const missed = completed(paid);
  const refund = event("refund.created", {
    id: `re_${paid.charge}`,
    object: "refund",
    amount: 1900,
    charge: paid.charge,
    payment_intent: paid.paymentIntent,
    status: "succeeded",
    created: now(),
    metadata: {},
  });
  happened(refund, missed);
  paidAtStripe(lost);
  await lose(lost);
  const everything = () =>
    Promise.all(
      [
        "order",
        "stripe_event",
        "stripe_link",
        "entitlement",
        "order_change",
        "reconcile",
        "checkout_attempt",
      ].map((table) => app.rows(`select * from "${table}" as t order by t::text`)),
    );
  const before = await everything();
  const { differences } = await compare(app.engine);
  expect(await everything()).toEqual(before);
  expect(
    differences.filter(({ orderId }) => [paid, lost, same].some((order) => order.orderId === orderId)),
  ).toEqual([
    {
      orderId: paid.orderId,
      here: { status: "PENDING", amountRefunded: 0, place: null, grants: [] },
      atStripe: expect.objectContaining({
        status: "REFUNDED",
        amountRefunded: 1900,
        grants: [expect.objectContaining({ productKey: "ebook", state: "ended" })],
      }),
      because: expect.arrayContaining([
        `checkout.session.completed ${missed.id}`,
        `refund.created ${refund.id}`,
      ]),
    },
    {
      orderId: lost.orderId,
      here: null,
      atStripe: expect.objectContaining({
        status: "FULFILLED",
        grants: [expect.objectContaining({ productKey: "ebook", state: "active" })],
      }),
      because: [`session ${lost.sessionId}`],
    },
  ]);
});

test("an operator sees how far it has come; others don't", async () => {
  expect((await app.get("/api/admin/reconcile")).status).toBe(403);
  expect((await app.get("/api/admin/reconcile", app.asServer)).json).toEqual({
    comparedUntil: null,
    underWay: null,
    lastReport: null,
  });
  const payment = await app.order();
  paidAtStripe(payment);
  await ran();
  const { json } = await app.get("/api/admin/reconcile", app.asServer);
  expect(json).toMatchObject({ underWay: null, lastReport: { finishedAt: expect.any(String) } });
  expect(await stateOf(payment)).toMatchObject({ status: "FULFILLED" });
});
