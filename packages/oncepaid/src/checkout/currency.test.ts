import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { browserOf } from "../../../../test/support/browser-of.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
  sells("price_ebook", 1_900, { inr: 149_900 });
  sells("price_pro", 2_900, { inr: 219_900, eur: 2_700 });
  sells("price_workshop", 14_900, {});
});
afterAll(() => app.close());

function sells(id: string, unit_amount: number, others: Record<string, number>): void {
  const currency_options = Object.fromEntries(
    Object.entries({ usd: unit_amount, ...others }).map(([code, amount]) => [code, { unit_amount: amount }]),
  );
  const price = {
    id,
    object: "price",
    product: "prod_other",
    active: true,
    currency: "usd",
    unit_amount,
    currency_options,
  };
  app.stripe.objects.set(id, { ...price, recurring: null });
}

/** What the pages do first: the configuration is read once, so the module is loaded after it is set. */
async function shown(currency?: string) {
  const { offers } = await import("#/prices/offers.ts");
  const sold = await offers(app.engine, app.engine.catalog.products, { currency });
  for (const { price, prices } of sold) expect(prices).toEqual({ default: price });
  return sold.map(({ price }) => `${price?.currency} ${price?.unitAmount}`);
}

let carts = 0;
async function asked(languages: string, productKeys: string[], headers: Record<string, string> = {}) {
  carts++;
  app.stripe.calls.length = 0;
  const items = productKeys.map((productKey) => ({ productKey }));
  const { status } = await app.post(
    "/api/checkout",
    { cartId: `cart-currency-${carts}`, items },
    { origin: "http://localhost:3000", "accept-language": languages, ...headers },
  );
  expect(status).toBe(200);
  expect(app.stripe.calls).toHaveLength(1);
  return app.stripe.calls[0]?.form.get("currency") ?? null;
}

test("a currency is asked for only once its amounts are known, and then without another call to Stripe", async () => {
  expect(await asked("hi-IN", ["ebook"])).toBeNull();
  await shown();
  expect(await asked("hi-IN", ["ebook"])).toBe("inr");
  expect(await asked("hi-IN", ["ebook", "pro"])).toBe("inr");
});

test("a chosen currency is asked for, whatever language is read; a language alone names none", async () => {
  await shown();
  expect(await asked("hi", ["ebook"])).toBeNull();
  expect(await asked("en-US", ["ebook"], { cookie: "currency=inr" })).toBe("inr");
  expect(await asked("hi-IN", ["ebook"], { cookie: "locale=hi; currency=usd" })).toBe("usd");
});

test("each offer is in the buyer's currency where its price has it, else in its own", async () => {
  expect(await shown("inr")).toEqual(["inr 149900", "inr 219900", "usd 14900"]);
  expect(await shown("eur")).toEqual(["usd 1900", "eur 2700", "usd 14900"]);
  expect(await shown()).toEqual(["usd 1900", "usd 2900", "usd 14900"]);
});

test("a cart with one price that lacks the currency is asked in the prices' own", async () => {
  await shown();
  expect(await asked("de-DE", ["pro"])).toBe("eur");
  expect(await asked("de-DE", ["pro", "ebook"])).toBeNull();
});

test("a currency that changes while a page is open: the next page asks for what the shop shows now, and the old one ends", async () => {
  await shown();
  const browser = browserOf(app);
  const again = async (currency: string) => {
    const headers = browser.headers();
    const cookie = `${headers.cookie ?? ""}; currency=${currency}`;
    const body = { cartId: "cart-currency-changes", productKey: "ebook" };
    return (await app.post("/api/checkout", body, { ...headers, cookie })).json;
  };
  // Makes the visitor, whose cart it is.
  await browser.order("pro");
  app.stripe.calls.length = 0;
  const first = await again("usd");
  const second = await again("inr");
  expect(second.orderId).toBe(first.orderId);
  const made = app.stripe.calls.filter(({ path }) => path === "/v1/checkout/sessions");
  expect(made.map(({ form }) => form.get("currency"))).toEqual(["usd", "inr"]);
  const old = String(first.url).slice(String(first.url).lastIndexOf("/") + 1);
  expect(app.stripe.sessions.get(old)).toMatchObject({ status: "expired" });
});

test("a server's buyers have seen no page, so Stripe decides", async () => {
  await shown();
  expect(await asked("hi-IN", ["ebook"], app.asServer)).toBeNull();
});
