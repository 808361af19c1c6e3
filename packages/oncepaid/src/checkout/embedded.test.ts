import { afterAll, beforeAll, expect, test } from "vitest";
import type { Caller } from "#/caller.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { completed, newPayment } from "../../../../test/support/events.ts";

let app: TestApi;
let embeddedCheckout: typeof import("#/checkout/embedded.ts").embeddedCheckout;
beforeAll(async () => {
  app = await startApi({ CHECKOUT_UI: "embedded_page", STRIPE_PUBLISHABLE_KEY: "pk_test_other" });
  ({ embeddedCheckout } = await import("#/checkout/embedded.ts"));
});
afterAll(() => app.close());

let carts = 0;
async function visitor() {
  const cart = { cartId: `cart-embedded-${++carts}`, productKey: "ebook" };
  const { json, headers } = await app.post("/api/checkout", cart);
  const cookie = headers.getSetCookie().map((line) => line.split(";")[0]);
  const [order] = await app.rows<{ user_id: string }>(`select user_id from "order" where id = $1`, [
    json.orderId,
  ]);
  const caller: Caller = { kind: "user", userId: order?.user_id ?? "", email: null, isOperator: false };
  return { cart, json, cookie: cookie.join("; "), orderId: String(json.orderId), caller };
}

test("a buyer in the browser is sent to our own page, and pressing again leads to the same", async () => {
  const { cart, json, cookie, orderId } = await visitor();
  expect(json.url).toBe(`http://localhost:3000/checkout/pay/${orderId}`);
  const again = await app.post("/api/checkout", cart, { cookie });
  expect(again.json).toEqual(json);
});

test("the buyers of a server have no session here, so they pay on Stripe's page", async () => {
  const cart = { cartId: "cart-embedded-server", productKey: "ebook", userId: "theirs" };
  const { json } = await app.post("/api/checkout", cart, app.asServer);
  expect(json.url).toMatch(/^http:\/\/stripe\.example\/c\/pay\/cs_test_/);
  expect(await embeddedCheckout(app.engine, String(json.orderId), { kind: "server" })).toBeUndefined();
});

test("a server that embeds the page in its own is given what it is mounted with; a browser says nothing about that", async () => {
  const cart = { cartId: "cart-embedded-beside", productKey: "ebook", userId: "theirs", ui: "embedded_page" };
  const { json } = await app.post("/api/checkout", cart, app.asServer);
  expect(json).toMatchObject({
    clientSecret: expect.stringMatching(/^cs_test_.*_secret_/),
    publishableKey: "pk_test_other",
    scriptUrl: `${app.stripe.url}/stripe-js/stripe.js`,
  });
  expect((await app.post("/api/checkout", cart, app.asServer)).json).toEqual(json);
  const { userId: _, ...own } = cart;
  expect((await app.post("/api/checkout", own)).json).toMatchObject({ code: "unauthenticated" });
});

test("only the owner gets what the page is mounted with", async () => {
  const mine = await visitor();
  const other = await visitor();
  expect(await embeddedCheckout(app.engine, mine.orderId, mine.caller)).toEqual({
    state: "open",
    clientSecret: expect.stringMatching(/^cs_test_.*_secret_/),
    publishableKey: "pk_test_other",
    scriptUrl: `${app.stripe.url}/stripe-js/stripe.js`,
  });
  for (const caller of [other.caller, { kind: "nobody" } as const]) {
    expect(await embeddedCheckout(app.engine, mine.orderId, caller)).toBeUndefined();
  }
  for (const id of ["nonsense", "01890000-0000-7000-8000-000000000000"]) {
    expect(await embeddedCheckout(app.engine, id, mine.caller)).toBeUndefined();
  }
});

test("a page that was paid or has run out leads to what became of it", async () => {
  const paid = await visitor();
  const [attempt] = await app.rows<{ session_id: string }>(
    "select session_id from checkout_attempt where order_id = $1",
    [paid.orderId],
  );
  const sessionId = attempt?.session_id ?? "";
  await app.deliver(completed(newPayment(paid.orderId, sessionId)));
  expect(await embeddedCheckout(app.engine, paid.orderId, paid.caller)).toEqual({ state: "over", sessionId });
  const late = await visitor();
  await app.rows("update checkout_attempt set expires_at = now() where order_id = $1", [late.orderId]);
  expect(await embeddedCheckout(app.engine, late.orderId, late.caller)).toMatchObject({ state: "over" });
});
