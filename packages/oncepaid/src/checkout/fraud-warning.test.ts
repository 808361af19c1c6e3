import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { answerFraudWarning } from "#/checkout/fraud-warning.ts";
import type { Engine } from "#/engine.ts";
import { engineIn } from "#/oncepaid.ts";
import type { Policy } from "#/rules/grants.ts";
import { query } from "../../../../test/support/database.ts";
import {
  chargeRefunded,
  completed,
  disputeObject,
  event,
  type Payment,
  subscriptionObject,
} from "../../../../test/support/events.ts";
import { startEngine, type TestEngine } from "../../test/engine.ts";

const told: string[] = [];
let app: TestEngine;
let engine: Engine;
beforeAll(async () => {
  app = await startEngine({
    after: { "payment.early_fraud_warning": ({ orderId }) => void told.push(orderId) },
  });
  engine = engineIn(app.oncepaid);
});
afterAll(() => app.close());
afterEach(() => policy(undefined));

function policy(onEarlyFraudWarning: Policy["onEarlyFraudWarning"]): void {
  for (const key of ["ebook", "pro"]) {
    Object.assign(engine.catalog.find(key)?.policy ?? {}, { onEarlyFraudWarning });
  }
}

const accessTo = async ({ orderId }: Payment) => (await app.oncepaid.order(orderId))?.entitlements[0];
const warning = ({ charge, paymentIntent }: Payment, more = {}, created = Math.floor(Date.now() / 1000)) =>
  event(
    "radar.early_fraud_warning.created",
    {
      id: `issfr_${charge}`,
      object: "radar.early_fraud_warning",
      actionable: true,
      charge,
      created,
      fraud_type: "made_with_stolen_card",
      payment_intent: paymentIntent,
    },
    more,
  );
const refundsOf = ({ orderId }: Payment) =>
  [...app.stripe.refunds.values()].filter(({ metadata }) => metadata.order_id === orderId);
const toldOf = ({ orderId }: Payment) => told.filter((one) => one === orderId);

test("an early fraud warning is told once, whether it comes before or after the payment, and nothing is given back", async () => {
  for (const early of [true, false]) {
    const payment = await app.order();
    const events = early ? [warning(payment), completed(payment)] : [completed(payment), warning(payment)];
    for (const one of [...events, warning(payment)]) await app.deliver(one);
    await app.oncepaid.sweep();
    expect(toldOf(payment)).toEqual([payment.orderId]);
    expect(refundsOf(payment)).toEqual([]);
    expect(await app.oncepaid.order(payment.orderId)).toMatchObject({ status: "FULFILLED" });
  }
});

test("where the policy is to refund, an early fraud warning gives what was paid back, once", async () => {
  policy("refund");
  const payment = await app.order();
  await app.deliver(completed(payment));
  await app.deliver(warning(payment));
  await app.oncepaid.sweep();
  const about = { orderId: payment.orderId, warningId: `issfr_${payment.charge}` };
  await Promise.all([
    answerFraudWarning(engine, "fraud_warning:again", about),
    answerFraudWarning(engine, "fraud_warning:and again", about),
  ]);
  expect(refundsOf(payment)).toMatchObject([
    { payment_intent: payment.paymentIntent, metadata: { reason: "early_fraud_warning" } },
  ]);
  expect(toldOf(payment)).toHaveLength(1);
});

test("where the policy is to suspend, access rests until it is given back by hand, or the dispute is won", async () => {
  policy("suspend");
  const [byHand, won] = [await app.order(), await app.order()];
  for (const payment of [byHand, won]) {
    await app.deliver(warning(payment));
    await app.deliver(completed(payment));
    expect(await accessTo(payment)).toMatchObject({ state: "suspended", reason: "fraud_warning" });
  }
  await app.oncepaid.restore(String((await accessTo(byHand))?.id), { by: "ada" });
  expect(await accessTo(byHand)).toMatchObject({ state: "active", reason: null });
  await app.deliver(event("charge.dispute.created", disputeObject(won, "needs_response")));
  expect(await accessTo(won)).toMatchObject({ reason: "disputed" });
  await app.deliver(event("charge.dispute.closed", disputeObject(won, "won")));
  expect(await accessTo(won)).toMatchObject({ state: "active", reason: null });
  expect([refundsOf(byHand), refundsOf(won)]).toEqual([[], []]);
});

