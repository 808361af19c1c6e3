import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, sdkFor, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${shop.sandbox.url}${path}`, { headers });

test("a request without a key is answered 401 and says how to send one", async () => {
  const response = await get("/v1/products");
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error" } });
});

test("a live key is refused and not repeated in the message", async () => {
  const error = await refusal(sdkFor(shop.sandbox.port, "sk_live_verysecret").products.list());
  expect(error).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
  expect(error.message).not.toContain("verysecret");
});

test("restricted keys and Basic authentication open the same account", async () => {
  const made = await sdkFor(shop.sandbox.port, "rk_test_9").products.create({ name: "Seen by all keys" });
  const basic = `Basic ${Buffer.from("sk_test_another:").toString("base64")}`;
  const response = await get(`/v1/products/${made.id}`, { authorization: basic });
  expect(await response.json()).toMatchObject({ id: made.id, livemode: false });
});

test("every answer carries a request id and the version it was asked in", async () => {
  const { lastResponse } = await shop.stripe.products.list();
  expect(lastResponse.requestId).toMatch(/^req_/);
  expect(lastResponse.apiVersion).toBe(Stripe.API_VERSION);
  const older = await get("/v1/products", {
    authorization: "Bearer sk_test_1",
    "stripe-version": "2024-06-20",
  });
  expect(older.headers.get("stripe-version")).toBe("2024-06-20");
});

test("an address that is no route is answered 404 in Stripe's words", async () => {
  const error = await refusal(shop.stripe.rawRequest("GET", "/v1/unicorns"));
  expect(error.statusCode).toBe(404);
  expect(error.message).toContain("Unrecognized request URL (GET: /v1/unicorns)");
  const canceled = await refusal(shop.stripe.payouts.cancel("po_1"));
  expect(canceled).toMatchObject({
    message: "POST /v1/payouts/po_1/cancel is not supported by the sandbox.",
    statusCode: 404,
  });
  expect((await refusal(shop.stripe.payouts.list())).message).toBe(
    "GET /v1/payouts is not supported by the sandbox.",
  );
});

test("a missing parameter is named", async () => {
  const error = await refusal(shop.stripe.rawRequest("POST", "/v1/products", {}));
  expect(error).toMatchObject({ statusCode: 400, code: "parameter_missing", param: "name" });
  expect(error.message).toBe("Missing required param: name.");
  expect(error.doc_url).toContain("parameter-missing");
});

test("an unknown parameter is named with its whole path", async () => {
  const params = { currency: "inr", unit_amount: 100, product_data: { name: "x", colour: "red" } };
  const error = await refusal(shop.stripe.rawRequest("POST", "/v1/prices", params));
  expect(error).toMatchObject({ code: "parameter_unknown", param: "product_data[colour]" });
  expect(error.message).toBe("Received unknown parameter: product_data[colour]");
});

test("numbers out of range, texts for numbers and unknown words are refused like Stripe refuses them", async () => {
  const low = await refusal(shop.session({ line_items: [{ price: "price_x", quantity: -1 }] }));
  expect(low).toMatchObject({ code: "parameter_invalid_integer", param: "line_items[0][quantity]" });
  expect(low.message).toBe("This value must be greater than or equal to 0.");
  const word = await refusal(shop.stripe.rawRequest("GET", "/v1/products?limit=many"));
  expect(word).toMatchObject({ code: "parameter_invalid_integer", param: "limit" });
  const mode = await refusal(shop.session({ mode: "gift" }));
  expect(mode.message).toBe("Invalid mode: must be one of payment, setup, or subscription");
});

test("an id that names nothing is 404 in the path and 400 in a parameter", async () => {
  const inPath = await refusal(shop.stripe.checkout.sessions.retrieve("cs_test_none"));
  expect(inPath).toMatchObject({ statusCode: 404, code: "resource_missing" });
  expect(inPath.message).toBe("No such checkout.session: 'cs_test_none'");
  const inBody = await refusal(shop.session({ line_items: [{ price: "price_none", quantity: 1 }] }));
  expect(inBody).toMatchObject({ statusCode: 400, code: "resource_missing", param: "line_items[0][price]" });
});

test("lists come newest first, in pages, forwards and backwards", async () => {
  const made: string[] = [];
  for (const name of ["one", "two", "three", "four", "five"]) {
    made.unshift((await shop.stripe.customers.create({ name })).id);
  }
  const first = await shop.stripe.customers.list({ limit: 2 });
  expect(first.data.map(({ id }) => id)).toEqual(made.slice(0, 2));
  expect(first.has_more).toBe(true);
  const after = await shop.stripe.customers.list({ limit: 2, starting_after: made[1] ?? "" });
  expect(after.data.map(({ id }) => id)).toEqual(made.slice(2, 4));
  const before = await shop.stripe.customers.list({ limit: 2, ending_before: made[3] ?? "" });
  expect(before.data.map(({ id }) => id)).toEqual(made.slice(1, 3));
  const all: string[] = [];
  for await (const { id } of shop.stripe.customers.list({ limit: 2 })) all.push(id);
  expect(all).toEqual(made);
});

test("a page can't be asked for from both ends, nor be larger than a hundred", async () => {
  const { id } = await shop.stripe.customers.create({});
  const both = await refusal(shop.stripe.customers.list({ starting_after: id, ending_before: id }));
  expect(both.param).toBe("ending_before");
  expect((await refusal(shop.stripe.customers.list({ limit: 101 }))).param).toBe("limit");
});

test("ids are replaced by objects where asked, several levels deep", async () => {
  const session = await shop.session();
  await shop.confirm(session.id);
  const expanded = await shop.stripe.checkout.sessions.retrieve(session.id, {
    expand: ["payment_intent.latest_charge.balance_transaction", "line_items.data.price.product"],
  });
  expect(expanded).toMatchObject({
    payment_intent: {
      object: "payment_intent",
      latest_charge: { object: "charge", balance_transaction: null },
    },
    line_items: { data: [{ price: { product: { object: "product", name: "Handbook" } } }] },
  });
  const list = await shop.stripe.charges.list({ limit: 1, expand: ["data.payment_intent"] });
  expect(list.data[0]?.payment_intent).toMatchObject({ object: "payment_intent" });
});

test("what can't be expanded is refused", async () => {
  const session = await shop.session();
  const wrong = await refusal(shop.stripe.checkout.sessions.retrieve(session.id, { expand: ["url"] }));
  expect(wrong.message).toBe("This property cannot be expanded (url).");
  const deep = "payment_intent.latest_charge.payment_intent.latest_charge.customer";
  const tooDeep = await refusal(shop.stripe.checkout.sessions.retrieve(session.id, { expand: [deep] }));
  expect(tooDeep.message).toContain("more than 4 levels");
});

test("line items are left out until asked for, and a deleted customer expands to what is left of it", async () => {
  const customer = await shop.stripe.customers.create({ email: "gone@example.com" });
  const session = await shop.session({ customer: customer.id });
  expect(session.line_items).toBeUndefined();
  await shop.stripe.customers.del(customer.id);
  const expanded = await shop.stripe.checkout.sessions.retrieve(session.id, { expand: ["customer"] });
  expect(expanded.customer).toEqual({ id: customer.id, object: "customer", deleted: true });
});

test("metadata is merged key by key, and empty values take keys away", async () => {
  const { id } = await shop.stripe.products.create({ name: "x", metadata: { a: "1", b: "2" } });
  const merged = await shop.stripe.products.update(id, { metadata: { b: "", c: "3" } });
  expect(merged.metadata).toEqual({ a: "1", c: "3" });
  const long = await refusal(shop.stripe.products.update(id, { metadata: { ["k".repeat(41)]: "v" } }));
  expect(long.statusCode).toBe(400);
});

test("metadata has fifty keys at most, counted over all updates, and its texts are counted in characters", async () => {
  const forty = Object.fromEntries(Array.from({ length: 40 }, (_, place) => [`key${place}`, "1"]));
  const others = Object.fromEntries(Array.from({ length: 11 }, (_, place) => [`other${place}`, "1"]));
  const { id } = await shop.stripe.products.create({ name: "Tagged", metadata: forty });
  const tooMany = shop.stripe.products.update(id, { metadata: others });
  expect(await refusal(tooMany)).toMatchObject({ param: "metadata", statusCode: 400 });
  await shop.stripe.products.update(id, { metadata: { ...others, key0: "" } });
  const faces = "😀".repeat(500);
  expect((await shop.stripe.products.update(id, { metadata: { key1: faces } })).metadata.key1).toBe(faces);
  const longer = shop.stripe.products.update(id, { metadata: { key1: `${faces}!` } });
  expect((await refusal(longer)).param).toBe("metadata");
});

test("JSON is refused in Stripe's words instead of making an empty object", async () => {
  const response = await fetch(`${shop.sandbox.url}/v1/customers`, {
    method: "POST",
    headers: { authorization: "Bearer sk_test_1", "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({ email: "asha@example.com" }),
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain("check that your POST content type is application/x-www-form");
});

test("a page doesn't begin after an object of another kind", async () => {
  const { id } = await shop.stripe.products.create({ name: "No customer" });
  const error = await refusal(shop.stripe.customers.list({ starting_after: id }));
  expect(error.message).toBe(`No such customer: '${id}'`);
});

test("prices are found by their lookup keys, and a key belongs to one price", async () => {
  const first = await shop.stripe.prices.create({
    currency: "inr",
    unit_amount: 99_900,
    recurring: { interval: "month" },
    lookup_key: "pro_monthly",
    product_data: { name: "Pro" },
  });
  const found = await shop.stripe.prices.list({ lookup_keys: ["pro_monthly", "unknown"] });
  expect(found.data.map(({ id }) => id)).toEqual([first.id]);
  const again = {
    currency: "inr",
    unit_amount: 1,
    lookup_key: "pro_monthly",
    product_data: { name: "Pro 2" },
  };
  expect((await refusal(shop.stripe.prices.create(again))).param).toBe("lookup_key");
  const second = await shop.stripe.prices.create({ ...again, transfer_lookup_key: true });
  expect((await shop.stripe.prices.retrieve(first.id)).lookup_key).toBeNull();
  expect(second.lookup_key).toBe("pro_monthly");
});

test("every answer says when it was given, by the virtual clock, and in the version that the SDK pins", async () => {
  const dateOf = async () => {
    const answer = await fetch(`${shop.sandbox.url}/v1/customers`, {
      headers: { Authorization: "Bearer sk_test_1" },
    });
    expect(answer.headers.get("stripe-version")).toBe(Stripe.API_VERSION);
    return Date.parse(answer.headers.get("date") ?? "");
  };
  const before = await dateOf();
  await shop.advance(86_400);
  expect((await dateOf()) - before).toBeGreaterThanOrEqual(86_400_000);
});

/** As curl sends it: what stands behind the mark, and what is in the body. */
async function curl(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${shop.sandbox.url}${path}`, {
    method,
    ...(body !== undefined && { body }),
    headers: {
      authorization: "Bearer sk_test_123",
      "content-type": "application/x-www-form-urlencoded",
      ...headers,
    },
  });
  return { body: Object(await response.json()), replayed: response.headers.get("idempotent-replayed") };
}

