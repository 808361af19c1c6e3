import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "../../../../test/support/browser.ts";
import { TestShop } from "../test-shop.ts";

let shop: TestShop;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  shop = await TestShop.open();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await shop.close();
});
beforeEach(async () => {
  const context = await browser.newContext({ locale: "en-IN" });
  page = await context.newPage();
});
afterEach(() => page.context().close());

const EXCLUSIVE = {
  line_items: [
    {
      price_data: {
        currency: "inr",
        product_data: { name: "Handbook" },
        tax_behavior: "exclusive" as const,
        unit_amount: 50_000,
      },
      quantity: 1,
    },
  ],
};

const submitButton = () => page.getByTestId("hosted-payment-submit-button");

async function open(extra = {}): Promise<string> {
  const success_url = `${shop.sandbox.url}/?paid={CHECKOUT_SESSION_ID}`;
  const session = await shop.session({
    automatic_tax: { enabled: true },
    success_url,
    ...EXCLUSIVE,
    ...extra,
  });
  await page.goto(session.url ?? "");
  return session.id;
}

async function fill(): Promise<void> {
  await page.getByLabel("Email").fill("asha@example.com");
  await page.getByLabel("Card number").pressSequentially("4242424242424242");
  await page.getByLabel("Expiration").pressSequentially("1234");
  await page.getByLabel("CVC").fill("123");
  await page.getByLabel("Cardholder name").fill("Asha Rao");
}

test("the tax of the country is on the page from the start, follows another choice, and is what is paid", async () => {
  const id = await open();
  await page.getByText("GST (18%)").waitFor();
  await page.getByRole("button", { name: "Pay ₹590.00" }).waitFor();
  await fill();
  await page.locator("#billingCountry").selectOption("DE");
  await page.getByText("VAT (19%)").waitFor();
  expect(await page.getByLabel("Email").inputValue()).toBe("asha@example.com");
  await page.getByRole("button", { name: "Pay ₹595.00" }).click();
  await page.waitForURL(`**/?paid=${id}`);
  const paid = await shop.stripe.checkout.sessions.retrieve(id);
  expect(paid).toMatchObject({ amount_total: 59_500, customer_details: { address: { country: "DE" } } });
});

test("an amount that the page hasn't shown is never charged: without a script it is shown first", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: "en-IN" });
  page = await context.newPage();
  const id = await open();
  await page.getByText("Enter your country").waitFor();
  await fill();
  await submitButton().click();
  await page.getByText("With the tax of your country the total is ₹590.00.").waitFor();
  expect((await shop.stripe.checkout.sessions.retrieve(id)).status).toBe("open");
  await page.getByText("GST (18%)").waitFor();
  await page.getByRole("button", { name: "Pay ₹590.00" }).waitFor();
  await page.getByLabel("CVC").fill("123");
  await submitButton().click();
  await page.waitForURL(`**/?paid=${id}`);
});

test("a trial tells its later price with the tax in it, and asks for the country without asking for a card", async () => {
  const id = await open({
    line_items: [
      {
        price_data: {
          currency: "inr",
          product_data: { name: "Pro" },
          recurring: { interval: "month" },
          tax_behavior: "exclusive",
          unit_amount: 100_000,
        },
        quantity: 1,
      },
    ],
    mode: "subscription",
    payment_method_collection: "if_required",
    subscription_data: { trial_period_days: 7 },
  });
  await page.getByText("Then ₹1,180.00 per month").waitFor();
  await page.getByText("charge you ₹1,180.00 per month").waitFor();
  expect(await page.getByLabel("Card number").count()).toBe(0);
  await page.getByLabel("Email").fill("asha@example.com");
  await submitButton().click();
  await page.waitForURL(`**/?paid=${id}`);
});

test.each([
  ["en", 1280],
  ["hi-IN", 375],
] as const)(
  "with taxes, a tax id and a whole address, in %s at %i px, nothing overflows and axe finds nothing",
  async (locale, width) => {
    await page.setViewportSize({ width, height: 800 });
    await open({
      allow_promotion_codes: true,
      billing_address_collection: "required",
      locale,
      tax_id_collection: { enabled: true },
    });
    await page.getByText("GST (18%)").waitFor();
    const findings = async () => (await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    expect(await findings()).toEqual([]);
    await page.locator("#taxId").fill("12");
    await submitButton().click();
    await page.locator("#taxId-error").waitFor();
    expect(await findings()).toEqual([]);
  },
);
