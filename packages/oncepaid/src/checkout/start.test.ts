import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { completed, event, newPayment, sessionObject } from "../../../../test/support/events.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());
beforeEach(() => {
  app.stripe.calls.length = 0;
  app.stripe.script = Object.assign(app.stripe.script, {
    status: undefined,
    latencyMs: undefined,
    dropAnswers: undefined,
    sameSession: undefined,
  });
});

let carts = 0;
function cart() {
  carts++;
  return { cartId: `cart-start-${carts}`, productKey: "ebook", userId: `buyer-${carts}` };
}
const checkout = (body: unknown) => app.post("/api/checkout", body, app.asServer);
const created = () =>
  app.stripe.calls.filter(({ method, path }) => method === "POST" && path === "/v1/checkout/sessions");
const sessionOf = (url: unknown) => String(url).slice(String(url).lastIndexOf("/") + 1);

test("the order is there before Stripe is called, and its id travels with the session", async () => {
  const body = { ...cart(), email: "buyer@example.com" };
  const { status, json } = await checkout(body);
  expect(status).toBe(200);
  const [call] = created();
  expect(Object.fromEntries(call?.form ?? [])).toMatchObject({
    mode: "payment",
    client_reference_id: json.orderId,
    "line_items[0][price]": "price_ebook",
    "line_items[0][quantity]": "1",
    "metadata[order_id]": json.orderId,
    "metadata[cart_id]": body.cartId,
    "metadata[product_key]": "ebook",
    "metadata[user_id]": body.userId,
    "payment_intent_data[metadata][order_id]": json.orderId,
    success_url: "http://localhost:3000/checkout/success?session_id={CHECKOUT_SESSION_ID}",
    cancel_url: `http://localhost:3000/pricing?checkout=cancelled&order_id=${json.orderId}`,
    customer_email: "buyer@example.com",
    allow_promotion_codes: "true",
  });
  expect(call?.key).toMatch(new RegExp(`^checkout:${json.orderId}:1:[0-9a-f]{32}$`));
  const personal = [...(call?.form ?? [])].filter(
    ([name, value]) => name.includes("metadata") && value.includes("@"),
  );
  expect(personal).toEqual([]);
});

test("a plan is a subscription with its metadata on the subscription", async () => {
  const { json } = await checkout({ ...cart(), productKey: "pro", quantity: 3 });
  expect(Object.fromEntries(created()[0]?.form ?? [])).toMatchObject({
    mode: "subscription",
    "line_items[0][quantity]": "3",
    "subscription_data[metadata][order_id]": json.orderId,
  });
});

test("100 requests at once for one cart make one order, one session and one call", async () => {
  app.stripe.script.latencyMs = 300;
  const body = cart();
  const answers = await Promise.all(Array.from({ length: 100 }, () => checkout(body)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(answers.map(({ json }) => json.url)).size).toBe(1);
  expect(new Set(answers.map(({ json }) => json.orderId)).size).toBe(1);
  expect(created()).toHaveLength(1);
});

test("requests that began before the session was made need no look at it", async () => {
  app.stripe.script.latencyMs = 300;
  const { cartId, userId } = cart();
  const ask = () => app.oncepaid.checkout({ cartId, userId, productKey: "ebook" });
  const answers = await Promise.all(Array.from({ length: 100 }, ask));
  expect(new Set(answers.map((answer) => answer.ok && answer.url)).size).toBe(1);
  expect(app.stripe.calls).toHaveLength(1);
});

test("the same cart gets the same page again once Stripe says that it is open, another user's same cart another order", async () => {
  const body = cart();
  const first = await checkout(body);
  const again = await checkout(body);
  expect(again.json).toEqual(first.json);
  expect(app.stripe.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /v1/checkout/sessions",
    `GET /v1/checkout/sessions/${sessionOf(first.json.url)}`,
  ]);
  const other = await checkout({ ...body, userId: "somebody-else" });
  expect(other.json.orderId).not.toBe(first.json.orderId);
  expect(other.json.url).not.toBe(first.json.url);
});

