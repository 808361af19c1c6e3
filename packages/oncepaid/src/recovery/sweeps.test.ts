import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { v7 as uuidv7 } from "uuid";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { insertClaimedOrder } from "#/orders/claim.ts";
import { retryFailedEvents } from "#/recovery/failed-events.ts";
import { settleOpenOrders } from "#/recovery/open-orders.ts";
import { NO_FACTS } from "#/rules/facts.ts";
import { until } from "../../../../shop/embedded/alive.ts";
import { ROOT } from "../../../../shop/embedded/places.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { completed, event, type Payment } from "../../../../test/support/events.ts";

/** Milliseconds. */
const PATIENCE = 20_000;
let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());
afterEach(async () => {
  app.stripe.script.status = undefined;
  await app.rows("delete from stripe_event where outcome = 'failed'");
});

const statusOf = async ({ orderId }: Payment) =>
  (await app.get(`/api/orders/${orderId}`, app.asServer)).json.status;

/** An event that fails because Stripe, which it needs, is down. */
async function failedEvent() {
  const payment = await app.order();
  Object.assign(app.stripe.sessions.get(payment.sessionId) ?? {}, {
    status: "complete",
    payment_status: "paid",
    payment_intent: payment.paymentIntent,
  });
  const event = { ...completed(payment), api_version: "2019-12-03" };
  app.stripe.script.status = 500;
  expect((await app.deliver(event)).status).toBe(500);
  app.stripe.script.status = undefined;
  return { payment, event };
}

const outcomeOf = async (id: string) =>
  (
    await app.rows<{ outcome: string; attempts: number }>("select * from stripe_event where id = $1", [id])
  )[0];

test("an event that failed is tried again when its time has come, even if Stripe never sends it again", async () => {
  const { payment, event } = await failedEvent();
  expect(await outcomeOf(event.id)).toMatchObject({ outcome: "failed", attempts: 1 });
  expect(await retryFailedEvents(app.engine)).toBe(0);
  await app.rows("update stripe_event set received_at = now() - interval '31 seconds' where id = $1", [
    event.id,
  ]);
  expect(await retryFailedEvents(app.engine)).toBe(1);
  expect(await outcomeOf(event.id)).toMatchObject({ outcome: "applied", attempts: 2 });
  expect(await statusOf(payment)).toBe("FULFILLED");
});

test("an event that fails for hours is tried once an hour, and no crowd of such events keeps a newer one from its turn", async () => {
  await app.rows(
    `insert into stripe_event (id, type, created, livemode, api_version, payload, outcome, attempts, received_at)
     select id, 'charge.refunded', now(), false, '2019-01-01', $1::jsonb || jsonb_build_object('id', id), 'failed', 9,
            now() - interval '119 minutes'
       from (select 'evt_hopeless_' || number as id from generate_series(1, 100) as number) as hopeless`,
    [
      JSON.stringify(
        event("charge.refunded", { id: "ch_hopeless", object: "charge" }, { api_version: "2019-01-01" }),
      ),
    ],
  );
  const { event: newer } = await failedEvent();
  await app.rows("update stripe_event set received_at = now() - interval '31 seconds' where id = $1", [
    newer.id,
  ]);
  app.stripe.script.status = 500;
  await retryFailedEvents(app.engine);
  expect(await outcomeOf(newer.id)).toMatchObject({ attempts: 2 });
  expect(await outcomeOf("evt_hopeless_1")).toMatchObject({ attempts: 9 });
  await app.rows(
    "update stripe_event set received_at = now() - interval '121 minutes' where id = 'evt_hopeless_1'",
  );
  await retryFailedEvents(app.engine);
  expect(await outcomeOf("evt_hopeless_1")).toMatchObject({ attempts: 10 });
});

test("the health check tells how long the oldest failed event waits", async () => {
  const { event } = await failedEvent();
  await app.rows("update stripe_event set received_at = now() - interval '1 hour' where id = $1", [event.id]);
  const { json } = await app.get("/api/health", app.asServer);
  expect(json).toMatchObject({ status: "ok", failedEvents: 1 });
  expect(json.oldestUnappliedEventSeconds).toBeGreaterThanOrEqual(3600);
  await retryFailedEvents(app.engine);
  expect((await app.get("/api/health", app.asServer)).json).toMatchObject({
    failedEvents: 0,
    oldestUnappliedEventSeconds: null,
  });
});

test("npm run replay sends a stored event through the same door", async () => {
  const { payment, event } = await failedEvent();
  const replay = (...args: string[]) =>
    promisify(execFile)(process.execPath, [join(ROOT, "bin", "replay.ts"), ...args], {
      cwd: ROOT,
      env: process.env,
    });
  expect((await replay(event.id)).stdout).toBe(`${event.id} applied\n`);
  expect(await statusOf(payment)).toBe("FULFILLED");
  expect((await replay("--failed")).stdout).toBe("Nothing to replay.\n");
  await expect(replay()).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Name the events"),
  });
  await expect(replay("evt_nothing")).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining("no event"),
  });
});

