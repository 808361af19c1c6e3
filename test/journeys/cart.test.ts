import type pg from "pg";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { API_KEY } from "../support/api.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { launchBrowser } from "../support/browser.ts";
import { openPool } from "../support/database.ts";
import { type Sandbox, sandboxAt } from "../support/sandbox.ts";
import { LOOKS, newShopper } from "../support/shopper.ts";

/** Several products in one purchase, and a purchase without a mouse. */
const DAY_MS = 24 * 60 * 60 * 1000;
let app: TestApp;
let browser: Browser;
let pool: pg.Pool;
let sandbox: Sandbox;

beforeAll(async () => {
  [app, browser] = await Promise.all([
    startApp({ env: { API_KEYS: API_KEY, CART_REMINDER_HOURS: "1" } }),
    launchBrowser(),
  ]);
  pool = openPool(app.databaseUrl, 2);
  sandbox = sandboxAt(app.stripeUrl);
  const starts = Date.now() + 30 * DAY_MS;
  const slot = { productKey: "workshop", timeZone: "Asia/Kolkata", place: "Pune", capacity: 20 };
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
  await pool?.end();
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
  // Where there is room, the way to pay is beside the first line; on a phone it is below the last.
  const place = async (testId: string) => (await page.getByTestId(testId).boundingBox())?.y ?? 0;
  const isBeside = (await place("buy-cart")) < (await place("quantity-ebook"));
  expect(isBeside).toBe((look.options.viewport?.width ?? 0) > 900);

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

/** Its page has run out; then the mail as the round would ask for it, without waiting an hour. */
async function leaves(sessionId: string, email: string, locale: string): Promise<string> {
  await sandbox.stripe.checkout.sessions.expire(sessionId);
  await sandbox.sent();
  const found = `select o.id, o.status, u.id as user_id from oncepaid."order" o, shop."user" u
                  where o.stripe_checkout_session_id = $1 and u.email = $2`;
  const order = async () => (await pool.query(found, [sessionId, email])).rows[0];
  await expect.poll(async () => (await order()).status).toBe("CANCELED");
  const { id: orderId, user_id: userId } = await order();
  const data = { mail: "cart_left", locale, userId, orderId };
  await pool.query("insert into oncepaid.outbox (queue, key, data) values ('mail', $1, $2)", [
    `cart_left:${orderId}`,
    data,
  ]);
  return (await app.mail.next(email, /cart|कार्ट/)).text;
}

test.each(LOOKS)(
  "who ticks it is reminded of a cart they left, finds it on another device, and ends that by one click: $name",
  async (look) => {
    const email = `leaves.${look.name}@example.com`;
    const shopper = await newShopper(browser, app, look);
    const { page } = shopper;
    await shopper.goto("/");
    await page.getByTestId("add-ebook").click();
    await page.getByTestId("add-pro").click();
    await shopper.goto("/cart");
    await page.getByTestId("buy-cart").waitFor();
    // Nobody is reminded whose address isn't proven.
    expect(await page.getByTestId("remind-me").count()).toBe(0);
    await shopper.goto("/sign-in?next=/cart");
    await shopper.signIn(email);
    const tick = page.getByTestId("remind-me");
    expect(await tick.isChecked()).toBe(false);
    const saved = page.waitForResponse((response) => response.url().endsWith("/api/cart-reminders"));
    await tick.check();
    expect((await saved).status()).toBe(200);
    await page.reload();
    await expect.poll(() => tick.isChecked()).toBe(true);
    await shopper.finds("cart with reminder");
    await page.getByTestId("buy-cart").click();
    await page.waitForURL(/\/c\/pay\/cs_test_/);
    const sessionId = /cs_test_\w+/.exec(page.url())?.[0] ?? "";
    const text = await leaves(sessionId, email, look.options.locale?.slice(0, 2) ?? "en");

    const other = await newShopper(browser, app, look);
    await other.goto("/sign-in?next=/cart");
    await other.signIn(email);
    await other.page.getByTestId("cart-empty").waitFor();
    await other.goto(/\/cart\?order_id=\S+/.exec(text)?.[0] ?? "");
    for (const key of ["ebook", "pro"]) await other.page.getByTestId(`quantity-${key}`).waitFor();
    expect(await other.page.getByTestId("remind-me").isChecked()).toBe(true);

    const stranger = await newShopper(browser, app, look);
    const stop = /\/cart\/stop-reminders\?\S+/.exec(text)?.[0] ?? "";
    await stranger.goto(stop.replace("sign=", "sign=x"));
    await stranger.page.locator('[data-testid="reminders-stopped"][data-stopped="false"]').waitFor();
    await stranger.goto(stop);
    await stranger.page.locator('[data-testid="reminders-stopped"][data-stopped="true"]').waitFor();
    await stranger.finds("reminders stopped");
    await other.goto("/cart");
    await other.page.getByTestId("buy-cart").waitFor();
    expect(await other.page.getByTestId("remind-me").isChecked()).toBe(false);
    for (const one of [shopper, other, stranger]) await one.close();
  },
);
