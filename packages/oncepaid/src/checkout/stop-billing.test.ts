import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { stopBilling } from "#/checkout/stop-billing.ts";
import type { Engine } from "#/engine.ts";
import { engineIn } from "#/oncepaid.ts";
import type { Policy } from "#/rules/grants.ts";
import {
  completed,
  disputeObject,
  event,
  newPayment,
  type Payment,
  subscriptionObject,
} from "../../../../test/support/events.ts";
import { startEngine, type TestEngine } from "../../test/engine.ts";

type Told = { orderId: string; subscriptionId: string; cause: string; action: string };

const BY = { by: "ada" };
const told: Told[] = [];
const resumed: [orderId: string, subscriptionId: string][] = [];
let app: TestEngine;
let engine: Engine;
beforeAll(async () => {
  app = await startEngine({
    after: {
      "billing.stopped": ({ orderId, subscriptionId, cause, action }) =>
        void told.push({ orderId, subscriptionId, cause, action }),
      "billing.resumed": ({ order, subscriptionId }) => void resumed.push([order.id, subscriptionId]),
    },
  });
  engine = engineIn(app.oncepaid);
});
afterAll(() => app.close());
afterEach(() => {
  policyOfPro({});
  policyOf("other", {});
  delete app.stripe.script.status;
  delete app.stripe.script.dropAnswers;
});

function policyOfPro(policy: Partial<Policy>): void {
  policyOf("pro", policy);
}

function policyOf(productKey: string, { onAccessEnded, onPausedCollection }: Partial<Policy>): void {
  Object.assign(engine.catalog.find(productKey)?.policy ?? {}, { onAccessEnded, onPausedCollection });
}

let carts = 0;
/** A buyer's plan, paid for and known at Stripe. */
async function plan(
  userId = `owner-${++carts}`,
): Promise<Payment & { userId: string; subscription: string }> {
  const payment = await opened(userId);
  await app.deliver(paid(payment));
  return { ...payment, userId, subscription: `sub_${payment.charge}` };
}

async function opened(userId: string, productKey: "pro" | "other" = "pro"): Promise<Payment> {
  const started = await app.oncepaid.checkout({
    cartId: `cart-billing-${++carts}`,
    productKey,
    userId,
  });
  if (!started.ok) throw new Error(started.error);
  const payment = newPayment(started.orderId, started.url.split("/").at(-1) ?? "");
  app.stripe.objects.set(`sub_${payment.charge}`, subscriptionObject(payment));
  const list = app.stripe.lists.get("/v1/invoice_payments") ?? [];
  app.stripe.lists.set("/v1/invoice_payments", [
    {
      id: `inpay_${payment.charge}`,
      payment: { type: "payment_intent", payment_intent: payment.paymentIntent },
    },
    ...list,
  ]);
  return payment;
}

const paid = (payment: Payment) =>
  completed(payment, {
    mode: "subscription",
    payment_intent: null,
    subscription: `sub_${payment.charge}`,
    invoice: `in_${payment.charge}`,
  });
const lost = (payment: Payment) =>
  event("charge.dispute.closed", {
    ...disputeObject(payment, "lost"),
    metadata: { order_id: payment.orderId },
  });
const invoicePaid = ({ orderId }: Payment, id: string, amount: number) =>
  event("invoice.paid", {
    id,
    object: "invoice",
    amount_paid: amount,
    currency: "usd",
    parent: { subscription_details: { metadata: { order_id: orderId } } },
  });
const invoicePayment = (invoice: string, paymentIntent: string) =>
  event("invoice_payment.paid", {
    id: `inpay_${paymentIntent}`,
    object: "invoice_payment",
    invoice,
    payment: { type: "payment_intent", payment_intent: paymentIntent },
  });
const atStripe = ({ charge }: Payment) => app.stripe.objects.get(`sub_${charge}`);
const toldOf = ({ orderId }: Payment) => told.filter((one) => one.orderId === orderId);
const refundsOf = ({ orderId }: Payment) =>
  [...app.stripe.refunds.values()].filter(({ metadata }) => metadata.order_id === orderId);