test("many requests at once for a page that is open cost one look at it", async () => {
  const body = cart();
  const first = await checkout(body);
  app.stripe.calls.length = 0;
  app.stripe.script.latencyMs = 300;
  const ask = () => app.oncepaid.checkout({ ...body, productKey: "ebook" });
  const answers = await Promise.all(Array.from({ length: 50 }, ask));
  expect(new Set(answers.map((answer) => answer.ok && answer.url))).toEqual(new Set([first.json.url]));
  expect(app.stripe.calls).toHaveLength(1);
});

test("a session that was ended at Stripe, and of which nobody told, is no dead end", async () => {
  const body = cart();
  const first = await checkout(body);
  Object.assign(app.stripe.sessions.get(sessionOf(first.json.url)) ?? {}, { status: "expired" });
  const second = await checkout(body);
  expect(second).toMatchObject({ status: 200, json: { orderId: first.json.orderId } });
  expect(app.stripe.sessions.get(sessionOf(second.json.url))).toMatchObject({ status: "open" });
});

test("a session that was paid, and of which nobody told, is not paid again", async () => {
  const body = cart();
  const first = await checkout(body);
  const paid = { status: "complete", payment_status: "paid", payment_intent: `pi_${body.cartId}` };
  Object.assign(app.stripe.sessions.get(sessionOf(first.json.url)) ?? {}, paid);
  expect(await checkout(body)).toMatchObject({ status: 409, json: { code: "already_paid" } });
});

test("a session that Stripe doesn't have any more is no dead end", async () => {
  const body = cart();
  const first = await checkout(body);
  app.stripe.sessions.delete(sessionOf(first.json.url));
  const second = await checkout(body);
  expect(second.status).toBe(200);
  expect(second.json.url).not.toBe(first.json.url);
});

test.each([
  ["another address", { email: "right@example.com" }, "customer_email", "right@example.com"],
  [
    "another page to come back to",
    { successUrl: "http://localhost:3000/thanks" },
    "success_url",
    "http://localhost:3000/thanks",
  ],
])("a cart with %s ends the old session and opens one that says so", async (_, change, name, value) => {
  const body = { ...cart(), email: "wrong@example.com" };
  const first = await checkout(body);
  const second = await checkout({ ...body, ...change });
  expect(second).toMatchObject({ status: 200, json: { orderId: first.json.orderId } });
  expect(app.stripe.sessions.get(sessionOf(first.json.url))).toMatchObject({ status: "expired" });
  expect(created().at(-1)?.form.get(name)).toBe(value);
  const order = await app.get(`/api/orders/${first.json.orderId}`, app.asServer);
  const email = "email" in change ? change.email : body.email;
  expect(await app.rows('select email from "order" where id = $1', [order.json.id])).toEqual([{ email }]);
});

test("a buyer who changes the language gets a page in it, and the old one ends", async () => {
  const { cartId, userId } = cart();
  const inLanguage = (locale: string) =>
    app.oncepaid.checkout({ cartId, userId, productKey: "ebook", locale });
  const first = await inLanguage("en");
  const second = await inLanguage("hi");
  if (!first.ok || !second.ok) throw new Error("Checkout failed.");
  expect(app.stripe.sessions.get(sessionOf(first.url))).toMatchObject({ status: "expired" });
  expect(created().map(({ form }) => form.get("locale"))).toEqual(["en", "hi-IN"]);
  expect(await inLanguage("hi")).toEqual(second);
});

test("a changed cart ends the old session at Stripe before the next one opens", async () => {
  const body = cart();
  const first = await checkout(body);
  const second = await checkout({ ...body, quantity: 2 });
  expect(second.json.orderId).toBe(first.json.orderId);
  expect(second.json.url).not.toBe(first.json.url);
  expect(app.stripe.sessions.get(sessionOf(first.json.url))?.status).toBe("expired");
  expect(app.stripe.calls.map(({ path }) => path)).toEqual([
    "/v1/checkout/sessions",
    `/v1/checkout/sessions/${sessionOf(first.json.url)}/expire`,
    "/v1/checkout/sessions",
  ]);
  const order = await app.get(`/api/orders/${first.json.orderId}`, app.asServer);
  expect(order.json).toMatchObject({
    items: [{ productKey: "ebook", quantity: 2 }],
    amountTotal: 3800,
    status: "PENDING",
  });
});

