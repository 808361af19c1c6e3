import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import type Stripe from "stripe";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "../../../../test/support/browser.ts";
import { Billing, DAY } from "../billing/test-billing.ts";
import { refusal, TestShop } from "../test-shop.ts";

let browser: Browser;
let shop: TestShop;
let billing: Billing;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  shop = await TestShop.open();
  billing = await Billing.open(shop);
  // Without scripts throughout: the portal needs none.
  const context = await browser.newContext({ javaScriptEnabled: false, locale: "en-IN" });
  page = await context.newPage();
});
afterEach(async () => {
  await page.context().close();
  await shop.close();
});

async function subscriber(extra: Partial<Stripe.SubscriptionCreateParams> = {}) {
  const customer = await billing.customer("pm_card_visa", { name: "Asha Rao" });
  const subscription = await billing.subscribe(customer.id, extra);
  await billing.settled();
  return { customer: customer.id, subscription: subscription.id };
}

async function open(customer: string, extra: Partial<Stripe.BillingPortal.SessionCreateParams> = {}) {
  const session = await shop.stripe.billingPortal.sessions.create({
    customer,
    return_url: `${shop.sandbox.url}/?back`,
    ...extra,
  });
  await billing.types();
  await page.goto(session.url);
  return session;
}

const retrieve = (id: string) => shop.stripe.subscriptions.retrieve(id);

test("it shows plan, card and invoices, and leads back", async () => {
  const { customer } = await subscriber({ items: [{ price: billing.price.id, quantity: 3 }] });
  const session = await open(customer);
  expect(session).toMatchObject({ customer, flow: null, object: "billing_portal.session" });
  await page.getByText("$60.00 per month").waitFor();
  await page.getByText("Quantity 3").waitFor();
  await page.getByText("Visa ending in 4242").waitFor();
  expect(await page.getByRole("listitem").count()).toBe(1);
  await page.getByRole("link", { name: /^View invoice/ }).click();
  await page.getByText("3 × Pro (at $20.00 / month)").waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "Return to Sandbox shop" }).click();
  await page.waitForURL("**/?back");
});

test("a cancellation waits for the end of the period, and can be taken back", async () => {
  const { customer, subscription } = await subscriber();
  await open(customer);
  await page.getByRole("link", { name: "Cancel subscription" }).click();
  await page.getByLabel("It is too expensive").check();
  await page.getByLabel("Anything else").fill("Too dear for me");
  await page.getByRole("button", { name: "Cancel subscription" }).click();
  await page.getByText(/^Your subscription ends on/).waitFor();
  expect(await billing.types(false)).toEqual(["customer.subscription.updated"]);
  expect(shop.last("customer.subscription.updated").data).toMatchObject({
    object: {
      cancel_at_period_end: true,
      cancellation_details: { comment: "Too dear for me", feedback: "too_expensive" },
      status: "active",
    },
    previous_attributes: { cancel_at_period_end: false },
  });
  expect(shop.last("customer.subscription.updated").request).toEqual({ id: null, idempotency_key: null });
  await page.getByRole("button", { name: "Don't cancel" }).click();
  await page.getByText("Your subscription goes on.").waitFor();
  expect(await retrieve(subscription)).toMatchObject({ cancel_at: null, cancel_at_period_end: false });
});

test("a cancellation of what is under a schedule lets the schedule go", async () => {
  const { customer, subscription } = await subscriber();
  const { subscriptionSchedules } = shop.stripe;
  const { id, phases } = await subscriptionSchedules.create({ from_subscription: subscription });
  const [now] = phases;
  const items = [{ price: billing.price.id, quantity: 1 }];
  await subscriptionSchedules.update(id, {
    phases: [
      { items, start_date: now?.start_date ?? 0, end_date: now?.end_date ?? 0 },
      { items: [{ price: billing.price.id, quantity: 2 }], duration: { interval: "month" } },
    ],
  });
  await open(customer);
  await page.getByRole("link", { name: "Cancel subscription" }).click();
  await page.getByRole("button", { name: "Cancel subscription" }).click();
  await page.getByText(/^Your subscription ends on/).waitFor();
  expect(await retrieve(subscription)).toMatchObject({ cancel_at: now?.end_date, schedule: null });
  expect((await subscriptionSchedules.retrieve(id)).status).toBe("released");
});

