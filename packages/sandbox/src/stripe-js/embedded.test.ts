import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import type Stripe from "stripe";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "../../../../test/support/browser.ts";
import { TestShop } from "../test-shop.ts";
import { TestMerchant } from "./test-merchant.ts";

let shop: TestShop;
let merchant: TestMerchant;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  shop = await TestShop.open();
  merchant = await TestMerchant.open(shop.sandbox.url);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await merchant.close();
  await shop.close();
});
beforeEach(async () => {
  const context = await browser.newContext({ locale: "en-IN" });
  page = await context.newPage();
  await page.goto(merchant.url);
  await page.waitForFunction(() => window.start !== undefined);
});
afterEach(() => page.context().close());

function session(extra: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  return shop.stripe.checkout.sessions.create({
    line_items: [
      {
        price_data: { currency: "inr", unit_amount: 49_900, product_data: { name: "Handbook" } },
        quantity: 1,
      },
    ],
    mode: "payment",
    ui_mode: "embedded_page",
    ...(extra.redirect_on_completion === "never"
      ? {}
      : { return_url: `${merchant.url}/back?session_id={CHECKOUT_SESSION_ID}` }),
    ...extra,
  });
}

const secretOf = ({ client_secret }: Stripe.Checkout.Session) => client_secret ?? "";
const frame = () => page.frameLocator('iframe[name="embedded-checkout"]');
const submitButton = () => frame().getByTestId("hosted-payment-submit-button");

/** Mounts with this secret, and counts completions; gives what went wrong, or null. */
const start = (clientSecret: string, key = "pk_test_123") =>
  page.evaluate(
    ([secret, publishable]) =>
      window.start({ clientSecret: secret, onComplete: () => window.completed++ }, publishable),
    [clientSecret, key] as const,
  );

async function fill(number: string): Promise<void> {
  await frame().getByLabel("Email").fill("asha@example.com");
  await frame().getByLabel("Card number").pressSequentially(number);
  await frame().getByLabel("Expiration").pressSequentially("1234");
  await frame().getByLabel("CVC").fill("123");
  await frame().getByLabel("Cardholder name").fill("Asha Rao");
}

test("a shop's page takes a payment in its frame, and the buyer comes back to the return URL", async () => {
  const open = await session();
  expect(await start(secretOf(open))).toBeNull();
  await fill("4000000000000002");
  await submitButton().click();
  await frame().getByText("Your card was declined. Try a different card.").waitFor();
  await frame().getByLabel("Card number").fill("");
  await frame().getByLabel("Card number").pressSequentially("4242424242424242");
  await submitButton().click();
  await page.waitForURL(`${merchant.url}/back?session_id=${open.id}`);
  expect((await shop.stripe.checkout.sessions.retrieve(open.id)).payment_status).toBe("paid");
});

test.each(["never", "if_required"] as const)(
  "with `%s` the page stays, onComplete is called once, and the frame says that all is done",
  async (redirect_on_completion) => {
    const open = await session({ redirect_on_completion });
    await start(secretOf(open));
    await fill("4242424242424242");
    await submitButton().click();
    await page.waitForFunction(() => window.completed === 1);
    await frame().getByRole("heading", { name: "This has been paid" }).waitFor();
    expect(page.url()).toBe(`${merchant.url}/`);
    expect(await page.evaluate(() => window.completed)).toBe(1);
  },
);

test("the secret may be fetched, and onComplete still comes", async () => {
  const open = await session({ redirect_on_completion: "never" });
  const problem = await page.evaluate(
    (secret) => window.start({ fetchClientSecret: async () => secret, onComplete: () => window.completed++ }),
    secretOf(open),
  );
  expect(problem).toBeNull();
  await fill("4242424242424242");
  await submitButton().click();
  await page.waitForFunction(() => window.completed === 1);
});

test("the bank's question is asked within sight, and whoever fails it finds everything as it was", async () => {
  await page.setViewportSize({ width: 375, height: 640 });
  const open = await session({ allow_promotion_codes: true, phone_number_collection: { enabled: true } });
  await start(secretOf(open));
  await fill("4000000000003220");
  await frame().getByLabel("Phone number").fill("9876543210");
  await submitButton().scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => window.scrollY);
  await submitButton().click();
  const fail = frame().getByRole("button", { name: "Fail" });
  await fail.waitFor();
  const dialog = await frame().getByRole("dialog").boundingBox();
  expect(dialog?.y).toBeGreaterThanOrEqual(0);
  expect((dialog?.y ?? 0) + (dialog?.height ?? 0)).toBeLessThanOrEqual(640);
  expect(await page.evaluate(() => window.scrollY)).toBe(before);
  await fail.click();
  await frame().getByText("We are unable to authenticate your payment method.").waitFor();
  expect(await frame().getByLabel("Email").inputValue()).toBe("asha@example.com");
  await submitButton().click();
  await frame().getByRole("button", { name: "Complete" }).click();
  await page.waitForURL(`${merchant.url}/back?session_id=${open.id}`);
});