/** What a process that died left to the next one. */
const again = ({ orderId }: Payment, cause: string) =>
  stopBilling(engine, `stop_billing:${orderId}:${cause}`, { orderId, cause });

test("a plan whose payment is lost in a dispute is canceled at Stripe, and that is told once", async () => {
  const owner = await plan();
  await app.deliver(lost(owner));
  await app.oncepaid.sweep();
  expect(atStripe(owner)).toMatchObject({ status: "canceled" });
  await app.deliver(lost(owner));
  await app.oncepaid.sweep();
  const { orderId, subscription, charge } = owner;
  expect(toldOf(owner)).toEqual([
    { orderId, subscriptionId: subscription, cause: `du_${charge}`, action: "canceled" },
  ]);
});

test("a part that is lost leaves the plan and its billing", async () => {
  const owner = await plan();
  const { data, ...rest } = lost(owner);
  await app.deliver({ ...rest, data: { object: { ...data.object, amount: 100 } } });
  await app.oncepaid.sweep();
  expect(await app.oncepaid.has(owner.userId, "pro")).toBe(true);
  expect(atStripe(owner)).toMatchObject({ status: "active" });
  expect(toldOf(owner)).toEqual([]);
});

test("a renewal lost before it is told is measured against its own payment, of which Stripe is asked", async () => {
  for (const [amount, ends] of [
    [29_000, false],
    [1900, true],
  ] as const) {
    const owner = await plan();
    await app.deliver(invoicePaid(owner, `in_${owner.charge}`, 1900));
    await app.deliver(invoicePayment(`in_${owner.charge}`, owner.paymentIntent));
    const renewal = { ...owner, charge: `${owner.charge}_2`, paymentIntent: `${owner.paymentIntent}_2` };
    app.stripe.objects.set(renewal.charge, { id: renewal.charge, object: "charge", amount });
    await app.deliver(lost(renewal));
    expect(await app.oncepaid.entitlements(owner.userId)).toMatchObject([{ state: "suspended" }]);
    await app.oncepaid.sweep();
    expect(await app.oncepaid.has(owner.userId, "pro")).toBe(!ends);
    expect(atStripe(owner)).toMatchObject({ status: ends ? "canceled" : "active" });
    // Its invoice, heard at last, says the same.
    await app.deliver(invoicePaid(owner, `in_${renewal.charge}`, amount));
    await app.deliver(invoicePayment(`in_${renewal.charge}`, renewal.paymentIntent));
    expect(await app.oncepaid.order(owner.orderId)).toMatchObject({
      status: ends ? "REFUNDED" : "FULFILLED",
      amountLost: 1900,
    });
  }
});

test("a first payment that nobody told of ends no billing before Stripe was asked what was lost", async () => {
  const owner = await plan();
  app.stripe.objects.set(owner.charge ?? "", { id: owner.charge, object: "charge", amount: 29_000 });
  await app.deliver(lost(owner));
  await app.oncepaid.sweep();
  expect(atStripe(owner)).toMatchObject({ status: "active" });
  expect(await app.oncepaid.has(owner.userId, "pro")).toBe(true);
});

test.each([
  ["cancel", { status: "canceled" }, "canceled"],
  ["pause", { status: "active", pause_collection: { behavior: "void" } }, "paused"],
  ["tell", { status: "active" }, "left"],
] as const)(
  "a plan that an operator ends is left to its policy: %s",
  async (onAccessEnded, state, action) => {
    policyOfPro({ onAccessEnded });
    const owner = await plan();
    const [entitlement] = await app.oncepaid.entitlements(owner.userId);
    await app.oncepaid.end(entitlement?.id ?? "", BY);
    await app.oncepaid.sweep();
    expect(atStripe(owner)).toMatchObject(state);
    expect(toldOf(owner)).toMatchObject([{ action }]);
  },
);

