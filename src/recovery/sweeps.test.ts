import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { retryFailedEvents } from "#/recovery/failed-events.ts";
import { settleOpenOrders } from "#/recovery/open-orders.ts";
import { startApi, type TestApi } from "../../test/support/api.ts";
import { completed, type Payment } from "../../test/support/events.ts";

const ROOT = join(import.meta.dirname, "..", "..");
let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

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
  expect(await retryFailedEvents()).toBe(0);
  await app.rows("update stripe_event set received_at = now() - interval '31 seconds' where id = $1", [
    event.id,
  ]);
  expect(await retryFailedEvents()).toBe(1);
  expect(await outcomeOf(event.id)).toMatchObject({ outcome: "applied", attempts: 2 });
  expect(await statusOf(payment)).toBe("FULFILLED");
});

test("the health check tells how long the oldest failed event waits", async () => {
  const { event } = await failedEvent();
  await app.rows("update stripe_event set received_at = now() - interval '1 hour' where id = $1", [event.id]);
  const { json } = await app.get("/api/health");
  expect(json).toMatchObject({ status: "ok", failedEvents: 1 });
  expect(json.oldestUnappliedEventSeconds).toBeGreaterThanOrEqual(3600);
  await retryFailedEvents();
  expect((await app.get("/api/health")).json).toMatchObject({
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
  await settleOpenOrders();
  expect(await statusOf(paid)).toBe("FULFILLED");
  expect(await statusOf(expired)).toBe("CANCELED");
  expect(await statusOf(open)).toBe("PENDING");
  expect(app.stripe.calls.length - calls).toBe(2);
});