test("50 requests at once that change a cart leave one open session", async () => {
  const body = cart();
  await checkout(body);
  app.stripe.script.latencyMs = 50;
  const answers = await Promise.all(Array.from({ length: 50 }, () => checkout({ ...body, quantity: 3 })));
  expect(new Set(answers.map(({ json }) => json.url)).size).toBe(1);
  expect(created()).toHaveLength(2);
  const open = [...app.stripe.sessions.values()].filter(
    ({ status, client_reference_id }) =>
      status === "open" && client_reference_id === answers[0]?.json.orderId,
  );
  expect(open).toHaveLength(1);
});

test("an expired session is no dead end: the next attempt opens a new one", async () => {
  const body = cart();
  const first = await checkout(body);
  const payment = newPayment(String(first.json.orderId), sessionOf(first.json.url));
  const expired = { status: "expired", payment_status: "unpaid", payment_intent: null };
  await app.deliver(event("checkout.session.expired", sessionObject(payment, expired)));
  const second = await checkout(body);
  expect(second.status).toBe(200);
  expect(second.json.orderId).toBe(first.json.orderId);
  expect(second.json.url).not.toBe(first.json.url);
  await app.deliver(completed(newPayment(payment.orderId, sessionOf(second.json.url))));
  expect((await app.get(`/api/orders/${payment.orderId}`, app.asServer)).json).toMatchObject({
    status: "FULFILLED",
  });
});

test("a paid cart is answered 409, whatever it asks for now", async () => {
  const body = cart();
  const first = await checkout(body);
  await app.deliver(completed(newPayment(String(first.json.orderId), sessionOf(first.json.url))));
  for (const quantity of [1, 2]) {
    expect(await checkout({ ...body, quantity })).toMatchObject({
      status: 409,
      json: { code: "already_paid" },
    });
  }
});

test("a changed cart whose session was just paid is answered 409, and the payment is taken in", async () => {
  const body = cart();
  const first = await checkout(body);
  const session = app.stripe.sessions.get(sessionOf(first.json.url));
  Object.assign(session ?? {}, {
    status: "complete",
    payment_status: "paid",
    payment_intent: `pi_${body.cartId}`,
  });
  expect(await checkout({ ...body, quantity: 2 })).toMatchObject({
    status: 409,
    json: { code: "already_paid" },
  });
  const order = await app.get(`/api/orders/${first.json.orderId}`, app.asServer);
  expect(order.json).toMatchObject({ status: "FULFILLED", entitlements: [{ state: "active", quantity: 1 }] });
});

test("with Stripe answering 500 checkout answers 502, and the same cart succeeds when Stripe is back", async () => {
  const body = cart();
  app.stripe.script.status = 500;
  expect(await checkout(body)).toMatchObject({ status: 502, json: { code: "stripe_unavailable" } });
  app.stripe.script.status = undefined;
  expect((await checkout(body)).status).toBe(200);
});

test("an answer that was lost on the way is asked for again with the same key and gives the same session", async () => {
  const body = cart();
  app.stripe.script.dropAnswers = true;
  expect((await checkout(body)).status).toBe(502);
  app.stripe.script.dropAnswers = undefined;
  const { status, json } = await checkout(body);
  expect(status).toBe(200);
  expect(new Set(created().map(({ key }) => key)).size).toBe(1);
  const made = [...app.stripe.sessions.values()].filter(
    (session) => session.client_reference_id === json.orderId,
  );
  expect(made).toHaveLength(1);
});

test("a price or product that was archived at Stripe is not for sale, and is again when it is active again", async () => {
  app.stripe.script.archivedPrice = "price_ebook";
  const body = cart();
  const refused = await checkout(body);
  expect(refused).toMatchObject({ status: 400, json: { code: "invalid_request" } });
  expect(refused.json.error).toMatch(/ebook is not for sale/);
  expect(created()).toHaveLength(1);
  expect((await checkout(cart())).status).toBe(400);
  // Whoever runs the shop gets a mail, however many buyers ask.
  const told = await app.rows<{ data: object }>(
    "select data from outbox where queue = 'mail' and key like 'not_for_sale:%'",
  );
  expect(told).toMatchObject([{ data: { mail: "not_for_sale", productKey: "ebook" } }]);
  delete app.stripe.script.archivedPrice;
  expect((await checkout(body)).status).toBe(200);
});

