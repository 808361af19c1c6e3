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

test.each([375, 1440])(
  "where the machine is dark the pages are, at %i px, and can be read",
  async (width) => {
    const context = await browser.newContext({ colorScheme: "dark", viewport: { height: 900, width } });
    const page = await context.newPage();
    for (const url of await pages()) {
      await page.goto(url);
      const channels = (await groundOf(page)).match(/\d+/g)?.map(Number) ?? [];
      expect(Math.max(...channels) < 64, `${url} is dark`).toBe(true);
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

/** A page to pay on, the portal, and the dashboard's, with what is open and what is paid. */
async function pages(): Promise<string[]> {
  const { stripe } = shop;
  const open = await shop.session({ allow_promotion_codes: true });
  const paid = await shop.plan();
  await shop.confirm(paid.id);
  const { customer } = await stripe.checkout.sessions.retrieve(paid.id);
  const portal = await stripe.billingPortal.sessions.create({ customer: String(customer) });
  await shop.types();
  const [event] = (await stripe.events.list({ limit: 1, type: "charge.succeeded" })).data;
  const { url } = shop.sandbox;
  return [String(open.url), portal.url, url, `${url}/dashboard/events/${event?.id}`];
}