test("a plan that was paused because its access ended is collected again once the access is given back", async () => {
  policyOfPro({ onAccessEnded: "pause" });
  const [restored, won, still] = [await plan(), await plan(), await plan()];
  for (const { userId } of [restored, still]) {
    await app.oncepaid.end((await app.oncepaid.entitlements(userId))[0]?.id ?? "", BY);
  }
  await app.deliver(lost(won));
  await app.oncepaid.sweep();
  for (const one of [restored, won, still]) {
    expect(atStripe(one)).toMatchObject({ pause_collection: { behavior: "void" } });
  }
  await app.oncepaid.restore((await app.oncepaid.entitlements(restored.userId))[0]?.id ?? "", BY);
  for (const payment of [won, still]) {
    await app.deliver(event("charge.dispute.closed", disputeObject(payment, "won")));
  }
  await app.oncepaid.sweep();
  for (const one of [restored, won]) expect(atStripe(one)).toMatchObject({ pause_collection: null });
  const goesOn = [restored, won].map(({ orderId, subscription }) => [orderId, subscription]);
  expect(resumed).toHaveLength(2);
  expect(resumed).toEqual(expect.arrayContaining(goesOn));
  expect(await app.oncepaid.has(still.userId, "pro")).toBe(false);
  expect(atStripe(still)).toMatchObject({ pause_collection: { behavior: "void" } });
  const [entitlement] = await app.oncepaid.entitlements(restored.userId);
  await app.oncepaid.end(entitlement?.id ?? "", BY);
  await app.oncepaid.sweep();
  expect(atStripe(restored)).toMatchObject({ pause_collection: { behavior: "void" } });
  // A win is the bank's last word: that the same dispute was lost, told again later, takes nothing away and pauses nothing.
  await app.deliver({ ...lost(won), created: lost(won).created + 60 });
  await app.oncepaid.sweep();
  expect(await app.oncepaid.has(won.userId, "pro")).toBe(true);
  expect(atStripe(won)).toMatchObject({ pause_collection: null });
  expect(resumed).toHaveLength(2);
});

test("access that is given back before Stripe could be asked keeps its subscription", async () => {
  const owner = await plan();
  const [entitlement] = await app.oncepaid.entitlements(owner.userId);
  app.stripe.script.status = 500;
  await app.oncepaid.end(entitlement?.id ?? "", BY);
  await app.oncepaid.sweep();
  delete app.stripe.script.status;
  const { rows } = await engine.database.query<{ cause: string }>(
    "select cause from oncepaid.billing_stop where order_id = $1 and done_at is null",
    [owner.orderId],
  );
  await app.oncepaid.restore(entitlement?.id ?? "", BY);
  expect(rows).toHaveLength(1);
  await again(owner, rows[0]?.cause ?? "");
  expect(atStripe(owner)).toMatchObject({ status: "active" });
  await app.oncepaid.sweep();
  expect(toldOf(owner)).toEqual([]);
});

test("one plan paid for in two tabs: the second is canceled, its money given back, and its buyer told; the first goes on", async () => {
  const first = await opened("two-tabs");
  const second = await opened("two-tabs");
  await app.deliver(paid(first));
  await app.deliver(paid(second));
  await app.oncepaid.sweep();
  expect(atStripe(first)).toMatchObject({ status: "active" });
  expect(atStripe(second)).toMatchObject({ status: "canceled" });
  expect(refundsOf(first)).toEqual([]);
  expect(refundsOf(second).map(({ payment_intent }) => payment_intent)).toContain(second.paymentIntent);
  expect(toldOf(second)).toMatchObject([{ cause: "duplicate", action: "canceled" }]);
  await app.deliver(
    event("customer.subscription.deleted", subscriptionObject(second, { status: "canceled" })),
  );
  expect(await app.oncepaid.order(second.orderId)).toMatchObject({ status: "CANCELED", entitlements: [] });
  // The plan that is over was never theirs, whatever becomes of the first one.
  await app.deliver(
    event("customer.subscription.deleted", subscriptionObject(first, { status: "canceled" })),
  );
  await app.oncepaid.sweep();
  expect(await app.oncepaid.order(second.orderId)).toMatchObject({ status: "CANCELED", entitlements: [] });
});