test("a bank debit completes the session in the frame, unpaid until the bank answers", async () => {
  const open = await session();
  await start(secretOf(open));
  await frame().getByText("Bank debit").click();
  await frame().getByLabel("Email").fill("asha@example.com");
  await frame().getByLabel("Account number").fill("000123456789");
  await frame().getByLabel("Account holder").fill("Asha Rao");
  await submitButton().click();
  await page.waitForURL(`${merchant.url}/back?session_id=${open.id}`);
  const waiting = await shop.stripe.checkout.sessions.retrieve(open.id);
  expect(waiting).toMatchObject({ payment_status: "unpaid", status: "complete" });
});

test("the frame is as tall as its content, and grows with it", async () => {
  await page.setViewportSize({ width: 375, height: 640 });
  await start(secretOf(await session()));
  const height = () =>
    page.evaluate(() => document.querySelector("iframe")?.getBoundingClientRect().height ?? 0);
  await submitButton().waitFor();
  await expect.poll(height).toBeGreaterThan(700);
  const before = await height();
  await submitButton().click();
  await frame().getByText("Enter your email.").waitFor();
  await expect.poll(height).toBeGreaterThan(before);
  const inner = page.frame("embedded-checkout");
  const scrolls = () => inner?.evaluate(() => document.documentElement.scrollHeight > window.innerHeight);
  await expect.poll(scrolls).toBe(false);
});

test("the shop is asked about an address: what it accepts is on the page, what it rejects stops the payment", async () => {
  const open = await session({
    redirect_on_completion: "never",
    shipping_address_collection: { allowed_countries: ["IN", "DE"] },
    shipping_options: [{ shipping_rate_data: rate("Post", 5_000) }],
  });
  await page.exposeFunction("askServer", async (country: string) => {
    if (country !== "IN") return { type: "reject", errorMessage: "We don't send to Germany." };
    await shop.stripe.checkout.sessions.update(open.id, {
      shipping_options: [{ shipping_rate_data: rate("Courier", 9_900) }],
    });
    return { type: "accept" };
  });
  await page.evaluate(
    (clientSecret) =>
      window.start({
        clientSecret,
        onComplete: () => window.completed++,
        onShippingDetailsChange: ({ shippingDetails }) => {
          const ask: unknown = Reflect.get(window, "askServer");
          return typeof ask === "function" ? ask(shippingDetails.address.country) : Promise.reject();
        },
      }),
    secretOf(open),
  );
  await fill("4242424242424242");
  await frame().getByLabel("Recipient").fill("Asha Rao");
  await frame().locator("#shippingCountry").selectOption("DE");
  await frame().getByLabel("Address", { exact: true }).fill("Hauptstr. 1");
  await frame().getByLabel("City").fill("Berlin");
  await frame().getByLabel("Postal code").fill("10115");
  await frame().getByLabel("Postal code").blur();
  await frame().getByText("We don't send to Germany.").waitFor();
  await submitButton().click();
  expect((await shop.stripe.checkout.sessions.retrieve(open.id)).status).toBe("open");
  await frame().locator("#shippingCountry").selectOption("IN");
  await frame().getByText("₹598.00").first().waitFor();
  await submitButton().click();
  await page.waitForFunction(() => window.completed === 1);
  expect((await shop.stripe.checkout.sessions.retrieve(open.id)).amount_total).toBe(59_800);
});

const rate = (display_name: string, amount: number) => ({
  display_name,
  fixed_amount: { amount, currency: "inr" },
  type: "fixed_amount" as const,
});

test("it can be unmounted and mounted again; once destroyed it makes room for another", async () => {
  const open = await session();
  await start(secretOf(open));
  await submitButton().waitFor();
  const said = (work: () => void) =>
    page.evaluate(work).then(
      () => null,
      (error: Error) => error.message,
    );
  expect(await said(() => window.checkout.mount("#checkout"))).toContain("is mounted");
  await page.evaluate(() => {
    window.checkout.unmount();
    window.checkout.mount("#checkout");
  });
  await submitButton().waitFor();
  expect(await page.locator("iframe").count()).toBe(1);
  expect(await start(secretOf(open))).toBe(
    "IntegrationError: You cannot have multiple Embedded Checkout objects.",
  );
  await page.evaluate(() => window.checkout.destroy());
  expect(await page.locator("iframe").count()).toBe(0);
  expect(await said(() => window.checkout.mount("#checkout"))).toContain("was destroyed");
  expect(await start(secretOf(open))).toBeNull();
});