test("a session that belongs to another order already is never handed out", async () => {
  const first = await checkout(cart());
  const other = sessionOf(first.json.url);
  await app.rows("update checkout_attempt set session_id = session_id || '_moved' where session_id = $1", [
    other,
  ]);
  app.stripe.script.sameSession = other;
  expect(await checkout(cart())).toMatchObject({ status: 502, json: { code: "stripe_unavailable" } });
  app.stripe.script.sameSession = undefined;
});

const HUGE = "x".repeat(5_000);
test.each([
  ["no JSON", "{not json"],
  ["nothing", ""],
  ["null", "null"],
  ["a list", "[]"],
  ["a number", "42"],
  ["an empty object", {}],
  ["no cart", { productKey: "ebook" }],
  ["a cart id that is too short", { cartId: "short", productKey: "ebook" }],
  ["a cart id of 5 kB", { cartId: HUGE, productKey: "ebook" }],
  ["a cart id that is a number", { cartId: 12345678, productKey: "ebook" }],
  ["a cart id with control characters", { cartId: "cart\u0000\u0001-bad", productKey: "ebook" }],
  ["an unknown product", { cartId: "cart-bad-1", productKey: "yacht" }],
  ["a product of 5 kB", { cartId: "cart-bad-1", productKey: HUGE }],
  ["a product named like a property of every object", { cartId: "cart-bad-1", productKey: "__proto__" }],
  ["a product that is an object", { cartId: "cart-bad-1", productKey: { $ne: null } }],
  ["quantity zero", { cartId: "cart-bad-1", productKey: "pro", quantity: 0 }],
  ["a negative quantity", { cartId: "cart-bad-1", productKey: "pro", quantity: -3 }],
  ["half a seat", { cartId: "cart-bad-1", productKey: "pro", quantity: 0.5 }],
  ["an absurd quantity", { cartId: "cart-bad-1", productKey: "pro", quantity: 1e15 }],
  ["a quantity beyond integers", { cartId: "cart-bad-1", productKey: "pro", quantity: 1e300 }],
  ["a quantity as text", { cartId: "cart-bad-1", productKey: "pro", quantity: "2" }],
  ["more than is sold at once", { cartId: "cart-bad-1", productKey: "ebook", quantity: 11 }],
  ["no items", { cartId: "cart-bad-1", items: [] }],
  ["items that are no list", { cartId: "cart-bad-1", items: "ebook" }],
  ["1,000 items", { cartId: "cart-bad-1", items: Array(1000).fill({ productKey: "ebook", quantity: 1 }) }],
  [
    "the same item twice",
    { cartId: "cart-bad-1", items: [{ productKey: "ebook" }, { productKey: "ebook" }] },
  ],
  ["both a product and items", { cartId: "cart-bad-1", productKey: "ebook", items: [{ productKey: "pro" }] }],
  ["an amount of the client's choosing", { cartId: "cart-bad-1", productKey: "ebook", amount: 1 }],
  [
    "a price of the client's choosing",
    { cartId: "cart-bad-1", items: [{ productKey: "ebook", price: "price_1" }] },
  ],
  ["an e-mail that is none", { cartId: "cart-bad-1", productKey: "ebook", email: "nobody" }],
  ["a user id of 5 kB", { cartId: "cart-bad-1", productKey: "ebook", userId: HUGE }],
  ["a slot that doesn't exist", { cartId: "cart-bad-1", productKey: "workshop", slotId: "slot_1" }],
])("%s is answered 400 with a sentence and a code, and leaves nothing behind", async (_, body) => {
  const count = async () => {
    const text = `select (select count(*) from "order") as orders, (select count(*) from "user") as users`;
    return (await app.rows(text))[0];
  };
  const before = await count();
  for (const headers of [app.asServer, {}]) {
    const { status, json } = await app.post("/api/checkout", body, headers);
    expect({ status, code: json.code }).toEqual({ status: 400, code: "invalid_request" });
    expect(json.error).toMatch(/\S{3}.*\.$/s);
  }
  expect(await count()).toEqual(before);
  expect(app.stripe.calls).toEqual([]);
});