test("with immediate cancellation in its configuration it ends at once", async () => {
  const { customer, subscription } = await subscriber();
  const configuration = await shop.stripe.billingPortal.configurations.create({
    features: { subscription_cancel: { enabled: true, mode: "immediately" } },
  });
  await open(customer, {
    configuration: configuration.id,
    flow_data: {
      after_completion: { redirect: { return_url: `${shop.sandbox.url}/?gone` }, type: "redirect" },
      subscription_cancel: { subscription },
      type: "subscription_cancel",
    },
  });
  await page.getByRole("button", { name: "Cancel subscription" }).click();
  await page.waitForURL("**/?gone");
  expect(await billing.types()).toEqual(["customer.subscription.deleted"]);
  expect((await retrieve(subscription)).status).toBe("canceled");
});

test("a change of quantity is previewed, confirmed and billed", async () => {
  const { customer, subscription } = await subscriber();
  await open(customer);
  await page.getByRole("link", { name: "Update plan" }).click();
  await page.getByLabel("Quantity").fill("4");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText(/Next invoice, on/).waitFor();
  await page.getByText(/^Remaining time on 4 × Pro after/).waitFor();
  expect((await retrieve(subscription)).items.data[0]?.quantity).toBe(1);
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByText("Your plan is updated.").waitFor();
  expect(await billing.types()).toEqual([
    "invoiceitem.created",
    "invoiceitem.created",
    "customer.subscription.updated",
  ]);
  expect((await retrieve(subscription)).items.data[0]?.quantity).toBe(4);
});

test("another plan of the configuration can be chosen, and no other", async () => {
  const { customer, subscription } = await subscriber();
  const [dearer, foreign] = [await billing.priceOf(5_000), await billing.priceOf(9_900)];
  const configuration = await shop.stripe.billingPortal.configurations.create({
    features: {
      subscription_update: {
        default_allowed_updates: ["price"],
        enabled: true,
        products: [{ prices: [billing.price.id, dearer.id], product: String(billing.price.product) }],
        proration_behavior: "always_invoice",
      },
    },
  });
  const session = await open(customer, { configuration: configuration.id });
  await page.getByRole("link", { name: "Update plan" }).click();
  await page.getByText("$50.00 per month").click();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("Due today").waitFor();
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByText("Your plan is updated.").waitFor();
  expect((await retrieve(subscription)).items.data[0]?.price.id).toBe(dearer.id);
  await fetch(`${session.url}/subscriptions/${subscription}/update`, {
    body: new URLSearchParams({ price: foreign.id }),
    method: "POST",
  });
  expect((await retrieve(subscription)).items.data[0]?.price.id).toBe(dearer.id);
});

test("a new card pays what was owed, and its number is kept nowhere", async () => {
  const { customer, subscription } = await billing.behind();
  expect((await retrieve(subscription.id)).status).toBe("past_due");
  await open(customer.id);
  await page.getByRole("link", { name: "Change card" }).click();
  const fill = async (number: string) => {
    await page.getByLabel("Card number").fill(number);
    await page.getByLabel("Expiration").fill("12 / 39");
    await page.getByLabel("Security code").fill("123");
    await page.getByRole("button", { name: "Save" }).click();
  };
  await fill("4000000000000002");
  await page.getByText("Your card was declined.").waitFor();
  await fill("4242424242424241");
  await page.getByText("Enter a valid card number.").waitFor();
  await fill("5555 5555 5555 4444");
  await page.getByText("Your new card is saved.").waitFor();
  await page.getByText("Mastercard ending in 4444").waitFor();
  expect(await billing.types()).toEqual([
    "payment_method.attached",
    "customer.updated",
    "charge.succeeded",
    "payment_intent.succeeded",
    "invoice.paid",
    "invoice.payment_succeeded",
    "customer.subscription.updated",
  ]);
  expect((await retrieve(subscription.id)).status).toBe("active");
  const everything = JSON.stringify((await shop.stripe.events.list({ limit: 100 })).data);
  expect(everything).toContain("4444");
  expect(everything).not.toContain("5555555555554444");
});