test("an order whose session ended unheard of is settled by asking Stripe", async () => {
  const [paid, expired, open] = [await app.order(), await app.order(), await app.order()];
  Object.assign(app.stripe.sessions.get(paid.sessionId) ?? {}, {
    status: "complete",
    payment_status: "paid",
    payment_intent: paid.paymentIntent,
  });
  Object.assign(app.stripe.sessions.get(expired.sessionId) ?? {}, { status: "expired" });
  await app.rows(
    "update checkout_attempt set expires_at = now() - interval '6 minutes' where session_id = any ($1)",
    [[paid.sessionId, expired.sessionId]],
  );
  const calls = app.stripe.calls.length;
  await settleOpenOrders(app.engine);
  expect(await statusOf(paid)).toBe("FULFILLED");
  expect(await statusOf(expired)).toBe("CANCELED");
  expect(await statusOf(open)).toBe("PENDING");
  expect(app.stripe.calls.length - calls).toBe(2);
});

test("a delayed payment that is on its way is not asked about again and again", async () => {
  const delayed = await app.order();
  await app.deliver(completed(delayed, { payment_status: "unpaid" }));
  await app.rows(
    "update checkout_attempt set expires_at = now() - interval '6 minutes' where session_id = $1",
    [delayed.sessionId],
  );
  const calls = app.stripe.calls.length;
  await settleOpenOrders(app.engine);
  expect(app.stripe.calls.length).toBe(calls);
  expect(await statusOf(delayed)).toBe("PENDING");
});

test("a crowd of orders that can't be settled for now hides no other", async () => {
  const [overdue, paid] = [await app.order(), await app.order()];
  Object.assign(app.stripe.sessions.get(overdue.sessionId) ?? {}, { status: "expired" });
  await app.rows(
    "update checkout_attempt set expires_at = now() - interval '6 minutes' where session_id = $1",
    [overdue.sessionId],
  );
  const sells = (product: string) =>
    app.rows("update order_item set product_key = $2 where order_id = $1", [paid.orderId, product]);
  await sells("sold-no-more");
  await app.deliver(completed(paid));
  expect(await statusOf(paid)).toBe("PAID");
  // Older ones: sessions of a Stripe account that was used before, payments of a product that left the catalog.
  for (const like of [overdue, paid]) {
    await app.rows(
      `with old as (
         insert into "order" (id, user_id, cart_id, mode, status, livemode, locale, facts, created_at, paid_at)
         select gen_random_uuid(), 'crowd', 'crowd-' || o.id || number, o.mode, o.status, o.livemode, o.locale,
                o.facts, now() - interval '2 days', o.paid_at
           from generate_series(1, 150) as number, "order" o where o.id = $1
         returning id
       ), items as (
         insert into order_item (order_id, product_key, quantity) select id, 'sold-no-more', 1 from old
       )
       insert into checkout_attempt (order_id, attempt, parameters, idempotency_key, session_id, expires_at)
       select id, 1, '{}', id::text, 'cs_elsewhere_' || id, now() - interval '1 day' from old`,
      [like.orderId],
    );
  }
  await sells("ebook");
  const swept = async () => {
    await settleOpenOrders(app.engine);
    return (await statusOf(overdue)) === "CANCELED" && (await statusOf(paid)) === "FULFILLED";
  };
  expect(await until(swept, PATIENCE)).toBe(true);
});

test("an order whose process died between claiming a subscription and granting it is granted by the sweep, once", async () => {
  const [id, subscription, now] = [uuidv7(), "sub_claimed_and_died", Math.floor(Date.now() / 1000)];
  const price = {
    productKey: "pro",
    quantity: 2,
    unitAmount: 2900,
    price: "month",
    stripePriceId: "price_pro",
  };
  const known = {
    status: "active" as const,
    at: now,
    items: [{ price: "price_pro", quantity: 2 }],
    prices: { price_pro: true as const },
    currentPeriodStart: now,
    currentPeriodEnd: now + 30 * 24 * 60 * 60,
  };
  await insertClaimedOrder(app.engine.database, {
    id,
    userId: "claimed-and-died",
    email: null,
    locale: "en",
    livemode: false,
    subscription,
    customer: "cus_claimed",
    items: [price],
    facts: {
      ...NO_FACTS,
      subscriptions: { [subscription]: known },
      claims: { [subscription]: { paidAt: now, amountTotal: 5800, currency: "usd" } },
    },
  });
  const granted = () =>
    app.rows("select product_key, quantity, state from entitlement where order_id = $1", [id]);
  expect(await granted()).toEqual([]);
  await Promise.all([settleOpenOrders(app.engine), settleOpenOrders(app.engine)]);
  expect(await granted()).toEqual([{ product_key: "pro", quantity: 2, state: "active" }]);
  expect((await app.get(`/api/orders/${id}`, app.asServer)).json).toMatchObject({ status: "FULFILLED" });
});
