import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { reconcile } from "#/recovery/reconcile/reconcile.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { completed, event, subscriptionObject, WEBHOOK_SECRET } from "../../../../test/support/events.ts";

/** What is signed and can't be stored: trying again would never help, so it is kept for a person instead of failing for ever. */

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

const NUL = "a\u0000b@example.com";
const HALF_A_PAIR = "a\ud800b@example.com";
const NO_TIME = 1e15;

function deliver(payload: string) {
  const header = Stripe.webhooks.generateTestHeaderString({ payload, secret: WEBHOOK_SECRET });
  return app.post("/api/stripe/webhook", payload, { "stripe-signature": header });
}

async function kept(id: string) {
  const [row] = await app.rows<{ outcome: string; error: string }>(
    "select outcome, error from stripe_event where id = $1",
    [id],
  );
  return row;
}

const quarantined = { status: 200, json: { received: true, outcome: "quarantined" } };

test.each([NUL, HALF_A_PAIR])("a buyer's e-mail with a character that can't be stored: %j", async (email) => {
  const payment = await app.order();
  const odd = completed(payment, { customer_details: { email } });
  expect(await app.deliver(odd)).toMatchObject(quarantined);
  expect(await kept(odd.id)).toMatchObject({ outcome: "quarantined", error: expect.stringMatching(/\.$/) });
  // It stops nothing else either: the session is listed with that address.
  Object.assign(app.stripe.sessions.get(payment.sessionId) ?? {}, odd.data.object);
  expect(await reconcile(app.engine)).toMatchObject({ ok: true });
  app.stripe.sessions.delete(payment.sessionId);
});

test("a time that no calendar has, of the event or within its object", async () => {
  const payment = await app.order();
  const ages = { ...completed(payment), created: NO_TIME };
  expect(await app.deliver(ages)).toMatchObject(quarantined);
  expect(await kept(ages.id)).toMatchObject({ outcome: "quarantined", error: expect.stringMatching(/\.$/) });
  const plan = await app.order("pro");
  const later = event("customer.subscription.updated", subscriptionObject(plan, { periodEnd: NO_TIME }));
  expect(await app.deliver(later)).toMatchObject(quarantined);
});

test("an object that is nested more deeply than PostgreSQL reads", async () => {
  const payment = await app.order();
  const paid = completed(payment);
  const depth = 100_000;
  const deep = `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  const payload = JSON.stringify(paid).replace('"object":{', `"object":{"odd":${deep},`);
  expect(await deliver(payload)).toMatchObject(quarantined);
  const [row] = await app.rows("select payload #>> '{}' as payload from stripe_event where id = $1", [
    paid.id,
  ]);
  expect(row).toEqual({ payload });
  const replay = await app.post(`/api/admin/events/${paid.id}/replay`, {}, app.asServer);
  expect(replay.status).toBe(400);
  expect(await kept(paid.id)).toMatchObject({ outcome: "quarantined" });
});

test("an id, type or version with the character NUL is no event of Stripe's", async () => {
  const payment = await app.order();
  for (const more of [{ id: "evt_\0" }, { type: "\0" }, { api_version: "\0" }]) {
    expect(await app.deliver({ ...completed(payment), ...more })).toMatchObject({
      status: 400,
      json: { code: "invalid_request" },
    });
  }
});
