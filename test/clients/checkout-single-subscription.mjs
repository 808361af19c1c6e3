import assert from "node:assert/strict";
import { SERVER, sandboxClient, startSample, stopSample } from "./sample.mjs";
import { until, walk } from "./steps.mjs";

/**
 * The Node server of stripe-samples/checkout-single-subscription, from a clone of it: its specs, each step named after an example of
 * `spec/server_spec.rb`, and then what its pages are for, in a browser. Where the specs name `checkout.stripe.com` and
 * `billing.stripe.com`, the sandbox's pages stand.
 */
const client = sandboxClient();
const SANDBOX = `http://127.0.0.1:${process.env.SANDBOX_PORT}`;
const plan = (name, unit_amount) =>
  client.prices.create({
    currency: "usd",
    product_data: { name },
    recurring: { interval: "month" },
    unit_amount,
  });
const { id: basic } = await plan("Starter", 1_200);
const { id: pro } = await plan("Professional", 1_800);

const server = startSample(".", { BASIC_PRICE_ID: basic, PRO_PRICE_ID: pro });
const get = async (path) => (await fetch(`${SERVER}${path}`)).json();
const post = (path, form) =>
  fetch(`${SERVER}${path}`, { body: new URLSearchParams(form), method: "POST", redirect: "manual" });
const session = (more) =>
  client.checkout.sessions.create({
    cancel_url: `${SERVER}/canceled.html`,
    line_items: [{ price: basic, quantity: 1 }],
    mode: "subscription",
    success_url: `${SERVER}/success.html?session_id={CHECKOUT_SESSION_ID}`,
    ...more,
  });

await until("the server", () => fetch(SERVER).catch(() => undefined));
await walk("stripe-samples/checkout-single-subscription", {
  "/config returns expected values": async () => {
    assert.equal((await fetch(SERVER)).status, 200);
    assert.deepEqual(await get("/config"), {
      basicPrice: basic,
      proPrice: pro,
      publishableKey: "pk_test_clients",
    });
  },
  "/create-checkout-session fails with 400 without a price ID": async () => {
    assert.equal((await post("/create-checkout-session", { priceId: "" })).status, 400);
  },
  "/create-checkout-session returns a redirect with a valid price ID": async () => {
    const response = await post("/create-checkout-session", { priceId: basic });
    assert.equal(response.status, 303);
    const address = response.headers.get("location") ?? "";
    assert.ok(address.startsWith(`${SANDBOX}/c/pay/cs_test`), address);
    // As the spec reads it: up to a fragment.
    const [, id = ""] = /(cs_test\w*)#/.exec(address) ?? [];
    const made = await client.checkout.sessions.retrieve(id, { expand: ["line_items"] });
    assert.equal(made.line_items.data[0].price.id, basic);
  },
  "/checkout-session fetches the checkout session": async () => {
    const { id } = await session({ line_items: [{ price: basic, quantity: 7 }] });
    assert.equal((await get(`/checkout-session?sessionId=${id}`)).id, id);
  },
  "/customer-portal creates a customer portal session": async () => {
    const { id: customer } = await client.customers.create({ email: "portal@example.com" });
    const { id } = await session({ customer });
    const response = await post("/customer-portal", { sessionId: id });
    assert.equal(response.status, 303);
    assert.ok(response.headers.get("location")?.startsWith(`${SANDBOX}/p/session`));
  },
  "a plan is bought on its pages, and its billing managed": async () => {
    const { launchBrowser } = await import(process.env.BROWSER);
    const browser = await launchBrowser();
    const page = await browser.newPage({ locale: "en-US" });
    await page.goto(SERVER, { waitUntil: "networkidle" });
    await page.locator("#pro-plan-btn").click();
    await page.locator("[name=email]").fill("test@example.com");
    await page.locator("[name=cardNumber]").fill("4242424242424242");
    await page.locator("[name=cardExpiry]").fill("12 / 33");
    await page.getByLabel("CVC").fill("123");
    await page.locator("[name=billingName]").fill("James McGill");
    await page.locator("#enableStripePass").uncheck();
    await page.getByTestId("hosted-payment-submit-button").click();
    await page.getByText("Your payment succeeded").waitFor();
    await page.getByText('"amount_total": 1800').waitFor();
    await page.getByText("Manage Billing").click();
    await page.getByText("Professional").first().waitFor();
    await browser.close();
  },
});
await stopSample(server);