test("details are changed where the configuration allows it", async () => {
  const { customer } = await subscriber();
  await open(customer);
  await page.getByRole("link", { name: "Update information" }).click();
  await page.getByLabel("Email").fill("nobody");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Enter a valid email.").waitFor();
  await page.getByLabel("Email").fill("asha@rao.example");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Your details are saved.").waitFor();
  expect(await shop.stripe.customers.retrieve(customer)).toMatchObject({ email: "asha@rao.example" });
});

test("pausing and resuming are offered where they are enabled", async () => {
  const { customer, subscription } = await subscriber();
  const configuration = await shop.stripe.billingPortal.configurations.create({
    features: { subscription_pause: { enabled: true } },
  });
  await open(customer, { configuration: configuration.id });
  expect(await page.getByText("Cancel subscription").count()).toBe(0);
  await page.getByRole("link", { name: "Pause subscription" }).click();
  await page.getByRole("button", { name: "Pause subscription" }).click();
  await page.getByText("Your subscription is paused.").waitFor();
  expect((await retrieve(subscription)).status).toBe("paused");
  await page.getByRole("button", { name: "Resume subscription" }).click();
  await page.getByText("Your subscription goes on.").waitFor();
  expect((await retrieve(subscription)).status).toBe("active");
});

test("a link is good for five minutes, for an hour after its last use, and for its own customer only", async () => {
  const { customer } = await subscriber();
  const other = await subscriber();
  const status = async (url: string) => (await fetch(url)).status;
  const unused = await shop.stripe.billingPortal.sessions.create({ customer });
  const { url } = await open(customer);
  await shop.advance(301);
  expect(await status(unused.url)).toBe(410);
  expect(await status(url)).toBe(200);
  expect(await status(`${url}/subscriptions/${other.subscription}/cancel`)).toBe(404);
  await shop.advance(3_590);
  expect(await status(url)).toBe(200);
  await shop.advance(3_620);
  expect(await status(url)).toBe(410);
  expect(await status(`${shop.sandbox.url}/p/session/test_unknown`)).toBe(410);
});

test("configurations are made, changed and listed, and the default can be taken away", async () => {
  const { configurations, sessions } = shop.stripe.billingPortal;
  const { customer } = await subscriber();
  const made = await configurations.create({
    features: { invoice_history: { enabled: true } },
    name: "Small",
  });
  expect(made.features.subscription_cancel.enabled).toBe(false);
  const changed = await configurations.update(made.id, { active: false });
  expect(changed.active).toBe(false);
  expect((await refusal(sessions.create({ customer, configuration: made.id }))).message).toContain(
    "not active",
  );
  const [standard] = (await configurations.list({ is_default: true })).data;
  expect(standard?.features.subscription_cancel).toMatchObject({ enabled: true, mode: "at_period_end" });
  await shop.control("billing", { portal_default: false });
  const error = await refusal(sessions.create({ customer }));
  expect(error.message).toContain("No configuration provided");
});

test.each([
  ["en", 1280],
  ["en", 375],
  ["hi-IN", 1280],
  ["hi-IN", 375],
])("in %s at %i px nothing overflows and axe finds nothing", async (locale, width) => {
  const { customer, subscription } = await subscriber({ items: [{ price: billing.price.id, quantity: 2 }] });
  await shop.advance(70 * DAY);
  const context = await browser.newContext({ viewport: { height: 900, width } });
  const old = page;
  page = await context.newPage();
  await old.context().close();
  const { url } = await open(customer, { locale });
  const invoice = (await shop.stripe.invoices.list({ limit: 1 })).data[0]?.hosted_invoice_url ?? "";
  const at = `${url}/subscriptions/${subscription}`;
  const pages = {
    home: url,
    cancel: `${at}/cancel`,
    update: `${at}/update`,
    confirm: `${at}/confirm?quantity=5`,
    card: `${url}/payment-method`,
    details: `${url}/details`,
    invoice,
  };
  for (const [name, address] of Object.entries(pages)) {
    await page.goto(address);
    expect(await page.evaluate("document.documentElement.scrollWidth"), name).toBe(width);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(
      violations.map(({ id }) => id),
      name,
    ).toEqual([]);
  }
});