test("mistakes with keys and secrets are told as Stripe.js tells them", async () => {
  const open = await session();
  const secret = secretOf(open);
  expect(await start(secret, "sk_test_123")).toContain("You should not use your secret key with Stripe.js.");
  expect(await start(secret, "")).toContain(
    "Please call Stripe() with your publishable key. You used an empty",
  );
  expect(await start(secret, "pk_live_123")).toContain("a live mode key was used to make this request");
  expect(await start("cs_test_nothing_secret_nothing")).toContain(
    "No such checkout.session: 'cs_test_nothing'",
  );
  expect(await start(`${secret}x`)).toContain(`No such checkout.session: '${open.id}'`);
  expect(await start(open.id)).toContain(`should be a client secret of the form \${id}_secret_\${secret}`);
  const both = await page.evaluate(
    (clientSecret) => window.start({ clientSecret, fetchClientSecret: async () => clientSecret }),
    secret,
  );
  expect(both).toContain("needs one of `clientSecret` and `fetchClientSecret`");
  const elements = await session({ ui_mode: "elements" });
  expect(await start(secretOf(elements))).toContain("needs `embedded_page`");
  await shop.stripe.checkout.sessions.expire(open.id);
  expect(await start(secret)).toContain("This Checkout Session is no longer active.");
  const paid = await session();
  await shop.confirm(paid.id);
  expect(await start(secretOf(paid))).toContain("This Checkout Session is no longer active.");
  // None of them was in the way of the next.
  expect(await start(secretOf(await session()))).toBeNull();
});

test("a place that isn't there is named, and so is what the sandbox doesn't offer", async () => {
  const secret = secretOf(await session());
  const said = await page.evaluate(async (clientSecret) => {
    await window.start({ clientSecret });
    window.checkout.unmount();
    const missing = () => window.checkout.mount("#nowhere");
    const elements = () => window.Stripe?.("pk_test_123").elements();
    return [missing, elements].map((work) => {
      try {
        work();
        return "";
      } catch (error) {
        return error instanceof Error ? error.message : "";
      }
    });
  }, secret);
  expect(said).toEqual([
    expect.stringContaining("The selector you specified (#nowhere) applies to no DOM elements"),
    "This sandbox does not offer elements().",
  ]);
});

test("only an embedded session's page may be framed, and only its secret opens it", async () => {
  const open = await session();
  const policyAt = async (path: string) => {
    const response = await fetch(`${shop.sandbox.url}/c/pay/${path}`);
    return { policy: response.headers.get("content-security-policy"), status: response.status };
  };
  expect(await policyAt(secretOf(open))).toMatchObject({
    policy: expect.stringContaining("frame-ancestors *"),
    status: 200,
  });
  expect((await policyAt(open.id)).status).toBe(404);
  expect((await policyAt((await session({ ui_mode: "elements" })).id)).status).toBe(404);
  const hosted = await shop.session();
  expect((await policyAt(hosted.id)).policy).toContain("frame-ancestors 'none'");
  await shop.stripe.checkout.sessions.expire(hosted.id);
  expect((await policyAt(hosted.id)).policy).toContain("frame-ancestors 'none'");
});

test("a recovered session has a secret and a page of its own, which can be paid by itself", async () => {
  const open = await session({ after_expiration: { recovery: { enabled: true } } });
  const expired = await shop.stripe.checkout.sessions.expire(open.id);
  await page.goto(expired.after_expiration?.recovery?.url ?? "");
  const [renewed] = (await shop.stripe.checkout.sessions.list({ limit: 1 })).data;
  expect(renewed).toMatchObject({ recovered_from: open.id, status: "open", url: null });
  expect(page.url()).toBe(`${shop.sandbox.url}/c/pay/${renewed?.client_secret}`);
  await page.getByText("Bank debit").click();
  await page.getByLabel("Email").fill("asha@example.com");
  await page.getByLabel("Account number").fill("000123456789");
  await page.getByLabel("Account holder").fill("Asha Rao");
  await page.getByTestId("hosted-payment-submit-button").click();
  await page.waitForURL(`${merchant.url}/back?session_id=${renewed?.id}`);
});

test.each([
  ["en", 1280],
  ["en", 375],
  ["hi-IN", 1280],
  ["hi-IN", 375],
] as const)("in %s at %i px nothing overflows in the frame and axe finds nothing", async (locale, width) => {
  await page.setViewportSize({ width, height: 800 });
  await start(secretOf(await session({ allow_promotion_codes: true, locale })));
  await submitButton().waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  const inner = page.frame("embedded-checkout");
  expect(await inner?.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  expect(await inner?.evaluate(() => document.documentElement.lang)).toBe(locale);
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
});

test("the keyboard alone goes into the frame and pays", async () => {
  const open = await session();
  await start(secretOf(open));
  await submitButton().waitFor();
  for (const text of ["asha@example.com", "", "4242424242424242", "1234", "123", "Asha Rao"]) {
    await page.keyboard.press("Tab");
    await page.keyboard.type(text);
  }
  await page.keyboard.press("Enter");
  await page.waitForURL(`${merchant.url}/back?session_id=${open.id}`);
});
