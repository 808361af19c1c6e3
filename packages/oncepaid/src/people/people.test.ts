import { afterAll, beforeAll, expect, test } from "vitest";
import type { Pool } from "#/database/connection.ts";
import { openPool } from "#/database/pool.ts";
import {
  chargeRefunded,
  completed,
  event,
  type Payment,
  subscriptionObject,
} from "../../../../test/support/events.ts";
import { startEngine, type TestEngine } from "../../test/engine.ts";

const BY = { by: "desk" };
const PERSON = { userId: "wanda-the-buyer", email: "Wanda@Example.com" };
/** What must be found nowhere afterwards. */
const TRACE = "wanda";

let app: TestEngine;
let pool: Pool;
beforeAll(async () => {
  app = await startEngine();
  pool = openPool(app.database.url, { max: 2, applicationName: "test" });
});
afterAll(async () => {
  await pool.end();
  await app.close();
});

/** Each row of each table of the engine's that holds one of the traces, as text. */
async function traces(): Promise<string[]> {
  const tables = await textsOf(
    `select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('oncepaid', 'oncepaid_jobs')`,
  );
  const found = await Promise.all(
    tables.map((table) =>
      textsOf(`select '${table} ' || r::text from ${table} r where r::text ilike '%${TRACE}%'`),
    ),
  );
  return found.flat();
}

async function textsOf(text: string): Promise<string[]> {
  const { rows } = await pool.query({ text: `select t as text from (${text}) as all_of_it(t)` });
  return rows.map((row) =>
    typeof row === "object" && row !== null && "text" in row ? String(row.text) : "",
  );
}

async function paidBy(userId: string, productKey: "ebook" | "pro" = "ebook"): Promise<Payment> {
  const payment = await app.order(productKey);
  await app.oncepaid.move({ orderId: payment.orderId, to: userId });
  return payment;
}

const told = (payment: Payment) =>
  completed(payment, { customer_details: { email: "wanda@example.com", name: "Wanda Wei" } });

test("a person is told everything that is kept, and then taken out of all of it; the books keep the order", async () => {
  const payment = await paidBy(PERSON.userId);
  await app.deliver(told(payment));
  await app.oncepaid.correct(payment.orderId, { email: "wanda@example.com", note: "Wanda called", ...BY });
  await app.oncepaid.move({ orderId: payment.orderId, to: "wanda-2", ...BY });
  await app.oncepaid.move({ orderId: payment.orderId, to: PERSON.userId, ...BY });
  const given = { productKey: "pro" as const, note: "For Wanda", ...BY };
  await app.oncepaid.grant({ ...given, userId: PERSON.userId });
  await app.oncepaid.grant({ ...given, email: "wanda@example.com" });

  const exported = await app.oncepaid.exportPerson(PERSON);
  expect(exported).toMatchObject({
    ok: true,
    person: {
      orders: [
        {
          id: payment.orderId,
          amountTotal: 1900,
          email: "wanda@example.com",
          sessions: [{ name: "Wanda Wei" }],
        },
      ],
      grants: [{ note: "For Wanda" }, { email: "wanda@example.com" }],
      events: [{ type: "checkout.session.completed" }],
    },
  });
  expect(JSON.stringify(exported.ok && exported.person.events)).toContain("Wanda Wei");

  await pool.query({
    text: `with told as (
             insert into oncepaid.webhook_delivery (id, endpoint_id, key, what, subject)
             select gen_random_uuid(), id, 'told of a person', '{"type": "order.fulfilled"}', $1 from oncepaid.webhook_endpoint
              where url is null returning id)
           insert into oncepaid.webhook_attempt (delivery_id, milliseconds, request) select id, 1, $2::jsonb from told`,
    values: [payment.orderId, JSON.stringify({ headers: {}, body: JSON.stringify(PERSON) })],
  });
  expect((await traces()).length).toBeGreaterThan(5);
  expect(await app.oncepaid.erasePerson({ ...PERSON, ...BY })).toEqual({
    ok: true,
    orders: 1,
    grants: 2,
    seats: 0,
    events: 0,
  });
  expect(await traces()).toEqual([]);
  const order = await app.oncepaid.order(payment.orderId);
  expect(order).toMatchObject({ status: "FULFILLED", amountTotal: 1900, items: [{ productKey: "ebook" }] });
  expect(await app.oncepaid.has(PERSON.userId, "ebook")).toBe(false);
  expect(await app.oncepaid.has(PERSON.userId, "pro")).toBe(false);
  expect(await app.oncepaid.timeline(payment.orderId)).toContainEqual(
    expect.objectContaining({ what: "erase", actor: "desk" }),
  );
});

