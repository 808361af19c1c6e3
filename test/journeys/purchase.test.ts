import type pg from "pg";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApp, type TestApp } from "../support/app.ts";
import { launchBrowser } from "../support/browser.ts";
import { openPool } from "../support/database.ts";
import { keepPicture } from "../support/screenshots.ts";

/** From the catalog to granted access, in a real browser, against the built app and the sandbox. */
let app: TestApp;
let browser: Browser;
let pool: pg.Pool;

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), launchBrowser()]);
  pool = openPool(app.databaseUrl);
});
afterAll(async () => {
  await pool?.end();
  await browser?.close();
  await app?.stop();
});

async function newPage(locale = "en-US", width = 1280): Promise<Page> {
  const context = await browser.newContext({ locale, viewport: { width, height: 900 } });
  return context.newPage();
}

async function fillCard(page: Page, cardNumber: string): Promise<void> {
  await page.fill("[name=email]", "asha@example.com");
  await page.fill("[name=cardNumber]", cardNumber);
  await page.fill("[name=cardExpiry]", "12 / 34");
  await page.fill("[name=cardCvc]", "123");
  await page.fill("[name=billingName]", "Asha Rao");
}

/** `shown`: what the payment page has to say on the way. */
async function buy(page: Page, product: string, cardNumber = "4242424242424242", shown = ""): Promise<void> {
  await page.goto(app.url);
  await page.getByTestId(`buy-${product}`).click();
  await page.waitForURL(/\/c\/pay\/cs_test_/);
  expect(await page.locator("body").innerText()).toContain(shown);
  await fillCard(page, cardNumber);
  await page.getByTestId("hosted-payment-submit-button").click();
}

const status = (page: Page) => page.getByTestId("order-status");

async function logOf(page: Page): Promise<string[]> {
  const sessionId = new URL(page.url()).searchParams.get("session_id");
  const { rows } = await pool.query<{ event: string }>(
    `select l.event from fulfillment_log l join "order" o on o.id = l.order_id
      where o.stripe_checkout_session_id = $1`,
    [sessionId],
  );
  return rows.map(({ event }) => event);
}

test.each([
  ["ebook", "en-US", 1280],
  ["pro", "en-US", 1280],
  ["ebook", "hi-IN", 375],
  ["pro", "hi-IN", 375],
])(
  "%s bought in %s at %i pixels is granted, and ten reloads grant it once",
  async (product, locale, width) => {
    const page = await newPage(locale, width);
    const currency = locale === "hi-IN" ? "₹" : "$";
    await page.goto(app.url);
    expect(await page.getByTestId(`offer-${product}`).innerText()).toContain(currency);
    await buy(page, product, undefined, currency);
    await page.waitForURL(/\/checkout\/success\?session_id=cs_test_/);
    await page.locator('[data-testid="order-status"][data-status="FULFILLED"]').waitFor();
    await page.getByTestId(`entitlement-${product}`).waitFor();
    expect(await page.locator("main").innerText()).toContain(currency);
    expect(await page.locator("html").getAttribute("lang")).toMatch(new RegExp(`^${locale.slice(0, 2)}`));
    await keepPicture(page, `granted-${product}-${locale}`);
    for (let reload = 0; reload < 10; reload++) {
      await page.reload();
      expect(await status(page).getAttribute("data-status")).toBe("FULFILLED");
    }
    expect(await logOf(page)).toEqual(["checkout.fulfilled"]);
    await page.context().close();
  },
);

test("a declined card is told in place, and the next card pays the same order", async () => {
  const page = await newPage();
  await buy(page, "ebook", "4000000000000002");
  await page.getByText("Your card was declined").first().waitFor();
  expect(page.url()).toContain("/c/pay/");
  await fillCard(page, "4242424242424242");
  await page.getByTestId("hosted-payment-submit-button").click();
  await page.waitForURL(/\/checkout\/success/);
  await page.locator('[data-testid="order-status"][data-status="FULFILLED"]').waitFor();
  expect(await logOf(page)).toEqual(["checkout.fulfilled"]);
  await page.context().close();
});

test("going back charges nothing, and buying again returns to the same payment page", async () => {
  const page = await newPage();
  await page.goto(app.url);
  await page.getByTestId("buy-ebook").click();
  await page.waitForURL(/\/c\/pay\/cs_test_/);
  const paymentPage = page.url();
  await page.locator('a[href*="checkout=cancelled"]').first().click();
  await page.waitForURL(/\/pricing\?checkout=cancelled/);
  await keepPicture(page, "cancelled");
  await page.getByTestId("left-behind").getByText("Field Guide").waitFor();
  for (const button of ["buy-again", "buy-ebook"]) {
    await page.getByTestId(button).click();
    await page.waitForURL(/\/c\/pay\/cs_test_/);
    expect(page.url()).toBe(paymentPage);
    await page.goBack();
  }
  await page.context().close();
});

test("somebody else who opens the success page sees no order", async () => {
  const buyer = await newPage();
  await buy(buyer, "ebook");
  await buyer.waitForURL(/\/checkout\/success/);
  const stranger = await newPage();
  const response = await stranger.goto(buyer.url());
  expect(response?.status()).toBe(404);
  expect(await stranger.getByTestId("entitlement-ebook").count()).toBe(0);
  expect(await stranger.content()).not.toContain("asha@example.com");
  await keepPicture(stranger, "not-yours");
  await Promise.all([buyer.context().close(), stranger.context().close()]);
});
