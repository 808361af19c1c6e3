import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessibilityViolations } from "../../../test/support/axe.ts";
import { launchBrowser } from "../../../test/support/browser.ts";
import { TestShop } from "./test-shop.ts";

let shop: TestShop;
let browser: Browser;
beforeAll(async () => {
  [shop, browser] = await Promise.all([TestShop.open(), launchBrowser()]);
});
afterAll(() => Promise.all([shop.close(), browser.close()]));

const groundOf = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

/** A ground with an alpha lets the browser's own white through. */
function isDark(ground: string): boolean {
  const [, ...channels] = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(ground) ?? [];
  return channels.length === 3 && channels.every((channel) => Number(channel) < 64);
}

test.each([375, 1440])(
  "where the machine is dark the pages are, at %i px, and can be read",
  async (width) => {
    const context = await browser.newContext({ colorScheme: "dark", viewport: { height: 900, width } });
    const page = await context.newPage();
    for (const url of await pages()) {
      await page.goto(url);
      expect(isDark(await groundOf(page)), `${url} is dark`).toBe(true);
      expect(await accessibilityViolations(page), url).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      expect(wide, `${url} is wider than the window`).toBe(false);
    }
    await context.close();
  },
  120_000,
);

test("a frame on a shop's page stays light, as Stripe's does", async () => {
  const session = await shop.session({
    cancel_url: undefined,
    return_url: "http://shop.test/",
    success_url: undefined,
    ui_mode: "embedded_page",
  });
  const context = await browser.newContext({ colorScheme: "dark" });
  const page = await context.newPage();
  await page.goto(`${shop.sandbox.url}/c/pay/${session.client_secret}`);
  expect(await groundOf(page)).toBe("rgb(255, 255, 255)");
  await context.close();
});

/** Pages to pay on and what follows them, the portal and its way out, and the dashboard's: with what is open, paid, over and unknown. */
async function pages(): Promise<string[]> {
  const { stripe } = shop;
  const open = await shop.session({ allow_promotion_codes: true });
  const over = await shop.session();
  await stripe.checkout.sessions.expire(over.id);
  const paid = await shop.plan();
  await shop.confirm(paid.id);
  const { customer, subscription } = await stripe.checkout.sessions.retrieve(paid.id);
  const portal = await stripe.billingPortal.sessions.create({ customer: String(customer) });
  await shop.types();
  const [event] = (await stripe.events.list({ limit: 1, type: "charge.succeeded" })).data;
  const { url } = shop.sandbox;
  const dashboard = ["faults", "objects", `objects/${subscription}`, `events/${event?.id}`];
  return [
    ...[open.url, over.url, paid.url].map(String),
    `${url}/c/pay/cs_test_none`,
    portal.url,
    `${portal.url}/subscriptions/${subscription}/cancel`,
    url,
    ...dashboard.map((path) => `${url}/dashboard/${path}`),
  ];
}
