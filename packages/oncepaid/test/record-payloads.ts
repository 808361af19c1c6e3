import { mkdirSync, writeFileSync } from "node:fs";
import Stripe from "stripe";
import { ORDER_ID } from "./histories.ts";

/**
 * Records one event of every type that is routed, as the sandbox sends it: `npm run sandbox`, then
 * `node packages/oncepaid/test/record-payloads.ts http://127.0.0.1:<its port>`. To be
 * run again when the SDK pins another API version or a type is added; what the table of payloads.test.ts says then shows what
 * has become different.
 */

const DAY_SECONDS = 24 * 60 * 60;
const ORIGIN = "https://shop.example.com";

const [sandboxUrl = ""] = process.argv.slice(2);
const stripe = new Stripe("sk_test_record", {
  host: "127.0.0.1",
  port: new URL(sandboxUrl).port,
  protocol: "http",
  telemetry: false,
});

async function control(path: string, body: object = {}): Promise<void> {
  const answer = await fetch(`${sandboxUrl}/sandbox/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
}

const ebook = await stripe.prices.create({
  currency: "usd",
  unit_amount: 1900,
  product_data: { name: "Field guide" },
});
const pro = await stripe.prices.create({
  currency: "usd",
  unit_amount: 2900,
  recurring: { interval: "month" },
  product_data: { name: "Pro" },
});

const page = {
  client_reference_id: ORDER_ID,
  customer_email: "buyer@example.com",
  success_url: `${ORIGIN}/checkout/success?session_id={CHECKOUT_SESSION_ID}`,
  cancel_url: `${ORIGIN}/pricing?checkout=cancelled&order_id=${ORDER_ID}`,
  allow_promotion_codes: true,
};
const metadata = (productKey: string) => ({
  order_id: ORDER_ID,
  cart_id: "cart-recorded",
  product_key: productKey,
  user_id: "user-recorded",
});

function order(): Promise<Stripe.Checkout.Session> {
  const own = metadata("ebook");
  return stripe.checkout.sessions.create({
    ...page,
    mode: "payment",
    line_items: [{ price: ebook.id, quantity: 1 }],
    metadata: own,
    payment_intent_data: { metadata: own },
  });
}

function subscription(more: Stripe.Checkout.SessionCreateParams.SubscriptionData = {}) {
  const own = metadata("pro");
  return stripe.checkout.sessions.create({
    ...page,
    mode: "subscription",
    line_items: [{ price: pro.id, quantity: 3 }],
    metadata: own,
    subscription_data: { metadata: own, ...more },
  });
}

async function pay({ id }: Stripe.Checkout.Session, method: string): Promise<Stripe.Checkout.Session> {
  await stripe.rawRequest("POST", `/v1/payment_pages/${id}/confirm`, { payment_method: method });
  return stripe.checkout.sessions.retrieve(id);
}

function idOf(value: string | { id: string } | null): string {
  if (value === null) throw new Error("Nothing was made that has an id.");
  return typeof value === "string" ? value : value.id;
}

async function chargeOf(session: Stripe.Checkout.Session): Promise<string> {
  const intent = await stripe.paymentIntents.retrieve(idOf(session.payment_intent));
  return idOf(intent.latest_charge);
}

/** The newest event of a type becomes its payload. */
async function record(...types: string[]): Promise<void> {
  await control("webhooks/idle");
  for (const type of types) {
    const list = `${sandboxUrl}/v1/events?limit=1&type=${type}`;
    const answer: { data: unknown[] } = await (
      await fetch(list, { headers: { authorization: "Bearer sk_test_record" } })
    ).json();
    const [event] = answer.data;
    if (!event) throw new Error(`Nothing was heard of ${type}.`);
    const text = JSON.stringify(event, null, 2).replaceAll(sandboxUrl, "https://checkout.stripe.com");
    writeFileSync(new URL(`payloads/${type}.json`, import.meta.url), `${text}\n`);
  }
}

mkdirSync(new URL("payloads", import.meta.url), { recursive: true });

const bought = await pay(await order(), "pm_card_visa");
await record("checkout.session.completed");
await stripe.refunds.create({ charge: await chargeOf(bought) });
await control("clock/advance", { seconds: 60 });
await record("refund.created", "charge.refunded", "refund.updated");

const arrived = await pay(await order(), "pm_usBankAccount_success");
await control(`payment_intents/${idOf(arrived.payment_intent)}/settle`, { outcome: "succeed" });
await record("checkout.session.async_payment_succeeded");
const missing = await pay(await order(), "pm_usBankAccount_success");
await control(`payment_intents/${idOf(missing.payment_intent)}/settle`, { outcome: "fail" });
await record("checkout.session.async_payment_failed");
await stripe.checkout.sessions.expire((await order()).id);
await record("checkout.session.expired");

const stuck = await stripe.refunds.create({
  charge: await chargeOf(await pay(await order(), "pm_card_refundFail")),
});
await control("clock/advance", { seconds: 60 });
if (stuck.status === "failed") throw new Error("The refund failed before it was made.");
await record("refund.failed");

await control(`charges/${await chargeOf(await pay(await order(), "pm_card_visa"))}/fraud_warning`);
await record("radar.early_fraud_warning.created");

for (const outcome of ["winning_evidence", "losing_evidence"]) {
  const charge = await chargeOf(await pay(await order(), "pm_card_createDispute"));
  const [dispute] = (await stripe.disputes.list({ charge })).data;
  if (!dispute) throw new Error("There is no dispute.");
  await record("charge.dispute.created", "charge.dispute.funds_withdrawn");
  await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: outcome } });
  await record("charge.dispute.updated");
  await control("clock/advance", { seconds: 60 });
  await record("charge.dispute.closed");
  if (outcome === "winning_evidence") await record("charge.dispute.funds_reinstated");
}

const plan = await pay(await subscription(), "pm_card_visa");
const id = idOf(plan.subscription);
await record("customer.subscription.created", "invoice.paid");
await control("clock/advance", { seconds: 60 });
await record("invoice_payment.paid");
const [item] = (await stripe.subscriptions.retrieve(id)).items.data;
if (!item) throw new Error("The subscription has no item.");
await stripe.subscriptions.update(id, { items: [{ id: item.id, quantity: 5 }] });
await record("customer.subscription.updated");
await stripe.subscriptions.pause(id);
await record("customer.subscription.paused");
await stripe.subscriptions.resume(id);
await record("customer.subscription.resumed");

await pay(await subscription({ trial_period_days: 14 }), "pm_card_visa");
await control("clock/advance", { seconds: 12 * DAY_SECONDS });
await record("customer.subscription.trial_will_end");

await stripe.subscriptions.cancel(id);
await record("customer.subscription.deleted");

for (const [method, type] of [
  ["pm_card_chargeCustomerFail", "invoice.payment_failed"],
  ["pm_card_authenticationRequired", "invoice.payment_action_required"],
] as const) {
  const renewed = await pay(await subscription(), "pm_card_visa");
  const customer = idOf(renewed.customer);
  const card = await stripe.paymentMethods.attach(method, { customer });
  await stripe.subscriptions.update(idOf(renewed.subscription), { default_payment_method: card.id });
  await control("clock/advance", { seconds: 32 * DAY_SECONDS });
  await record(type);
}

console.log(`Prices: ebook ${ebook.id}, pro ${pro.id}`);
