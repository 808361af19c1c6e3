import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

/** How clients write their requests, and how recordings of Stripe show them answered. */

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());

const KEY = { authorization: "Bearer sk_test_1", "content-type": "application/x-www-form-urlencoded" };
const send = (method: string, path: string, body?: string, headers: Record<string, string> = {}) =>
  fetch(`${shop.sandbox.url}${path}`, { method, headers: { ...KEY, ...headers }, ...(body && { body }) });
const post = async (path: string, body: string) => (await send("POST", path, body)).json();

test.each([
  ["True", true],
  ["False", false],
  ["true", true],
  ["FALSE", false],
])("a boolean may be written %s, as Python's older SDKs do", async (written, meant) => {
  expect(await post("/v1/products", `name=x&active=${written}`)).toMatchObject({ active: meant });
});

test.each([
  ["1e-05", "0.00001"],
  ["2.5", "2.5"],
  ["1.5E+2", "150"],
])("a decimal may be written %s", async (written, meant) => {
  const body = `currency=usd&product_data[name]=x&unit_amount_decimal=${encodeURIComponent(written)}`;
  expect(await post("/v1/prices", body)).toMatchObject({ unit_amount_decimal: meant });
});

test("a country may be written out", async () => {
  const customer = await shop.stripe.customers.create({ address: { country: "United States of America" } });
  expect(customer.address?.country).toBe("United States of America");
});

test("a currency that nobody has is refused with the list of those there are", async () => {
  const error = await refusal(
    shop.stripe.prices.create({ currency: "xyz", product_data: { name: "x" }, unit_amount: 100 }),
  );
  expect(error).toMatchObject({ param: "currency", statusCode: 400 });
  expect(error.message).toMatch(
    /^Invalid currency: xyz\. Stripe currently supports these currencies: usd, aed, afn,/,
  );
});

test("a payment of nothing says what to do instead", async () => {
  const error = await refusal(shop.stripe.paymentIntents.create({ amount: 0, currency: "usd" }));
  expect(error.message).toContain(
    "The amount must be greater than or equal to the minimum charge amount allowed for your account and the currency set.",
  );
});

test("a first request under a key already names itself as the original, and says that it need not be repeated", async () => {
  const key = { "idempotency-key": "headers-1" };
  const first = await send("POST", "/v1/products", "name=x", key);
  const own = first.headers.get("request-id");
  expect(Object.fromEntries(first.headers)).toMatchObject({
    "access-control-allow-methods": "GET,HEAD,PUT,PATCH,POST,DELETE",
    "access-control-allow-origin": "*",
    "access-control-max-age": "300",
    "original-request": own,
    "stripe-should-retry": "false",
  });
  expect(first.headers.get("idempotent-replayed")).toBeNull();
  const again = await send("POST", "/v1/products", "name=x", key);
  expect(Object.fromEntries(again.headers)).toMatchObject({
    "idempotent-replayed": "true",
    "original-request": own,
  });
});

test("a page of another site gets no leave to send a key", async () => {
  const asked = await fetch(`${shop.sandbox.url}/v1/products`, {
    method: "OPTIONS",
    headers: { "access-control-request-headers": "authorization", origin: "http://evil.example" },
  });
  expect(asked.headers.get("access-control-allow-headers")).toBeNull();
});

test("a deleted coupon's and product's id can be used again, and those who had the old coupon keep it", async () => {
  const { stripe } = shop;
  await stripe.coupons.create({ id: "AGAIN", percent_off: 50, duration: "forever" });
  const product = await stripe.products.create({ id: "again", name: "Old" });
  const price = await stripe.prices.create({
    currency: "usd",
    product_data: { name: "Plan" },
    recurring: { interval: "month" },
    unit_amount: 1_000,
  });
  const customer = await stripe.customers.create();
  const subscription = await stripe.subscriptions.create({
    collection_method: "send_invoice",
    customer: customer.id,
    days_until_due: 5,
    discounts: [{ coupon: "AGAIN" }],
    items: [{ price: price.id }],
  });
  await stripe.coupons.del("AGAIN");
  await stripe.products.del(product.id);
  expect(await stripe.coupons.create({ id: "AGAIN", percent_off: 10 })).toMatchObject({ percent_off: 10 });
  expect(await stripe.products.create({ id: "again", name: "New" })).toMatchObject({ name: "New" });
  const next = await stripe.invoices.createPreview({ subscription: subscription.id });
  expect(next.total).toBe(500);
});

test("a search may join its clauses by OR, and by both not", async () => {
  await shop.stripe.customers.create({ email: "one@or.test", name: "One" });
  await shop.stripe.customers.create({ email: "two@or.test", name: "Two" });
  const search = (query: string) => shop.stripe.customers.search({ query });
  const either = await search("email:'one@or.test' OR email:'two@or.test' OR email:'three@or.test'");
  expect(either.data.map(({ name }) => name)).toEqual(["Two", "One"]);
  expect((await search("email:'one@or.test' OR -email~'or.test'")).data.map(({ name }) => name)).toContain(
    "One",
  );
  const both = await refusal(search("email:'one@or.test' OR name:'One' AND name:'Two'"));
  expect(both.message).toContain("cannot combine both AND and OR");
});
