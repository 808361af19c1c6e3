import Stripe from "stripe";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { refusal, sdkFor, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterEach(() => fetch(`${shop.sandbox.url}/sandbox/faults`, { method: "DELETE" }));
afterAll(() => shop.close());

const strike = (rule: object) => shop.control("faults/api", rule);
const struck = async () => {
  const list = await (await fetch(`${shop.sandbox.url}/sandbox/faults`)).json();
  return Object(list).data[0]?.struck;
};
const count = async () => (await shop.stripe.customers.list({ limit: 100 })).data.length;
const retrying = (maxNetworkRetries: number, timeout = 5_000) =>
  new Stripe("sk_test_123", {
    host: "127.0.0.1",
    port: shop.sandbox.port,
    protocol: "http",
    maxNetworkRetries,
    timeout,
    telemetry: false,
  });

test("a rate limit names its reason, and without an invitation the SDK does not try again", async () => {
  await strike({ fault: "rate_limit", reason: "endpoint-rate", method: "POST", path: "/v1/customers" });
  const error = await refusal(retrying(2).customers.create({}));
  expect(error).toBeInstanceOf(Stripe.errors.StripeRateLimitError);
  expect(error).toMatchObject({ statusCode: 429, code: "rate_limit" });
  expect(error.headers?.["stripe-rate-limited-reason"]).toBe("endpoint-rate");
  expect(error.headers?.["stripe-should-retry"]).toBeUndefined();
  expect(await struck()).toBe(1);
});

test("a rate limit that invites another try gets it, and nothing was remembered of the first", async () => {
  await strike({ fault: "rate_limit", should_retry: true, times: 2 });
  const made = await retrying(2).customers.create({}, { idempotencyKey: "limited" });
  expect(made.lastResponse.headers["idempotent-replayed"]).toBeUndefined();
});

test("a locked object is a 429 that the SDK tries again", async () => {
  await strike({ fault: "lock_timeout", times: 1 });
  const error = await refusal(shop.stripe.customers.create({}));
  expect(error).toMatchObject({ statusCode: 429, code: "lock_timeout" });
  await strike({ fault: "lock_timeout", times: 1 });
  expect((await retrying(1).customers.create({})).id).toMatch(/^cus_/);
});

test("only the route that was meant is struck", async () => {
  await strike({ fault: "rate_limit", path: "/v1/customers/*" });
  const { id } = await shop.stripe.customers.create({});
  expect((await refusal(shop.stripe.customers.retrieve(id))).statusCode).toBe(429);
  await shop.stripe.products.create({ name: "x" });
});

test("a 500 before the work did nothing, and its key answers 500 for good", async () => {
  const before = await count();
  await strike({ fault: "error", times: 1, method: "POST" });
  const key = { idempotencyKey: "broken-before" };
  expect((await refusal(shop.stripe.customers.create({}, key))).statusCode).toBe(500);
  const again = await refusal(shop.stripe.customers.create({}, key));
  expect(again.statusCode).toBe(500);
  expect(again.headers?.["idempotent-replayed"]).toBe("true");
  expect(await count()).toBe(before);
});

test("a 500 after the work did it all the same, and its key answers 500 for good", async () => {
  const before = await count();
  await strike({ fault: "error", when: "after", times: 1, method: "POST" });
  const key = { idempotencyKey: "broken-after" };
  expect((await refusal(shop.stripe.customers.create({}, key))).statusCode).toBe(500);
  expect((await refusal(shop.stripe.customers.create({}, key))).statusCode).toBe(500);
  expect(await count()).toBe(before + 1);
});

test("a gateway's 503 hides what the API did: the same key then gets the real answer", async () => {
  const before = await count();
  await strike({ fault: "error", status: 503, when: "after", times: 1, method: "POST" });
  const made = await retrying(1).customers.create({}, { idempotencyKey: "hidden" });
  expect(made.lastResponse.headers["idempotent-replayed"]).toBe("true");
  expect(await count()).toBe(before + 1);
});

test("a connection cut before the work leaves nothing behind, one cut after it leaves it done once", async () => {
  const before = await count();
  await strike({ fault: "reset", times: 2, method: "POST" });
  const first = await refusal(shop.stripe.customers.create({}));
  expect(first).toBeInstanceOf(Stripe.errors.StripeConnectionError);
  expect(await count()).toBe(before);
  await strike({ fault: "reset", when: "after", times: 1, method: "POST" });
  // The SDK repeats a cut connection once by itself, with the same key.
  const made = await shop.stripe.customers.create({}, { idempotencyKey: "cut" });
  expect(made.lastResponse.headers["idempotent-replayed"]).toBe("true");
  expect(await count()).toBe(before + 1);
});

test("a request that hangs is given up by its sender, and its key is in use until then", async () => {
  await strike({ fault: "hang", times: 1, method: "POST" });
  const key = { idempotencyKey: "hanging" };
  const hanging = refusal(retrying(0, 1_000).customers.create({}, key));
  // A fault that strikes once is gone from the list the moment it struck.
  while ((await struck()) !== undefined) {}
  const conflict = await refusal(shop.stripe.customers.create({}, key));
  expect(conflict).toMatchObject({ statusCode: 409, code: "idempotency_key_in_use" });
  expect(await hanging).toBeInstanceOf(Stripe.errors.StripeConnectionError);
});

test("latency holds the answer back, and nothing else", async () => {
  await strike({ fault: "latency", milliseconds: 1_000, path: "/v1/products" });
  const started = performance.now();
  const answered: string[] = [];
  await Promise.all([
    shop.stripe.products.list().then(() => answered.push("held back")),
    shop.stripe.customers.list().then(() => answered.push("not held")),
  ]);
  expect(performance.now() - started).toBeGreaterThan(995);
  expect(answered).toEqual(["not held", "held back"]);
});

test("with a probability and a seed, the same requests are struck again", async () => {
  const pattern = async (seed: number) => {
    await fetch(`${shop.sandbox.url}/sandbox/faults`, { method: "DELETE" });
    await strike({ fault: "rate_limit", probability: 0.5, seed, path: "/v1/prices" });
    const seen: number[] = [];
    for (let asked = 0; asked < 20; asked++) {
      const response = await fetch(`${shop.sandbox.url}/v1/prices`, {
        headers: { authorization: "Bearer sk_test_1" },
      });
      seen.push(response.status);
    }
    return seen;
  };
  const first = await pattern(7);
  expect(new Set(first)).toEqual(new Set([200, 429]));
  expect(await pattern(7)).toEqual(first);
  expect(await pattern(8)).not.toEqual(first);
});

test("a key that is not remembered after a rate limit may be used with other parameters", async () => {
  await strike({ fault: "rate_limit", times: 1 });
  const key = { idempotencyKey: "never-arrived" };
  await refusal(shop.stripe.customers.create({ name: "one" }, key));
  expect((await sdkFor(shop.sandbox.port).customers.create({ name: "two" }, key)).name).toBe("two");
});
