import Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";
import { TestReceiver } from "./test-receiver.ts";

let shop: TestShop;
let other: TestReceiver;
beforeEach(async () => {
  shop = await TestShop.open({ webhookRetries: [10] });
  other = await TestReceiver.open();
});
afterEach(async () => {
  await shop.close();
  await other.close();
});

async function listen(params: Partial<Stripe.WebhookEndpointCreateParams> = {}): Promise<string> {
  const made = await shop.stripe.webhookEndpoints.create({
    url: other.url,
    enabled_events: ["*"],
    ...params,
  });
  other.secret = made.secret ?? "";
  return made.id;
}
const secretAfterRoll = async (id: string, expires_in?: number) =>
  String(Object(await shop.control(`webhook_endpoints/${id}/roll_secret`, { expires_in })).secret);
const signatures = (header: unknown) => String(header).match(/v1=[0-9a-f]{64}/g) ?? [];

test("two endpoints hear the same events, each signed with its own secret", async () => {
  await listen();
  await shop.stripe.customers.create({});
  await shop.types();
  expect(shop.received.map(({ event }) => event.id)).toEqual(other.events.map(({ id }) => id));
  expect(other.events).toHaveLength(1);
  expect(other.secret).not.toBe(shop.sandbox.webhookSecret);
});

test("one endpoint that is down or slow holds up no other", async () => {
  await listen({ url: "http://127.0.0.1:1/down" });
  await shop.confirm((await shop.session()).id);
  expect(await shop.types()).toHaveLength(4);
});

test("an address in capitals is one like any other", async () => {
  await listen({ url: "HTTPS://127.0.0.1:1/down" });
  await listen({ url: other.url.replace("http://", "HTTP://") });
  await shop.stripe.customers.create({});
  await shop.types();
  expect(other.events).toHaveLength(1);
});

test("an event names the version of the endpoint that hears it", async () => {
  await listen({ api_version: "2026-08-26.dahlia" });
  await shop.stripe.customers.create({});
  await shop.types();
  expect(other.events[0]?.api_version).toBe("2026-08-26.dahlia");
  expect(shop.received[0]?.event.api_version).toBe(Stripe.API_VERSION);
});

test("while a secret is rolled both secrets verify, and when the old one has expired only the new one does", async () => {
  const id = await listen();
  const old = other.secret;
  const rolled = await secretAfterRoll(id, 3600);
  expect(rolled).toMatch(/^whsec_/);
  expect(rolled).not.toBe(old);
  await shop.stripe.customers.create({});
  await shop.types();
  const [first] = other.arrivals;
  expect(signatures(first?.headers["stripe-signature"])).toHaveLength(2);
  for (const secret of [old, rolled]) {
    const event = Stripe.webhooks.constructEvent(
      first?.body ?? "",
      String(first?.headers["stripe-signature"]),
      secret,
    );
    expect(event.type).toBe("customer.created");
  }
  await shop.advance(3601);
  await shop.stripe.customers.create({});
  await shop.types();
  expect(signatures(other.arrivals[1]?.headers["stripe-signature"])).toHaveLength(1);
  expect(other.arrivals[1]?.refusal).toContain("No signatures found matching");
});

test("a secret that is rolled at once leaves the old one worthless", async () => {
  const id = await listen();
  other.secret = await secretAfterRoll(id);
  await shop.stripe.customers.create({});
  await shop.types();
  expect(signatures(other.arrivals[0]?.headers["stripe-signature"])).toHaveLength(1);
  expect(other.types).toEqual(["customer.created"]);
});

test("an endpoint that is switched off hears nothing of what happens meanwhile", async () => {
  const id = await listen();
  await shop.stripe.webhookEndpoints.update(id, { disabled: true });
  await shop.stripe.customers.create({});
  await shop.types();
  await shop.stripe.webhookEndpoints.update(id, { disabled: false });
  await shop.stripe.products.create({ name: "x" });
  await shop.types();
  expect(other.types).toEqual(["product.created"]);
});

