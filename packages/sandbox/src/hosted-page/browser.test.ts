import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
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
  // In one process the browser ends with its first closed page.
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

const submitButton = () => page.getByTestId("hosted-payment-submit-button");

async function fill(number: string): Promise<void> {
  await page.getByLabel("Email").fill("asha@example.com");
  await page.getByLabel("Card number").pressSequentially(number);
  await page.getByLabel("Expiration").pressSequentially("1234");
  await page.getByLabel("CVC").fill("123");
  await page.getByLabel("Cardholder name").fill("Asha Rao");
}

/** A session that leads back to the sandbox, so that there is a page at the end of the way. */
async function open(extra = {}): Promise<string> {
  const success_url = `${shop.sandbox.url}/?paid={CHECKOUT_SESSION_ID}`;
  const session = await shop.session({ success_url, cancel_url: `${shop.sandbox.url}/?back`, ...extra });
  await page.goto(session.url ?? "");
  return session.id;
}

test("a declined card keeps everything in place, and another one pays on the same page", async () => {
  const id = await open();
  await fill("4000000000000002");
  expect(await page.getByLabel("Card number").inputValue()).toBe("4000 0000 0000 0002");
  expect(await page.getByLabel("Expiration").inputValue()).toBe("12 / 34");
  await submitButton().click();
  await page.getByText("Your card was declined. Try a different card.").waitFor();
  expect(await page.getByLabel("Email").inputValue()).toBe("asha@example.com");
  expect(await page.getByLabel("Card number").getAttribute("aria-invalid")).toBe("true");
  expect(await page.evaluate("document.activeElement.name")).toBe("cardNumber");
  await page.getByLabel("Card number").fill("");
  await page.getByLabel("Card number").pressSequentially("4242424242424242");
  await submitButton().click();
  await page.waitForURL(`**/?paid=${id}`);
  expect((await shop.stripe.checkout.sessions.retrieve(id)).payment_status).toBe("paid");
});

test("a message that appears while the button is pressed does not make the press miss", async () => {
  await open();
  await page.getByLabel("Card number").fill("4242424242424241");
  await submitButton().click();
  await page.getByText("Enter your email.").waitFor();
  await page.getByText("Your card number is invalid.").waitFor();
});

