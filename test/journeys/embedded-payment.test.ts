import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApp, type TestApp } from "../support/app.ts";
import { launchBrowser } from "../support/browser.ts";
import { LOOKS, newShopper } from "../support/shopper.ts";

/** `CHECKOUT_UI=embedded_page`: the payment form stands in our own page, in a frame of Stripe's. */
let app: TestApp;
let browser: Browser;

beforeAll(async () => {
  const env = { CHECKOUT_UI: "embedded_page", STRIPE_PUBLISHABLE_KEY: "pk_test_sandbox" };
  [app, browser] = await Promise.all([startApp({ env }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

test.each(LOOKS)("it is paid without leaving the shop, and nobody else can open it: $name", async (look) => {
  const buyer = await newShopper(browser, app, look);
  const { page } = buyer;
  await buyer.goto("/products/ebook");
  await page.getByTestId("buy-ebook").click();
  await page.waitForURL(/\/checkout\/pay\/[0-9a-f-]+$/);
  const address = page.url();
  const form = page.frameLocator("[data-testid=embedded-payment] iframe");
  await form.locator("[name=email]").fill(`embedded.${look.name}@example.com`);
  await buyer.finds("embedded payment");

  const stranger = await newShopper(browser, app, look);
  const refused = await stranger.page.goto(address);
  expect(refused?.status()).toBe(404);
  await stranger.close();

  await form.locator("[name=cardNumber]").fill("4242424242424242");
  await form.locator("[name=cardExpiry]").fill("12 / 34");
  await form.locator("[name=cardCvc]").fill("123");
  await form.locator("[name=billingName]").fill("Asha Rao");
  await form.getByTestId("hosted-payment-submit-button").click();
  await page.waitForURL(/\/checkout\/success\?session_id=cs_test_/);
  await page.locator('[data-testid="order-status"][data-status="FULFILLED"]').waitFor();
  await page.goto(address);
  await page.waitForURL(/\/checkout\/success\?session_id=cs_test_/);
  await buyer.close();
});

test("only the payment page lets Stripe's form in", async () => {
  const { origin } = new URL(app.stripeUrl);
  const policyOf = async (path: string) =>
    (await fetch(app.url + path)).headers.get("content-security-policy") ?? "";
  const paying = await policyOf("/checkout/pay/00000000-0000-7000-8000-000000000000");
  for (const part of ["script-src", "frame-src", "connect-src"]) {
    expect(paying.split("; ").find((rule) => rule.startsWith(part))).toContain(origin);
  }
  expect(paying).toContain("frame-ancestors 'none'");
  for (const path of ["/", "/cart", "/checkout/success?session_id=cs_test_x"]) {
    expect(await policyOf(path)).toContain("default-src 'self'");
    expect(await policyOf(path)).not.toContain(origin);
  }
});
