import { afterEach, beforeEach, expect, test } from "vitest";
import { engineIn } from "#/oncepaid.ts";
import { completed, event, type Payment, subscriptionObject } from "../../../../test/support/events.ts";
import { startEngine, type TestEngine } from "../../test/engine.ts";

/** Cancels where Stripe has nothing to cancel: its account was emptied, or the end was never told. */

const BY = { by: "ada" };
const MISSING = "Stripe doesn't have this subscription, so what it gave was ended here.";

let app: TestEngine;
let told: string[];
beforeEach(async () => {
  told = [];
  app = await startEngine({ after: { "order.canceled": ({ order }) => void told.push(order.id) } });
});
afterEach(() => app.close());

/** A plan that is paid, of whose subscription Stripe knows nothing. */
async function plan() {
  const payment = await app.order("pro");
  const subscription = subscriptionObject(payment);
  const paid = { mode: "subscription", payment_intent: null, subscription: subscription.id };
  await app.deliver(completed(payment, paid));
  await app.deliver(event("customer.subscription.created", subscription));
  return { payment, subscription };
}

const cancel = (
  { orderId }: Payment,
  more: { when?: "now" | "period_end"; key?: string; note?: string } = {},
) => app.oncepaid.cancel(orderId, { when: "now", ...BY, ...more });

async function stateOf({ orderId }: Payment) {
  const { rows } = await engineIn(app.oncepaid).database.query(
    "select state, reason from oncepaid.entitlement where order_id = $1",
    [orderId],
  );
  return rows;
}

async function endings({ orderId }: Payment) {
  const timeline = await app.oncepaid.timeline(orderId);
  return timeline.flatMap(({ effects }) => effects.filter((effect) => effect.startsWith("access.ended")));
}

/** As if the process had died after Stripe answered and before that was written, with or without what followed from it. */
async function die({ orderId }: Payment): Promise<void> {
  await engineIn(app.oncepaid).database.query(
    "update oncepaid.support_action set done_at = null, stripe_id = null, note = null where order_id = $1",
    [orderId],
  );
}

test("a plan whose subscription Stripe doesn't have is ended here, once, and the timeline says why", async () => {
  const { payment } = await plan();
  expect(await cancel(payment, { note: "She asked." })).toEqual({ ok: true, state: "made" });
  expect(await stateOf(payment)).toEqual([{ state: "ended", reason: "operator" }]);
  expect(await app.oncepaid.timeline(payment.orderId)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ what: "cancel", actor: "ada", note: `She asked.; ${MISSING}` }),
      expect.objectContaining({ what: "changed", actor: "ada" }),
    ]),
  );
  await die(payment);
  await app.oncepaid.sweep();
  expect(await endings(payment)).toHaveLength(1);
  expect(await cancel(payment)).toEqual({ ok: true, state: "made" });
  expect(await endings(payment)).toHaveLength(1);
});

test("a process that dies before anything followed leaves it to the job", async () => {
  const { payment } = await plan();
  app.stripe.script.status = 503;
  expect(await cancel(payment)).toEqual({ ok: true, state: "asked" });
  expect(await stateOf(payment)).toMatchObject([{ state: "active" }]);
  delete app.stripe.script.status;
  await app.oncepaid.sweep();
  expect(await stateOf(payment)).toMatchObject([{ state: "ended" }]);
});

test.each([
  ["one key", ["k", "k", "k", "k"]],
  ["two keys", ["k1", "k2", "k1", "k2"]],
])("asked for at once under %s it is ended once", async (_, keys) => {
  const { payment } = await plan();
  const answers = await Promise.all(keys.map((key) => cancel(payment, { key })));
  expect(answers).toEqual(keys.map(() => ({ ok: true, state: "made" })));
  expect(await endings(payment)).toHaveLength(1);
  expect(await stateOf(payment)).toMatchObject([{ state: "ended" }]);
});

test("access that was given back since is ended by the next cancel", async () => {
  const { payment } = await plan();
  await cancel(payment);
  const { entitlements } = (await app.oncepaid.order(payment.orderId)) ?? { entitlements: [] };
  // Two rulings of one second are told apart by their ids alone.
  await engineIn(app.oncepaid).database.query(
    `update oncepaid."order" set facts = jsonb_set(facts, '{rulings}',
       (select jsonb_object_agg(key, value || '{"at": 1}') from jsonb_each(facts -> 'rulings'))) where id = $1`,
    [payment.orderId],
  );
  await app.oncepaid.restore(entitlements[0]?.id ?? "", BY);
  expect(await stateOf(payment)).toMatchObject([{ state: "active" }]);
  await cancel(payment);
  expect(await endings(payment)).toHaveLength(2);
  expect(await stateOf(payment)).toMatchObject([{ state: "ended" }]);
});

test("what an operator says last counts, though the clock of the machine before was ahead", async () => {
  const { payment } = await plan();
  const { entitlements } = (await app.oncepaid.order(payment.orderId)) ?? { entitlements: [] };
  const id = entitlements[0]?.id ?? "";
  await app.oncepaid.end(id, BY);
  const ahead = Math.floor(Date.now() / 1000) + 3_600;
  await engineIn(app.oncepaid).database.query(
    `update oncepaid."order" set facts = jsonb_set(facts, '{rulings}',
       (select jsonb_object_agg(key, value || jsonb_build_object('at', $2::bigint)) from jsonb_each(facts -> 'rulings'))) where id = $1`,
    [payment.orderId, ahead],
  );
  expect(await app.oncepaid.restore(id, BY)).toEqual({ ok: true });
  expect(await stateOf(payment)).toMatchObject([{ state: "active" }]);
  await app.oncepaid.end(id, BY);
  expect(await stateOf(payment)).toMatchObject([{ state: "ended" }]);
});

test("a plan that ended at Stripe without anybody hearing of it is ended as its event would have", async () => {
  const { payment, subscription } = await plan();
  const endedAt = Math.floor(Date.now() / 1000) - 60;
  app.stripe.objects.set(subscription.id, { ...subscription, status: "canceled", ended_at: endedAt });
  expect(await cancel(payment)).toEqual({ ok: true, state: "made" });
  expect(await app.oncepaid.order(payment.orderId)).toMatchObject({ status: "CANCELED" });
  expect(await stateOf(payment)).toEqual([{ state: "ended", reason: "subscription_canceled" }]);
  await app.deliver(
    event("customer.subscription.deleted", { ...subscription, status: "canceled", ended_at: endedAt }),
  );
  await app.oncepaid.sweep();
  expect(told).toEqual([payment.orderId]);
});

test("what Stripe doesn't have can't end with its period: that is refused, and nothing changes", async () => {
  const { payment } = await plan();
  expect(await cancel(payment, { when: "period_end" })).toMatchObject({
    ok: false,
    code: "refused_by_stripe",
    error: expect.stringContaining("Stripe doesn't have this subscription"),
  });
  expect(await stateOf(payment)).toMatchObject([{ state: "active" }]);
});