test("the keyboard alone is enough", async () => {
  const id = await open();
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toContain("Back to Sandbox shop");
  for (const text of ["asha@example.com", "", "4242424242424242", "1234", "123", "Asha Rao"]) {
    await page.keyboard.press("Tab");
    await page.keyboard.type(text);
  }
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/?paid=${id}`);
});

test("it works without a script", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  page = await context.newPage();
  const id = await open();
  await fill("4000000000000127");
  await submitButton().click();
  await page.getByText("Your card's security code is incorrect.").waitFor();
  await page.getByLabel("Card number").fill("4242424242424242");
  await page.getByLabel("CVC").fill("123");
  await submitButton().click();
  await page.waitForURL(`**/?paid=${id}`);
});

test("the bank's fields take the card's place", async () => {
  const id = await open();
  await page.getByText("Bank debit").click();
  expect(await page.getByLabel("Card number").isVisible()).toBe(false);
  await page.getByLabel("Email").fill("asha@example.com");
  await page.getByLabel("Account number").fill("000123456789");
  await page.getByLabel("Account holder").fill("Asha Rao");
  await submitButton().click();
  await page.waitForURL(`**/?paid=${id}`);
  expect((await shop.stripe.checkout.sessions.retrieve(id)).payment_status).toBe("unpaid");
});

test.each([
  ["en", 1280],
  ["en", 375],
  ["hi-IN", 1280],
  ["hi-IN", 375],
])("in %s at %i px nothing overflows and axe finds nothing", async (locale, width) => {
  await page.setViewportSize({ width, height: 800 });
  await open({ locale });
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  await submitButton().click();
  await page.locator("#cardNumber-error").waitFor();
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
});

test("nothing is loaded from elsewhere", async () => {
  const hosts = new Set<string>();
  page.on("request", (request) => hosts.add(new URL(request.url()).host));
  await open();
  await page.waitForLoadState("networkidle");
  expect([...hosts]).toEqual([new URL(shop.sandbox.url).host]);
});

/** A page with everything on it that a shop can ask for. */
const EVERYTHING = {
  allow_promotion_codes: true,
  consent_collection: { terms_of_service: "required" as const },
  custom_fields: [
    { key: "note", label: { type: "custom" as const, custom: "Gift note" }, type: "text" as const },
  ],
  line_items: [
    {
      adjustable_quantity: { enabled: true, minimum: 1 },
      price_data: { currency: "inr", unit_amount: 49_900, product_data: { name: "Handbook" } },
      quantity: 1,
    },
  ],
  phone_number_collection: { enabled: true },
  shipping_address_collection: { allowed_countries: ["IN" as const] },
  shipping_options: ["Post", "Courier"].map((display_name, place) => ({
    shipping_rate_data: { display_name, fixed_amount: { amount: 4_000 + place * 5_000, currency: "inr" } },
  })),
};

test.each([
  ["en", 1280],
  ["hi-IN", 375],
])(
  "with everything a shop can ask for, in %s at %i px, nothing overflows and axe finds nothing",
  async (locale, width) => {
    await page.setViewportSize({ width, height: 800 });
    await open({ ...EVERYTHING, locale });
    await page.locator(".code-entry summary").click();
    await page.locator("#promotionCode").fill("NOTHING");
    await page.locator("#promotionCode").press("Enter");
    await page.locator("#promotionCode-error:not([hidden])").waitFor();
    await submitButton().click();
    await page.locator("#termsOfService-error:not([hidden])").waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  },
);

test("a code, a quantity and a way to ship change the total, and leave what was typed", async () => {
  const coupon = await shop.stripe.coupons.create({ percent_off: 50 });
  await shop.stripe.promotionCodes.create({
    code: "HALFOFF",
    promotion: { type: "coupon", coupon: coupon.id },
  });
  await open(EVERYTHING);
  await page.getByLabel("Email").fill("asha@example.com");
  await page.getByText("Add promotion code").click();
  await page.getByLabel("Promotion code").fill("halfoff");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByText("Pay ₹289.50").waitFor();
  await page.getByRole("button", { name: "Add one: Handbook" }).click();
  await page.getByText("Pay ₹539.00").waitFor();
  await page.getByText("Courier").click();
  await page.getByText("Pay ₹589.00").waitFor();
  await page.getByRole("button", { name: "Remove HALFOFF" }).click();
  await page.getByText("Pay ₹1,088.00").waitFor();
  expect(await page.getByLabel("Email").inputValue()).toBe("asha@example.com");
});

test("a code that pays for everything takes the card's fields away", async () => {
  const coupon = await shop.stripe.coupons.create({ percent_off: 100 });
  await shop.stripe.promotionCodes.create({ code: "FREE", promotion: { type: "coupon", coupon: coupon.id } });
  const id = await open({ allow_promotion_codes: true });
  await page.getByText("Add promotion code").click();
  await page.getByLabel("Promotion code").fill("FREE");
  await page.getByLabel("Promotion code").press("Enter");
  await page.getByText("Complete order").waitFor();
  await page.getByLabel("Email").fill("asha@example.com");
  await submitButton().click();
  await page.waitForURL(`**/?paid=${id}`);
  expect(await shop.stripe.checkout.sessions.retrieve(id)).toMatchObject({
    amount_total: 0,
    payment_status: "no_payment_required",
  });
});

test("the bank's question is asked over the page: who fails it finds everything as it was", async () => {
  const id = await open();
  await fill("4000000000003220");
  await submitButton().click();
  const dialog = page.getByRole("dialog", { name: "Confirm this payment" });
  await dialog.waitFor();
  expect((await new AxeBuilder({ page }).analyze()).violations.map((found) => found.id)).toEqual([]);
  await dialog.getByRole("button", { name: "Fail" }).click();
  await page.getByText("We are unable to authenticate your payment method.").waitFor();
  expect(await page.getByLabel("Card number").inputValue()).toBe("4000 0000 0000 3220");
  await submitButton().click();
  await dialog.getByRole("button", { name: "Complete" }).click();
  await page.waitForURL(`**/?paid=${id}`);
});

test("the bank's question and a code work without a script as well", async () => {
  const coupon = await shop.stripe.coupons.create({ percent_off: 10 });
  await shop.stripe.promotionCodes.create({
    code: "PLAIN",
    promotion: { type: "coupon", coupon: coupon.id },
  });
  const context = await browser.newContext({ javaScriptEnabled: false });
  page = await context.newPage();
  const id = await open({ allow_promotion_codes: true });
  await page.getByText("Add promotion code").click();
  await page.getByLabel("Promotion code").fill("PLAIN");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByText("Pay ₹449.10").waitFor();
  await fill("4000000000003220");
  await submitButton().click();
  await page.getByRole("button", { name: "Fail" }).click();
  await page.getByText("We are unable to authenticate your payment method.").waitFor();
  await fill("4000000000003220");
  await submitButton().click();
  await page.getByRole("button", { name: "Complete" }).click();
  await page.waitForURL(`**/?paid=${id}`);
});

test.each(["payment page", "portal"])("in Hindi the %s brings its letters along", async (which) => {
  const context = await browser.newContext({ locale: "hi-IN" });
  page = await context.newPage();
  if (which === "portal") {
    const { id: customer } = await shop.stripe.customers.create({ email: "asha@example.com" });
    const { url } = await shop.stripe.billingPortal.sessions.create({ customer });
    await page.goto(url);
  } else await open({ locale: "hi-IN" });
  const states = () =>
    page.evaluate(async () => {
      await document.fonts.ready;
      return [...document.fonts].map(({ family, status }) => `${family.replaceAll('"', "")} ${status}`);
    });
  await expect.poll(states).toEqual(["Sandbox Devanagari loaded"]);
});

test("UPI is chosen on the page, asks in the buyer's app, and no card is asked for", async () => {
  const id = await open({ allowed_payment_method_types: ["card", "upi"] });
  await page.getByLabel("Email").fill("asha@example.com");
  await page.getByText("UPI", { exact: true }).click();
  await page.getByText("Your UPI app asks you to confirm the payment.").waitFor();
  expect(await page.getByLabel("Card number").isVisible()).toBe(false);
  await page.locator("[name=billingName]").fill("Asha Rao");
  await submitButton().click();
  await page.getByRole("dialog").getByRole("button", { name: "Complete" }).click();
  await page.waitForURL(`**/?paid=${id}`);
  expect((await shop.stripe.checkout.sessions.retrieve(id)).payment_status).toBe("paid");
});

test("what the buyer decides to pay is checked before the button pays it, even straight from its field", async () => {
  const { id: price } = await shop.stripe.prices.create({
    currency: "usd",
    custom_unit_amount: { enabled: true, maximum: 50_000, minimum: 500, preset: 2_000 },
    product_data: { name: "Fundraising dinner" },
  });
  const id = await open({ line_items: [{ price, quantity: 1 }] });
  await fill("4242424242424242");
  const amount = page.getByLabel("Amount");
  expect(await amount.inputValue()).toBe("20.00");
  await amount.fill("3");
  await submitButton().click();
  await page.getByText("The amount has to be at least $5.00.").waitFor();
  await page.locator('.checkout-form[data-state="ready"]').waitFor();
  expect(await page.evaluate("document.activeElement.name")).toBe("customUnitAmount");
  expect((await shop.stripe.checkout.sessions.retrieve(id)).status).toBe("open");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await amount.fill("12.50");
  await submitButton().click();
  await page.waitForURL(`**/?paid=${id}`);
  expect(await shop.stripe.checkout.sessions.retrieve(id)).toMatchObject({
    amount_total: 1_250,
    payment_status: "paid",
  });
});

test("pictures lie on their letters, and one that can't be loaded leaves its letter, also in a column that came anew", async () => {
  const picture = await readFile(new URL("../../../../shop/public/pictures/icon.png", import.meta.url));
  const server = createServer((request, response) => {
    if (request.url === "/there.png") response.writeHead(200, { "Content-Type": "image/png" }).end(picture);
    else response.writeHead(404).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const bound = server.address();
  const port = bound && typeof bound === "object" ? bound.port : 0;
  const at = (name: string) => `http://127.0.0.1:${port}/${name}`;
  const item = (name: string, image: string) => ({
    adjustable_quantity: { enabled: true, minimum: 1 },
    price_data: { currency: "inr", unit_amount: 10_000, product_data: { name, images: [at(image)] } },
    quantity: 1,
  });
  await open({
    branding_settings: { icon: { type: "url", url: at("there.png") } },
    line_items: [item("Pen", "there.png"), item("Ink", "gone.png")],
  });
  const shown = () =>
    page.evaluate(() =>
      [...document.images].map(({ hidden, naturalWidth, offsetWidth }) => [
        hidden,
        naturalWidth > 0,
        offsetWidth > 0,
      ]),
    );
  const expected = [
    [false, true, true],
    [false, true, true],
    [true, false, false],
  ];
  await expect.poll(shown).toEqual(expected);
  await page.getByRole("button", { name: "Add one: Ink" }).click();
  await page.getByText("Pay ₹300.00").waitFor();
  await expect.poll(shown).toEqual(expected);
  expect(await page.locator(".tile").allTextContents()).toEqual(["P", "I"]);
  server.close();
});