test.each(["keep", "suspend"] as const)(
  "one plan paid for in two tabs: the second that was paused is collected again once the first has ended: %s",
  async (onPausedCollection) => {
    policyOfPro({ onAccessEnded: "pause", onPausedCollection });
    const userId = `two-tabs-${onPausedCollection}`;
    const [first, second] = [await opened(userId), await opened(userId)];
    await app.deliver(paid(first));
    await app.deliver(paid(second));
    await app.oncepaid.sweep();
    expect(atStripe(second)).toMatchObject({ pause_collection: { behavior: "void" } });
    const paused = subscriptionObject(second, { pause_collection: { behavior: "void", resumes_at: null } });
    await app.deliver(event("customer.subscription.updated", paused));
    await app.oncepaid.sweep();
    expect(atStripe(second)).toMatchObject({ pause_collection: { behavior: "void" } });
    await app.deliver(
      event("customer.subscription.deleted", subscriptionObject(first, { status: "canceled" })),
    );
    await app.oncepaid.sweep();
    await app.oncepaid.sweep();
    expect(atStripe(second)).toMatchObject({ pause_collection: null });
    expect(resumed.filter(([orderId]) => orderId === second.orderId)).toHaveLength(1);
  },
);

/** Stripe tells that the plan is of that price from now on. */
const changedTo = (payment: Payment, price: string, seconds = 0) =>
  event("customer.subscription.updated", subscriptionObject(payment, { price }), {
    created: Math.floor(Date.now() / 1000) + seconds,
  });
const accessOf = async ({ orderId }: Payment) => {
  const order = await app.oncepaid.order(orderId);
  const entitlements = order?.entitlements.map(({ productKey, state, reason }) => [
    productKey,
    state,
    reason,
  ]);
  return { status: order?.status, entitlements: entitlements?.sort() };
};

test("a plan changed into one its owner has through another order ends what it was, and is paused for a person; once that one ends it is the plan, and collected again", async () => {
  const [changed, bought] = [await opened("changes", "other"), await opened("changes")];
  await app.deliver(paid(changed));
  await app.deliver(paid(bought));
  await app.deliver(changedTo(changed, "price_pro"));
  const gone = ["other", "ended", "plan_changed"];
  expect(await accessOf(changed)).toEqual({ status: "PAID", entitlements: [gone] });
  await app.oncepaid.sweep();
  await app.oncepaid.sweep();
  expect(atStripe(changed)).toMatchObject({ status: "active", pause_collection: { behavior: "void" } });
  // What was paid for the plan it was before is not to be given back unasked.
  expect(refundsOf(changed)).toEqual([]);
  expect(toldOf(changed)).toMatchObject([{ cause: "duplicate", action: "paused" }]);
  expect([await accessOf(bought), toldOf(bought)]).toEqual([
    { status: "FULFILLED", entitlements: [["pro", "active", null]] },
    [],
  ]);
  await app.deliver(
    event("customer.subscription.deleted", subscriptionObject(bought, { status: "canceled" })),
  );
  await app.oncepaid.sweep();
  await app.oncepaid.sweep();
  expect(await accessOf(changed)).toEqual({
    status: "FULFILLED",
    entitlements: [gone, ["pro", "active", null]],
  });
  expect(atStripe(changed)).toMatchObject({ pause_collection: null });
});

