import assert from "node:assert/strict";
import { SERVER, sandboxClient, startSample, stopSample } from "./sample.mjs";
import { until, walk } from "./steps.mjs";

/**
 * The Node server of stripe-samples/checkout-one-time-payments, from a clone of it, with what its own specs promise: each step is named after
 * an example of `spec/client_and_server_spec.rb` or `spec/e2e_spec.rb`. Where the specs name `checkout.stripe.com`, the sandbox's page stands.
 */
const client = sandboxClient();
const { id: price } = await client.prices.create({
  currency: "usd",
  product_data: { name: "Pasha photo" },
  unit_amount: 1_000,
});

const server = startSample("html", { PRICE: price });
const get = async (path) => (await fetch(`${SERVER}${path}`)).json();

await until("the server", () => fetch(SERVER).catch(() => undefined));
await walk("stripe-samples/checkout-one-time-payments", {
  "/config returns the expected configuration": async () => {
    assert.equal((await fetch(SERVER)).status, 200);
    assert.deepEqual(await get("/config"), {
      currency: "usd",
      publicKey: "pk_test_clients",
      unitAmount: 1_000,
    });
  },
  "/create-checkout-session returns a redirect to the hosted checkout URL": async () => {
    const response = await fetch(`${SERVER}/create-checkout-session`, {
      body: new URLSearchParams({ quantity: "7" }),
      method: "POST",
      redirect: "manual",
    });
    assert.equal(response.status, 303);
    const [id = ""] = /cs_test_\w+/.exec(response.headers.get("location") ?? "") ?? [];
    const session = await client.checkout.sessions.retrieve(id, { expand: ["line_items"] });
    assert.equal(session.line_items.data[0].quantity, 7);
  },
  "/checkout-session retrieves the Checkout Session": async () => {
    const { id } = await client.checkout.sessions.create({
      line_items: [{ price, quantity: 1 }],
      mode: "payment",
      success_url: "https://example.com/success",
    });
    const session = await get(`/checkout-session?sessionId=${id}`);
    assert.equal(session.id, id);
    assert.equal(session.object, "checkout.session");
  },
  "with a valid card, the payment should be completed successfully": async () => {
    const { launchBrowser } = await import(process.env.BROWSER);
    const browser = await launchBrowser();
    const page = await browser.newPage({ locale: "en-US" });
    await page.goto(SERVER);
    await page.getByText("+", { exact: true }).click();
    await page.getByText("Buy", { exact: false }).first().click();
    await page.locator("[name=email]").fill("test@example.com");
    await page.locator("[name=cardNumber]").fill("4242424242424242");
    await page.locator("[name=cardExpiry]").fill("12 / 33");
    await page.getByLabel("CVC").fill("123");
    await page.locator("[name=billingName]").fill("James McGill");
    await page.locator("[name=billingCountry]").selectOption({ label: "United States" });
    await page.locator("[name=billingPostalCode]").fill("10000");
    await page.locator("#enableStripePass").uncheck();
    await page.getByTestId("hosted-payment-submit-button").click();
    await page.getByText("Your payment succeeded").waitFor();
    await page.getByText('"amount_total": 2000').waitFor();
    await browser.close();
  },
});
await stopSample(server);