test("the desk lists payments that a bank suspects until the money is given back or disputed, or a month is over", async () => {
  const warned = async () => (await app.oncepaid.desk.orders({ warned: true })).orders.map(({ id }) => id);
  const before = await warned();
  const open = await app.order();
  const refunded = await app.order();
  const disputed = await app.order();
  const old = await app.order();
  const calm = await app.order();
  for (const payment of [open, refunded, disputed, calm]) await app.deliver(completed(payment));
  for (const payment of [open, refunded, disputed]) await app.deliver(warning(payment));
  await query(app.database.url, "update oncepaid.setting set value = '0' where key = 'fraud_warnings_since'");
  await app.deliver(completed(old));
  await app.deliver(warning(old, {}, Math.floor(Date.now() / 1000) - 31 * 24 * 60 * 60));
  expect((await warned()).filter((id) => !before.includes(id)).sort()).toEqual(
    [open, refunded, disputed].map(({ orderId }) => orderId).sort(),
  );
  await app.deliver(chargeRefunded(refunded, 1900));
  await app.deliver(event("charge.dispute.created", disputeObject(disputed, "needs_response")));
  expect((await warned()).filter((id) => !before.includes(id))).toEqual([open.orderId]);
});

test("a warning that somebody has looked at leaves the desk's list, and one that comes later is listed again", async () => {
  const isListed = async ({ orderId }: Payment) => {
    const { orders } = await app.oncepaid.desk.orders({ warned: true });
    const order = await app.oncepaid.desk.order(orderId);
    const listed = orders.some(({ id }) => id === orderId);
    expect(order?.warnedAt !== null).toBe(listed);
    return listed;
  };
  const payment = await app.order();
  await app.deliver(completed(payment));
  expect(await app.oncepaid.review(payment.orderId, { by: "ada" })).toMatchObject({ code: "not_found" });
  await app.deliver(warning(payment));
  expect(await isListed(payment)).toBe(true);
  expect(await app.oncepaid.review(payment.orderId, { note: "I called.", by: "ada" })).toEqual({ ok: true });
  expect(await isListed(payment)).toBe(false);
  // Said earlier, and heard later: nobody has seen it all the same.
  const late = { ...payment, charge: `${payment.charge}late` };
  await app.deliver(warning(late, {}, Math.floor(Date.now() / 1000) - 60));
  expect(await isListed(payment)).toBe(true);
  await app.oncepaid.review(payment.orderId, { by: "bob" });
  expect(await isListed(payment)).toBe(false);
  const { entries } = await app.oncepaid.audit.list({ what: "support.review" });
  expect(entries.map(({ by, note, orderId }) => [by, note, orderId])).toEqual([
    ["bob", null, payment.orderId],
    ["ada", "I called.", payment.orderId],
  ]);
});

test("a payment that is disputed already is not given back because of an early fraud warning", async () => {
  policy("refund");
  const payment = await app.order();
  await app.deliver(completed(payment));
  await app.deliver(event("charge.dispute.created", disputeObject(payment, "needs_response")));
  await app.deliver(warning(payment));
  await app.oncepaid.sweep();
  expect(refundsOf(payment)).toEqual([]);
});

test("where the policy is to refund, an early fraud warning about a plan cancels its subscription too", async () => {
  policy("refund");
  const payment = await app.order("pro");
  const subscription = `sub_${payment.charge}`;
  app.stripe.objects.set(subscription, subscriptionObject(payment));
  await app.deliver(completed(payment, { mode: "subscription", payment_intent: null, subscription }));
  await app.deliver(event("customer.subscription.created", subscriptionObject(payment)));
  await app.deliver(
    event("invoice_payment.paid", {
      id: `inpay_${payment.charge}`,
      object: "invoice_payment",
      invoice: `in_${payment.charge}`,
      payment: { type: "payment_intent", payment_intent: payment.paymentIntent },
    }),
  );
  await app.deliver(warning(payment));
  await app.oncepaid.sweep();
  expect(refundsOf(payment)).toHaveLength(1);
  expect(app.stripe.objects.get(subscription)).toMatchObject({ status: "canceled" });
});

test("an early fraud warning of before the shop listened for them causes nothing, told or compared", async () => {
  policy("refund");
  const payment = await app.order();
  await app.deliver(completed(payment));
  const since = String(Math.floor(Date.now() / 1000) + 60);
  await query(
    app.database.url,
    `update oncepaid.setting set value = '${since}' where key = 'fraud_warnings_since'`,
  );
  const old = warning(payment);
  expect(await app.deliver(old)).toMatchObject({ ok: true, outcome: "ignored" });
  app.stripe.lists.set("/v1/radar/early_fraud_warnings", [{ id: "issfr_old", ...old.data.object }]);
  await app.oncepaid.reconcile({ since: 0 });
  await app.oncepaid.sweep();
  expect([toldOf(payment), refundsOf(payment)]).toEqual([[], []]);
  await query(app.database.url, "update oncepaid.setting set value = '0' where key = 'fraud_warnings_since'");
  await app.oncepaid.reconcile({ since: 0 });
  await app.oncepaid.sweep();
  expect([toldOf(payment), refundsOf(payment)]).toMatchObject([[payment.orderId], [{}]]);
});