test("a plan changed into a second one is left where its policy only tells, and over once its subscription is", async () => {
  policyOf("other", { onAccessEnded: "tell" });
  const [changed, bought] = [await opened("is-told", "other"), await opened("is-told")];
  await app.deliver(paid(changed));
  await app.deliver(paid(bought));
  await app.deliver(changedTo(changed, "price_pro"));
  await app.oncepaid.sweep();
  expect(atStripe(changed)).toMatchObject({ status: "active" });
  expect(toldOf(changed)).toMatchObject([{ cause: "duplicate", action: "left" }]);
  const canceled = subscriptionObject(changed, { price: "price_pro", status: "canceled" });
  await app.deliver(event("customer.subscription.deleted", canceled));
  expect(await accessOf(changed)).toMatchObject({
    status: "CANCELED",
    entitlements: [
      ["other", "ended", "plan_changed"],
      ["pro", "ended", "subscription_canceled"],
    ],
  });
  expect(await app.oncepaid.has("is-told", "pro")).toBe(true);
});

test("a plan changed into one that is paid for at the same moment is had once, and one of the two is stopped", async () => {
  const [changed, bought] = [await opened("at-once", "other"), await opened("at-once")];
  await app.deliver(paid(changed));
  await Promise.all([app.deliver(changedTo(changed, "price_pro")), app.deliver(paid(bought))]);
  await Promise.all([app.oncepaid.sweep(), app.oncepaid.sweep()]);
  await app.oncepaid.sweep();
  const given = await app.oncepaid.entitlements("at-once");
  expect(given.map(({ productKey, state }) => [productKey, state]).sort()).toEqual([
    ["other", "ended"],
    ["pro", "active"],
  ]);
  const isStopped = ({ orderId }: Payment) =>
    !given.some((one) => one.orderId === orderId && one.state === "active");
  for (const one of [changed, bought]) expect(toldOf(one)).toHaveLength(isStopped(one) ? 1 : 0);
});

test("a process that dies after Stripe canceled the plan leaves the telling to the next one, also once Stripe told of it", async () => {
  const owner = await plan();
  await app.deliver(invoicePayment(`in_${owner.charge}`, owner.paymentIntent));
  await app.deliver(lost(owner));
  app.stripe.script.dropAnswers = true;
  await expect(again(owner, `du_${owner.charge}`)).rejects.toThrow();
  delete app.stripe.script.dropAnswers;
  expect(atStripe(owner)).toMatchObject({ status: "canceled" });
  await app.deliver(
    event("customer.subscription.deleted", subscriptionObject(owner, { status: "canceled" })),
  );
  await again(owner, `du_${owner.charge}`);
  await app.oncepaid.sweep();
  expect(toldOf(owner)).toMatchObject([{ action: "canceled" }]);
});

test("a plan that was paused by a process that died is collected again where its access came back meanwhile", async () => {
  policyOfPro({ onAccessEnded: "pause" });
  const owner = await plan();
  await app.deliver(invoicePayment(`in_${owner.charge}`, owner.paymentIntent));
  await app.deliver(lost(owner));
  app.stripe.script.dropAnswers = true;
  await expect(again(owner, `du_${owner.charge}`)).rejects.toThrow();
  delete app.stripe.script.dropAnswers;
  expect(atStripe(owner)).toMatchObject({ pause_collection: { behavior: "void" } });
  await app.deliver(event("charge.dispute.closed", disputeObject(owner, "won")));
  await again(owner, `du_${owner.charge}`);
  await app.oncepaid.sweep();
  expect(atStripe(owner)).toMatchObject({ pause_collection: null });
  expect(toldOf(owner)).toEqual([]);
});

test("run at the same time on two machines, for two reasons, it cancels and tells once", async () => {
  const owner = await plan();
  const [entitlement] = await app.oncepaid.entitlements(owner.userId);
  await app.deliver(lost(owner));
  await app.oncepaid.end(entitlement?.id ?? "", BY);
  const cause = `du_${owner.charge}`;
  await Promise.all([again(owner, cause), again(owner, cause), app.oncepaid.sweep()]);
  await app.oncepaid.sweep();
  expect(atStripe(owner)).toMatchObject({ status: "canceled" });
  expect(toldOf(owner)).toHaveLength(1);
});
