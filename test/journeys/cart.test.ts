import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { API_KEY } from "../support/api.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { launchBrowser } from "../support/browser.ts";
import { LOOKS, newShopper } from "../support/shopper.ts";

/** Several products in one purchase, and a purchase without a mouse. */
const DAY_MS = 24 * 60 * 60 * 1000;
let app: TestApp;
let browser: Browser;

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp({ env: { API_KEYS: API_KEY } }), launchBrowser()]);
  const starts = Date.now() + 30 * DAY_MS;
  const slot = { productKey: "workshop", timeZone: "Asia/Kolkata", place: "Pune", capacity: 5 };
  const times = {
    startsAt: new Date(starts).toISOString(),
    endsAt: new Date(starts + DAY_MS / 8).toISOString(),
  };
  await fetch(`${app.url}/api/admin/slots`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${API_KEY}` },
    body: JSON.stringify({ ...slot, ...times }),
  });
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

test.each(LOOKS)("a plan and a guide are paid at once, and what doesn't fit is told: $name", async (look) => {
  const shopper = await newShopper(browser, app, look);
  const { page } = shopper;
  await shopper.goto("/cart");
  await page.getByTestId("cart-empty").waitFor();
  await shopper.finds("cart empty");
  await shopper.goto("/");
  await page.getByTestId("choose-pro-year").click();
  await page.getByTestId("add-pro").click();
  await page.getByTestId("add-ebook").click();
  await page.getByTestId("add-workshop").click();
  await page.getByTestId("cart-told-workshop").locator("a[href='/cart']").click();
  await page.waitForURL(`${app.url}/cart`);
  await page.getByTestId("quantity-pro").fill("3");
  // Three seats for a year and the guide, in the currency of each look.
  await page
    .getByTestId("cart-total")
    .getByText(look.options.locale === "hi-IN" ? "₹67,469" : "$889")
    .waitFor();
  await shopper.finds("cart");

  // The same intention to buy leads to the same payment, also from another tab and after going back.
  await page.getByTestId("buy-cart").click();
  await page.waitForURL(/\/c\/pay\/cs_test_/);
  const paymentPage = page.url();
  await page.locator('a[href*="checkout=cancelled"]').first().click();
  await page.waitForURL(/\/cart\?checkout=cancelled/);
  await shopper.finds("cart come back to");
  await page.getByTestId("buy-cart").click();
  await page.waitForURL(/\/c\/pay\/cs_test_/);
  expect(page.url()).toBe(paymentPage);
  await shopper.pay(`cart.${look.name}@example.com`);
  await page.getByTestId("entitlement-ebook").waitFor();
  await page.getByTestId("entitlement-pro").waitFor();
  await shopper.goto("/cart");
  await page.getByTestId("cart-empty").waitFor();

  // A second plan is refused in words, with the way to the one that is there; what one owns is told before.
  await shopper.goto("/products/pro");
  await page
    .locator('[data-testid="standing-pro"][data-standing="owned"] a[href="/account#plans"]')
    .waitFor();
  await page.getByTestId("buy-pro").click();
  await page.locator('[data-problem="already_subscribed"] a[href="/account"]').waitFor();
  await shopper.finds("plan there already");
  await shopper.close();
});

/** Goes on by Tab until that is reached, as somebody without a mouse does. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)) return;
  }
  throw new Error(`${selector} isn't reached by Tab.`);
}

test.each(LOOKS)("a place is bought by keyboard alone: $name", async (look) => {
  const shopper = await newShopper(browser, app, look);
  const { page } = shopper;
  await shopper.goto("/products/workshop");
  await tabTo(page, "[data-testid=buy-workshop]");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/c\/pay\/cs_test_/);
  for (const [field, text] of [
    ["email", `keys.${look.name}@example.com`],
    ["cardNumber", "4242424242424242"],
    ["cardExpiry", "1234"],
    ["cardCvc", "123"],
    ["billingName", "Asha Rao"],
  ]) {
    if (!(await page.evaluate((name) => document.activeElement?.matches(`[name=${name}]`), field))) {
      await tabTo(page, `[name=${field}]`);
    }
    await page.keyboard.type(text ?? "");
  }
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/checkout\/success\?session_id=cs_test_/);
  await page.locator('[data-testid="order-status"][data-status="FULFILLED"]').waitFor();
  await tabTo(page, "[data-testid=next-steps] a[href$='.ics']");
  await shopper.close();
});
