import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine, type TestEngine } from "../../test/engine.ts";

const API_KEY = "a-key-of-the-return-urls-with-32-characters";

let app: TestEngine;
beforeAll(async () => {
  app = await startEngine({
    apiKeys: [API_KEY],
    pages: { success: "/thanks?from=stripe", cancel: "/plans" },
    returnTo: ["https://other.example.com"],
  });
});
afterAll(() => app.close());

let carts = 0;
function checkout(urls: { successUrl?: string; cancelUrl?: string }) {
  carts++;
  return app.oncepaid.checkout({
    cartId: `cart-return-${carts}`,
    productKey: "ebook",
    userId: `u${carts}`,
    ...urls,
  });
}

/** What Stripe was asked for the last time. */
function asked() {
  const form = app.stripe.calls.filter(({ path }) => path === "/v1/checkout/sessions").at(-1)?.form;
  return { success: form?.get("success_url"), cancel: form?.get("cancel_url") };
}

test("buyers come back to the app's own pages", async () => {
  const started = await checkout({});
  expect(asked()).toEqual({
    success: "http://localhost:3000/thanks?from=stripe&session_id={CHECKOUT_SESSION_ID}",
    cancel: `http://localhost:3000/plans?checkout=cancelled&order_id=${started.ok && started.orderId}`,
  });
});

test("a checkout's own pages are used as they stand, of the app's origin and of one it allows", async () => {
  const urls = {
    successUrl: "https://other.example.com/done?s={CHECKOUT_SESSION_ID}",
    cancelUrl: "http://localhost:3000/back",
  };
  expect(await checkout(urls)).toMatchObject({ ok: true });
  expect(asked()).toEqual({ success: urls.successUrl, cancel: urls.cancelUrl });
});

test.each([
  "https://evil.example/",
  "https://other.example.com.evil.example/",
  "https://other.example.com@evil.example/",
  "http://other.example.com/",
  "javascript:alert(1)",
  "/thanks",
  "",
])("a buyer is never sent to %j", async (url) => {
  const before = app.stripe.calls.length;
  expect(await checkout({ successUrl: url })).toMatchObject({
    ok: false,
    code: "return_url_not_allowed",
    issues: [{ path: "successUrl" }],
  });
  expect(await checkout({ cancelUrl: url })).toMatchObject({ ok: false, issues: [{ path: "cancelUrl" }] });
  expect(app.stripe.calls.length).toBe(before);
});

test("over HTTP only a server may name pages, and only those", async () => {
  const ask = async (successUrl: string, headers: Record<string, string>) => {
    const body = JSON.stringify({ cartId: `cart-http-${successUrl}`, productKey: "ebook", successUrl });
    const url = "http://localhost:3000/api/oncepaid/checkout";
    const response = await app.oncepaid.handle(new Request(url, { method: "POST", body, headers }));
    return response.status;
  };
  const server = { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" };
  const browser = { origin: "http://localhost:3000", "content-type": "application/json" };
  expect(await ask("https://other.example.com/done", server)).toBe(200);
  expect(await ask("https://evil.example/done", server)).toBe(400);
  expect(await ask("https://other.example.com/done", browser)).toBe(401);
});

test("over HTTP only a server may give a discount", async () => {
  const ask = async (headers: Record<string, string>) => {
    const body = JSON.stringify({ cartId: "cart-http-discount", productKey: "ebook", discount: "HALF" });
    const url = "http://localhost:3000/api/oncepaid/checkout";
    const answer = await app.oncepaid.handle(new Request(url, { method: "POST", body, headers }));
    return answer.status;
  };
  const json = { "content-type": "application/json" };
  expect(await ask({ origin: "http://localhost:3000", ...json })).toBe(401);
  app.stripe.calls.length = 0;
  expect(await ask({ authorization: `Bearer ${API_KEY}`, ...json })).toBe(200);
  expect(app.stripe.calls.map(({ form }) => form.get("discounts[0][coupon]"))).toEqual(["HALF"]);
});