test("what Stripe tells afterwards, late or once more, brings nothing back, and is still heard", async () => {
  const payment = await paidBy(PERSON.userId);
  await app.deliver(told(payment));
  expect(await app.oncepaid.erasePerson({ ...PERSON, ...BY })).toMatchObject({ ok: true, orders: 1 });
  const refund = chargeRefunded(payment, 1900);
  Object.assign(refund.data.object, { billing_details: { email: "wanda@example.com" } });
  await app.deliver(refund);
  await app.deliver(told(payment));
  expect(await app.oncepaid.order(payment.orderId)).toMatchObject({
    status: "REFUNDED",
    amountRefunded: 1900,
  });
  await app.oncepaid.sweep();
  expect(await traces()).toEqual([]);
});

test("while a plan goes on nothing is erased: somebody would be charged whom nobody knows", async () => {
  const payment = await paidBy("xaver", "pro");
  const plan = subscriptionObject(payment);
  await app.deliver(
    completed(payment, { mode: "subscription", payment_intent: null, subscription: plan.id }),
  );
  await app.deliver(event("customer.subscription.created", plan));
  const xaver = { userId: "xaver", ...BY };
  expect(await app.oncepaid.erasePerson(xaver)).toMatchObject({ ok: false, code: "plan_active" });
  expect(await app.oncepaid.has("xaver", "pro")).toBe(true);
  await app.deliver(event("customer.subscription.deleted", { ...plan, status: "canceled", ended_at: 1 }));
  expect(await app.oncepaid.erasePerson(xaver)).toMatchObject({ ok: true, orders: 1 });
  expect(await app.oncepaid.entitlements("xaver")).toEqual([]);
});

test("while a subscription goes on nothing is erased either, though its plan gives no access", async () => {
  const payment = await paidBy("zoe", "pro");
  const plan = subscriptionObject(payment);
  await app.deliver(
    completed(payment, { mode: "subscription", payment_intent: null, subscription: plan.id }),
  );
  await app.deliver(event("customer.subscription.created", plan));
  const [entitlement] = await app.oncepaid.entitlements("zoe");
  // What follows from it at Stripe waits for a worker.
  await app.oncepaid.end(entitlement?.id ?? "", BY);
  expect(await app.oncepaid.has("zoe", "pro")).toBe(false);
  const zoe = { userId: "zoe", ...BY };
  expect(await app.oncepaid.erasePerson(zoe)).toMatchObject({ ok: false, code: "plan_active" });
  await app.deliver(event("customer.subscription.deleted", { ...plan, status: "canceled", ended_at: 1 }));
  expect(await app.oncepaid.erasePerson(zoe)).toMatchObject({ ok: true, orders: 1 });
});

test("nobody is nobody: without a name nothing is told and nothing erased", async () => {
  const payment = await paidBy("yann");
  await app.deliver(completed(payment));
  expect(await app.oncepaid.exportPerson({})).toMatchObject({ code: "invalid_request" });
  expect(await app.oncepaid.erasePerson({ email: " ", ...BY })).toMatchObject({ code: "invalid_request" });
  expect(await app.oncepaid.erasePerson({ userId: "who-is-that", ...BY })).toMatchObject({
    ok: true,
    orders: 0,
  });
  expect(await app.oncepaid.has("yann", "ebook")).toBe(true);
});