test("an endpoint that is off for a while, and on again when a retry is due, gets the retry", async () => {
  const id = await listen();
  other.answer = (_, response) => response.writeHead(500).end();
  await shop.stripe.customers.create({});
  await shop.types();
  await shop.stripe.webhookEndpoints.update(id, { disabled: true });
  await shop.stripe.webhookEndpoints.update(id, { disabled: false });
  await shop.advance(10);
  await shop.types();
  expect(other.types).toEqual(["customer.created", "customer.created"]);
});

test("what an endpoint missed while it was off counts as delivered once it accepted it by hand", async () => {
  const id = await listen();
  other.answer = (_, response) => response.writeHead(500).end();
  await shop.stripe.customers.create({});
  await shop.types();
  await shop.stripe.webhookEndpoints.update(id, { disabled: true });
  await shop.advance(10);
  await shop.types();
  await shop.stripe.webhookEndpoints.update(id, { disabled: false });
  const missed = async () => (await shop.stripe.events.list({ delivery_success: false })).data;
  const [event] = await missed();
  const resend = () =>
    shop.stripe.rawRequest("POST", `/v1/events/${event?.id}/retry`, { webhook_endpoint: id });
  const before = other.events.length;
  await resend();
  await expect.poll(() => other.events.length).toBe(before + 1);
  await shop.types();
  expect(await missed()).toHaveLength(1);
  other.answer = (_, response) => response.end();
  await resend();
  await expect.poll(missed).toEqual([]);
});

test("an endpoint that is deleted gets no retries", async () => {
  const id = await listen();
  other.answer = (_, response) => response.writeHead(500).end();
  await shop.stripe.customers.create({});
  await shop.types();
  await shop.stripe.webhookEndpoints.del(id);
  await shop.advance(10);
  await shop.types();
  expect(other.types).toEqual(["customer.created"]);
});

test("an account has sixteen endpoints at most", async () => {
  for (let made = 1; made < 16; made++) await listen({ url: `${other.url}/${made}` });
  expect((await refusal(listen())).message).toContain("maximum of 16");
});

test("the schedule of live mode goes on for three days, and a factor makes it shorter", async () => {
  const live = Object(await shop.control("webhooks/retries", { schedule: "live" })).seconds;
  const total = live.reduce((sum: number, seconds: number) => sum + seconds, 0);
  expect(total).toBeGreaterThan(2.5 * 86_400);
  expect(total).toBeLessThanOrEqual(3 * 86_400);
  const fast = Object(await shop.control("webhooks/retries", { schedule: "live", faster: 3600 })).seconds;
  expect(fast).toEqual(live.map((seconds: number) => Math.ceil(seconds / 3600)));
});

test("deliveries are listed newest first, of one endpoint and in one state", async () => {
  const id = await listen();
  other.answer = (_, response) => response.writeHead(503).end();
  await shop.stripe.customers.create({});
  await shop.stripe.products.create({ name: "x" });
  await shop.types();
  const list = async (query: string) =>
    Object(await (await fetch(`${shop.sandbox.url}/sandbox/deliveries?${query}`)).json()).data;
  expect(await list(`endpoint=${id}`)).toMatchObject([
    { endpoint_id: id, state: "waiting", attempts: 1 },
    { endpoint_id: id, state: "waiting", attempts: 1 },
  ]);
  expect(await list("state=succeeded")).toHaveLength(2);
  expect(await list("limit=1")).toHaveLength(1);
});

test("an endpoint that fails for three days is switched off, if that was wanted, and one success starts anew", async () => {
  const id = await listen();
  const status = async () => (await shop.stripe.webhookEndpoints.retrieve(id)).status;
  const fail = async (days: number) => {
    await shop.advance(days * 86_400);
    await shop.stripe.customers.create({});
    await shop.types();
  };
  other.answer = (_, response) => response.writeHead(500).end();
  for (const days of [0, 4]) await fail(days);
  expect(await status()).toBe("enabled");
  await shop.control("webhooks/auto_disable", { days: 3 });
  for (const days of [0, 2]) await fail(days);
  other.answer = (_, response) => response.end();
  await fail(0);
  other.answer = (_, response) => response.writeHead(500).end();
  for (const days of [1, 2.9]) await fail(days);
  expect(await status()).toBe("enabled");
  await fail(0.2);
  expect(await status()).toBe("disabled");
  const told = other.events.length;
  await fail(0);
  expect(other.events).toHaveLength(told);
});
