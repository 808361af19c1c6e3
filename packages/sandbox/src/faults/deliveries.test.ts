import type Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestReceiver } from "../delivery/test-receiver.ts";
import { type RunningSandbox, startSandbox } from "../server.ts";
import { sdkFor } from "../test-shop.ts";

let receiver: TestReceiver;
let sandbox: RunningSandbox;
let stripe: Stripe;

beforeEach(async () => {
  receiver = await TestReceiver.open();
  sandbox = await startSandbox({ port: 0, webhook: { url: receiver.url }, webhookRetries: [10, 20] });
  receiver.secret = sandbox.webhookSecret ?? "";
  stripe = sdkFor(sandbox.port);
});
afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

async function control(path: string, body: object = {}): Promise<unknown> {
  const response = await fetch(`${sandbox.url}/sandbox/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  return response.json();
}
const strike = (rule: object) => control("faults/deliveries", rule);
const sent = () => control("webhooks/idle");
const customers = async (count: number) => {
  for (let made = 0; made < count; made++) await stripe.customers.create({});
  await sent();
};
const ids = () => receiver.events.map(({ id }) => id);

test("a duplicate is the same event, byte for byte, sent twice", async () => {
  await strike({ fault: "duplicate" });
  await customers(1);
  expect(receiver.arrivals).toHaveLength(2);
  expect(new Set(ids()).size).toBe(1);
  expect(receiver.arrivals[0]?.body).toBe(receiver.arrivals[1]?.body);
});

test("a twin is another event, with an id of its own, about the same change", async () => {
  await strike({ fault: "twin" });
  await customers(1);
  const [first, second] = receiver.events;
  expect(receiver.events).toHaveLength(2);
  expect(second?.id).not.toBe(first?.id);
  expect(second).toMatchObject({ type: first?.type, data: first?.data, created: first?.created });
  expect((await stripe.events.retrieve(second?.id ?? "")).type).toBe("customer.created");
});

test("a dropped delivery never arrives, and is tried again on schedule", async () => {
  await strike({ fault: "drop", times: 1 });
  await customers(1);
  expect(receiver.arrivals).toHaveLength(0);
  expect((await stripe.events.list({ delivery_success: false })).data).toHaveLength(1);
  await control("clock/advance", { seconds: 10 });
  await sent();
  expect(receiver.types).toEqual(["customer.created"]);
});

test("a delayed event is overtaken by the next and comes at its moment", async () => {
  await strike({ fault: "delay", seconds: 60, times: 1 });
  await stripe.customers.create({ email: "late@example.com" });
  await stripe.products.create({ name: "in time" });
  await sent();
  expect(receiver.types).toEqual(["product.created"]);
  await control("clock/advance", { seconds: 30 });
  await sent();
  expect(receiver.types).toEqual(["product.created"]);
  await control("clock/advance", { seconds: 40 });
  await sent();
  expect(receiver.types).toEqual(["product.created", "customer.created"]);
});

test("a tampered body is valid JSON that does not verify; the retry is untouched", async () => {
  await strike({ fault: "tamper", times: 1 });
  await customers(1);
  expect(receiver.arrivals[0]?.refusal).toContain("No signatures found matching the expected signature");
  expect(JSON.parse(receiver.arrivals[0]?.body ?? "")).toMatchObject({ livemode: true });
  await control("clock/advance", { seconds: 10 });
  await sent();
  expect(receiver.events).toMatchObject([{ livemode: false }]);
});

test("a signature can be somebody else's, or too old", async () => {
  await strike({ fault: "bad_signature", times: 1 });
  await customers(1);
  await strike({ fault: "stale_signature", times: 1 });
  await customers(1);
  expect(receiver.arrivals.map(({ refusal }) => refusal)).toEqual([
    expect.stringContaining("No signatures found matching the expected signature"),
    expect.stringContaining("Timestamp outside the tolerance zone"),
  ]);
});

test("a connection that is cut after the work was done makes the event come again", async () => {
  await strike({ fault: "reset_after", times: 1 });
  await customers(1);
  expect(receiver.types).toEqual(["customer.created"]);
  await control("clock/advance", { seconds: 10 });
  await sent();
  expect(receiver.types).toEqual(["customer.created", "customer.created"]);
  expect(new Set(ids()).size).toBe(1);
});

test("a slow sender takes its time, and the event is whole", async () => {
  await strike({ fault: "slow", milliseconds: 400, times: 1 });
  const started = performance.now();
  await customers(1);
  expect(performance.now() - started).toBeGreaterThan(400);
  expect(receiver.types).toEqual(["customer.created"]);
});

test("an endpoint that is down hears nothing until it is up, then everything", async () => {
  const down = await strike({ fault: "down" });
  await customers(3);
  expect(receiver.arrivals).toHaveLength(0);
  const { id } = Object(down);
  await fetch(`${sandbox.url}/sandbox/faults/${id}`, { method: "DELETE" });
  await control("clock/advance", { seconds: 10 });
  await sent();
  expect(receiver.types).toEqual(Array(3).fill("customer.created"));
});

test("events in a burst don't wait for each other", async () => {
  await strike({ fault: "burst" });
  const waiting = new Set<() => void>();
  const all = Promise.withResolvers<void>();
  receiver.answer = (_, response) => {
    waiting.add(() => response.end());
    if (waiting.size === 5) all.resolve();
  };
  for (let made = 0; made < 5; made++) await stripe.customers.create({});
  // Nobody was answered yet: one at a time, only the first would be here.
  await all.promise;
  for (const answer of waiting) answer();
  await sent();
});

test("a seed decides who is struck: the same history has the same faults, another seed has others", async () => {
  const struckBy = async (seed: number) => {
    await control("reset");
    receiver.arrivals.length = 0;
    await strike({ fault: "drop", probability: 0.3, seed });
    for (let made = 0; made < 30; made++) await stripe.customers.create({ name: `customer ${made}` });
    await sent();
    return receiver.events.map(({ data }) => Object(data.object).name);
  };
  const first = await struckBy(1);
  expect(first.length).toBeGreaterThan(10);
  expect(first.length).toBeLessThan(29);
  expect(await struckBy(1)).toEqual(first);
  expect(await struckBy(2)).not.toEqual(first);
});

test("a fault can be for some events or one endpoint only", async () => {
  const other = await TestReceiver.open();
  const made = await stripe.webhookEndpoints.create({ url: other.url, enabled_events: ["*"] });
  other.secret = made.secret ?? "";
  await strike({ fault: "drop", types: ["customer.*"], endpoint: made.id });
  await stripe.customers.create({});
  await stripe.products.create({ name: "x" });
  await sent();
  expect(receiver.types).toEqual(["customer.created", "product.created"]);
  expect(other.types).toEqual(["product.created"]);
  await other.close();
});

test("faults are listed with how often they struck, outlast nothing they shouldn't, and are refused when unknown", async () => {
  await strike({ fault: "duplicate", times: 2 });
  await customers(1);
  const list = async () => (await fetch(`${sandbox.url}/sandbox/faults`)).json();
  expect(await list()).toMatchObject({ data: [{ on: "delivery", struck: 1, rule: { fault: "duplicate" } }] });
  await customers(1);
  expect(await list()).toEqual({ data: [] });
  expect(await strike({ fault: "earthquake" })).toHaveProperty("error");
});

test("what was sent and answered can be read attempt by attempt, the tampered body included", async () => {
  await strike({ fault: "tamper", times: 1 });
  await customers(1);
  await control("clock/advance", { seconds: 10 });
  await sent();
  const [event] = (await stripe.events.list()).data;
  const deliveries = await (await fetch(`${sandbox.url}/sandbox/events/${event?.id}/deliveries`)).json();
  const [spoiled, whole] = receiver.arrivals;
  expect(deliveries).toMatchObject({
    data: [
      {
        state: "succeeded",
        tries: [
          {
            fault: "tamper",
            status: 400,
            request: { url: receiver.url, body: spoiled?.body },
            response: { body: expect.stringContaining("No signatures found") },
          },
          {
            fault: null,
            status: 200,
            request: {
              body: whole?.body,
              headers: { "Stripe-Signature": whole?.headers["stripe-signature"] },
            },
            response: { body: "ok" },
          },
        ],
      },
    ],
  });
});
