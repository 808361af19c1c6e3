import { afterEach, beforeEach, expect, test } from "vitest";
import { completed, event, type Payment, subscriptionObject } from "../../../../test/support/events.ts";
import { startEngine, type TestEngine } from "../../test/engine.ts";

const BY = { by: "ada" };
const NOTHING = { ok: false, code: "not_refundable" };

let app: TestEngine;
beforeEach(async () => {
  app = await startEngine();
});
afterEach(() => app.close());

const invoiceOf = ({ charge }: Payment) => `in_${charge}`;

/** A plan of which its checkout alone has told. */
async function bought(): Promise<Payment & { subscription: string }> {
  const payment = await app.order("pro");
  const subscription = subscriptionObject(payment).id;
  await app.deliver(
    completed(payment, {
      mode: "subscription",
      payment_intent: null,
      subscription,
      invoice: invoiceOf(payment),
    }),
  );
  return { ...payment, subscription };
}

type Shown = { amount?: number; paidAt?: number; id?: string; payments?: object[] };

/** As Stripe shows it when it is asked. */
function shown(
  of: Payment & { subscription: string },
  { amount = 1900, paidAt = 1_000, ...more }: Shown = {},
) {
  const { id = invoiceOf(of), payments = [paidWith(of, id)] } = more;
  const { subscription } = of;
  app.stripe.lists.set("/v1/invoices", [
    ...(app.stripe.lists.get("/v1/invoices") ?? []),
    {
      ...{
        id,
        object: "invoice",
        status: "paid",
        amount_paid: amount,
        currency: "usd",
        created: paidAt,
        subscription,
      },
      status_transitions: { paid_at: paidAt },
      parent: { subscription_details: { subscription, metadata: { order_id: of.orderId } } },
      payments: { object: "list", data: payments },
    },
  ]);
}

function paidWith({ paymentIntent }: Payment, invoice: string) {
  const payment = { type: "payment_intent", payment_intent: paymentIntent };
  return { id: `inpay_${invoice}`, object: "invoice_payment", status: "paid", invoice, payment };
}

const refund = ({ orderId }: Payment, more: { amount?: number; key?: string } = {}) =>
  app.oncepaid.refund(orderId, { ...BY, ...more });
const asked = () => app.stripe.calls.filter(({ path }) => path === "/v1/invoices").length;
const refundCalls = () =>
  app.stripe.calls.filter(({ method, path }) => method === "POST" && path === "/v1/refunds");

test("a plan is given back by what Stripe says of its payment, once asked, where no event has told", async () => {
  const plan = await bought();
  shown(plan);
  expect(await refund(plan, { amount: 100 })).toMatchObject({
    ok: true,
    refund: { amount: 100, state: "made" },
  });
  expect(refundCalls()[0]?.form.get("payment_intent")).toBe(plan.paymentIntent);
  expect(await refund(plan)).toMatchObject({ ok: true, refund: { amount: 1800 } });
  expect(await refund(plan)).toMatchObject(NOTHING);
  expect(asked()).toBe(1);
});

test("Stripe isn't asked where events have told, and what they tell after it was asked changes nothing", async () => {
  const [told, later] = [await bought(), await bought()];
  const events = (of: typeof told) => [
    event("invoice.paid", {
      ...{ id: invoiceOf(of), object: "invoice", amount_paid: 1900, metadata: {} },
      parent: { subscription_details: { subscription: of.subscription, metadata: { order_id: of.orderId } } },
    }),
    event("invoice_payment.paid", paidWith(of, invoiceOf(of))),
  ];
  for (const one of events(told)) await app.deliver(one);
  expect(await refund(told, { amount: 100 })).toMatchObject({ ok: true });
  expect(asked()).toBe(0);
  shown(later);
  expect(await refund(later, { amount: 1000 })).toMatchObject({ ok: true });
  for (const one of events(later)) expect(await app.deliver(one)).toMatchObject({ outcome: "applied" });
  expect(await refund(later, { amount: 901 })).toMatchObject({ ok: false, code: "refund_too_large" });
});

test("two at once, each of which asks Stripe, give back no more than was paid; one key is one refund", async () => {
  const [two, same] = [await bought(), await bought()];
  shown(two);
  shown(same);
  const answers = await Promise.all([refund(two), refund(two)]);
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  const keyed = await Promise.all([refund(same, { key: "once" }), refund(same, { key: "once" })]);
  expect(new Set(keyed.map((answer) => answer.ok && answer.refund.id)).size).toBe(1);
  expect(app.stripe.refunds.size).toBe(2);
});

test("a refund that was told of before its payment counts once the payment is known", async () => {
  const plan = await bought();
  const made = { id: "re_early", object: "refund", status: "succeeded", amount: 1500, metadata: {} };
  const { charge, paymentIntent } = plan;
  await app.deliver(
    event("refund.created", { ...made, charge, created: 1_000, payment_intent: paymentIntent }),
  );
  shown(plan);
  expect(await refund(plan)).toMatchObject({ ok: true, refund: { amount: 400 } });
});

test("of several invoices the last one that cost something is given back", async () => {
  const plan = await bought();
  shown(plan);
  const renewal = { ...plan, paymentIntent: `${plan.paymentIntent}_renewal` };
  shown(renewal, { id: "in_renewal", paidAt: 2_000 });
  shown(plan, { id: "in_free", paidAt: 3_000, amount: 0, payments: [] });
  expect(await refund(plan, { amount: 100 })).toMatchObject({ ok: true });
  expect(refundCalls()[0]?.form.get("payment_intent")).toBe(renewal.paymentIntent);
});

test("a trial, and an invoice that was paid outside of Stripe, have nothing to give back, and that is said", async () => {
  const [trial, outside] = [await bought(), await bought()];
  shown(trial, { amount: 0, payments: [] });
  expect(await refund(trial)).toMatchObject({
    ...NOTHING,
    error: expect.stringContaining("Nothing was paid"),
  });
  shown(outside, { payments: [] });
  expect(await refund(outside)).toMatchObject({
    ...NOTHING,
    error: expect.stringContaining("no payment of Stripe"),
  });
  expect(refundCalls()).toHaveLength(0);
});

test("while Stripe can't be asked nothing is written, and the same request is safe again", async () => {
  const plan = await bought();
  shown(plan);
  app.stripe.script.status = 503;
  expect(await refund(plan, { key: "again" })).toMatchObject({ ok: false, code: "stripe_unavailable" });
  delete app.stripe.script.status;
  expect(await refund(plan, { key: "again" })).toMatchObject({ ok: true, refund: { amount: 1900 } });
  expect(app.stripe.refunds.size).toBe(1);
});
