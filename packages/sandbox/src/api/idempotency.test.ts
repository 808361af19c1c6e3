import Stripe from "stripe";
import { afterEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
afterEach(() => shop.close());

const DAY = 86_400;

test("the same request under the same key is answered the same and done once", async () => {
  shop = await TestShop.open();
  const options = { idempotencyKey: "order-1" };
  const first = await shop.stripe.customers.create({ name: "Asha", email: "a@example.com" }, options);
  const again = await shop.stripe.customers.create({ email: "a@example.com", name: "Asha" }, options);
  expect(again.id).toBe(first.id);
  expect(again.lastResponse.headers["idempotent-replayed"]).toBe("true");
  expect(again.lastResponse.headers["idempotency-key"]).toBe("order-1");
  expect(again.lastResponse.headers["original-request"]).toBe(first.lastResponse.requestId);
  expect(again.lastResponse.requestId).not.toBe(first.lastResponse.requestId);
  expect(await shop.types()).toEqual(["customer.created"]);
  expect(shop.last("customer.created").request).toEqual({
    id: first.lastResponse.requestId,
    idempotency_key: "order-1",
  });
});

test("a key that was used for other parameters or another route is refused", async () => {
  shop = await TestShop.open();
  const options = { idempotencyKey: "order-2" };
  await shop.stripe.customers.create({ name: "Asha" }, options);
  const other = await refusal(shop.stripe.customers.create({ name: "Ravi" }, options));
  expect(other).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
  expect(other.statusCode).toBe(400);
  expect(other.code).toBeUndefined();
  const route = await refusal(shop.stripe.products.create({ name: "Asha" }, options));
  expect(route).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
});

test("a request that was refused for its parameters may be sent again, corrected, under the same key", async () => {
  shop = await TestShop.open();
  const options = { idempotencyKey: "order-3" };
  await refusal(shop.stripe.rawRequest("POST", "/v1/products", { nme: "typo" }, options));
  const product = await shop.stripe.products.create({ name: "spelt right" }, options);
  expect(product.lastResponse.headers["idempotent-replayed"]).toBeUndefined();
});

test("a decline is remembered: the same key does not try the card again", async () => {
  shop = await TestShop.open();
  const session = await shop.session();
  const path = `/v1/payment_pages/${session.id}/confirm`;
  const params = { payment_method: "pm_card_visa_chargeDeclined" };
  const options = { idempotencyKey: "pay-1" };
  const first = await refusal(shop.stripe.rawRequest("POST", path, params, options));
  const again = await refusal(shop.stripe.rawRequest("POST", path, params, options));
  expect(again).toMatchObject({ statusCode: 402, code: "card_declined", charge: first.charge });
  expect((await shop.stripe.charges.list()).data).toHaveLength(1);
});

test("a refusal for the state of things is remembered too", async () => {
  shop = await TestShop.open();
  const session = await shop.session();
  const options = { idempotencyKey: "expire-1" };
  await shop.confirm(session.id);
  const call = () => shop.stripe.checkout.sessions.expire(session.id, {}, options);
  expect((await refusal(call())).statusCode).toBe(400);
  expect((await refusal(call())).headers?.["idempotent-replayed"]).toBe("true");
});

test("while the first request is under way, a second with its key is answered 409", async () => {
  const reached = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  shop = await TestShop.open({
    delay: ({ path }) => {
      if (path !== "/v1/customers") return Promise.resolve();
      reached.resolve();
      return release.promise;
    },
  });
  const options = { idempotencyKey: "order-4" };
  const first = shop.stripe.customers.create({ name: "Asha" }, options);
  await reached.promise;
  const second = await refusal(shop.stripe.customers.create({ name: "Asha" }, options));
  expect(second).toMatchObject({
    statusCode: 409,
    code: "idempotency_key_in_use",
    rawType: "idempotency_error",
  });
  await shop.control("idempotency", { in_use_type: "invalid_request_error" });
  const third = await refusal(shop.stripe.customers.create({ name: "Asha" }, options));
  expect(third).toMatchObject({ code: "idempotency_key_in_use", rawType: "invalid_request_error" });
  release.resolve();
  const { id } = await first;
  expect((await shop.stripe.customers.create({ name: "Asha" }, options)).id).toBe(id);
});

test("after a day on the virtual clock a key is new again", async () => {
  shop = await TestShop.open();
  const options = { idempotencyKey: "order-5" };
  const first = await shop.stripe.customers.create({}, options);
  await shop.advance(DAY - 60);
  expect((await shop.stripe.customers.create({}, options)).id).toBe(first.id);
  await shop.advance(61);
  expect((await shop.stripe.customers.create({}, options)).id).not.toBe(first.id);
});

test("a key has no effect on reading", async () => {
  shop = await TestShop.open();
  const read = () => shop.stripe.rawRequest("GET", "/v1/customers", undefined, { idempotencyKey: "read" });
  await read();
  await shop.stripe.customers.create({});
  expect(await read()).toMatchObject({ data: [{ object: "customer" }] });
});