test("what a DELETE says in its body is read, as what it says behind its path", async () => {
  const { id } = await shop.stripe.customers.create();
  const refused = await curl("DELETE", `/v1/customers/${id}`, "colour=red");
  expect(refused.body.error).toMatchObject({ code: "parameter_unknown", param: "colour" });
  expect((await curl("DELETE", `/v1/customers/${id}?colour=red`)).body.error.param).toBe("colour");
  expect((await curl("DELETE", `/v1/customers/${id}`)).body).toMatchObject({ deleted: true, id });
});

test("what a POST says behind its path counts like what it says in its body, which comes first", async () => {
  const { body: made } = await curl("POST", "/v1/customers?name=Asha&metadata[a]=1", "email=a@example.com");
  expect(made).toMatchObject({ email: "a@example.com", metadata: { a: "1" }, name: "Asha" });
  expect((await curl("POST", `/v1/customers/${made.id}?name=Ravi`, "name=Mira")).body.name).toBe("Mira");
});

test("a key remembers what was said behind the path too", async () => {
  const keyed = { "idempotency-key": "behind-the-path" };
  const first = await curl("POST", "/v1/customers?name=Asha", "", keyed);
  const again = await curl("POST", "/v1/customers", "name=Asha", keyed);
  expect(again).toMatchObject({ body: { id: first.body.id }, replayed: "true" });
  const other = await curl("POST", "/v1/customers?name=Ravi", "", keyed);
  expect(other.body.error.type).toBe("idempotency_error");
});
