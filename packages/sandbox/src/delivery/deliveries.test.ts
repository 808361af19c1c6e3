import Stripe from "stripe";
import { afterEach, expect, test } from "vitest";
import { type Received, TestShop } from "../test-shop.ts";

let shop: TestShop;
afterEach(() => shop.close());

function onlyOne(): Received {
  const [first, ...others] = shop.received;
  if (!first || others.length > 0) throw new Error(`${shop.received.length} webhooks arrived instead of one`);
  return first;
}

const retries = (seconds: number[]) => ({ webhookRetries: seconds });

test("a webhook looks like Stripe's: headers, indented body, a signature over the exact bytes", async () => {
  shop = await TestShop.open();
  await shop.stripe.customers.create({ email: "a@example.com" });
  await shop.types();
  const { body, headers, event } = onlyOne();
  expect(headers["user-agent"]).toBe("Stripe/1.0 (+https://stripe.com/docs/webhooks)");
  expect(headers["content-type"]).toBe("application/json; charset=utf-8");
  expect(headers["stripe-signature"]).toMatch(/^t=\d+,v1=[0-9a-f]{64},v0=[0-9a-f]{64}$/);
  expect(body).toBe(JSON.stringify(event, null, 2));
  expect(event).toMatchObject({ object: "event", api_version: Stripe.API_VERSION, pending_webhooks: 1 });
});

test("the decoy scheme alone does not verify", async () => {
  shop = await TestShop.open();
  await shop.stripe.customers.create({});
  await shop.types();
  const { body, headers } = onlyOne();
  const onlyV0 = String(headers["stripe-signature"]).replace(/v1=[0-9a-f]+,/, "");
  expect(() => Stripe.webhooks.constructEvent(body, onlyV0, shop.sandbox.webhookSecret ?? "")).toThrow(
    "No signatures found with expected scheme",
  );
});

test("an endpoint hears only of what it listens to, and its secret is shown once", async () => {
  shop = await TestShop.open({ webhook: { url: "http://127.0.0.1:1/nobody" } });
  const made = await shop.stripe.webhookEndpoints.create({
    url: "http://127.0.0.1:1/also",
    enabled_events: ["product.created"],
  });
  expect(made.secret).toMatch(/^whsec_/);
  expect((await shop.stripe.webhookEndpoints.retrieve(made.id)).secret).toBeUndefined();
  await shop.stripe.customers.create({});
  await shop.stripe.products.create({ name: "x" });
  const events = (await shop.stripe.events.list()).data.map(({ type, pending_webhooks }) => [
    type,
    pending_webhooks,
  ]);
  expect(events).toEqual([
    ["product.created", 2],
    ["customer.created", 1],
  ]);
});

test("a failed delivery is tried again on schedule, each time signed anew, with the same id", async () => {
  shop = await TestShop.open(retries([10, 20]));
  shop.answer = (_, response) => response.writeHead(500).end();
  await shop.stripe.customers.create({});
  expect(await shop.types()).toHaveLength(1);
  await shop.advance(10);
  expect(await shop.types()).toHaveLength(2);
  await shop.advance(19);
  expect(await shop.types()).toHaveLength(2);
  await shop.advance(1);
  expect(await shop.types()).toHaveLength(3);
  await shop.advance(1000);
  expect(await shop.types()).toHaveLength(3);
  expect(new Set(shop.received.map(({ event }) => event.id)).size).toBe(1);
  const v0 = shop.received.map(({ headers }) => String(headers["stripe-signature"]).split("v0=")[1]);
  expect(new Set(v0).size).toBe(3);
  const undelivered = await shop.stripe.events.list({ delivery_success: false });
  expect(undelivered.data.map(({ pending_webhooks }) => pending_webhooks)).toEqual([1]);
});

test("a retry comes at its moment, though nothing else happens meanwhile", async () => {
  shop = await TestShop.open({ ...retries([1]), frozenClock: false });
  shop.answer = (_, response) => response.writeHead(shop.received.length === 1 ? 500 : 200).end();
  await shop.stripe.customers.create({});
  await expect.poll(() => shop.received.length, { timeout: 10_000 }).toBe(2);
});

test("a retry that succeeds ends the matter", async () => {
  shop = await TestShop.open(retries([10, 20]));
  shop.answer = (_, response) => response.writeHead(shop.received.length === 1 ? 503 : 200).end();
  const customer = await shop.stripe.customers.create({});
  await shop.types();
  expect((await shop.stripe.events.list({ delivery_success: true })).data).toEqual([]);
  await shop.advance(10);
  await shop.advance(100);
  expect(await shop.types()).toHaveLength(2);
  const delivered = await shop.stripe.events.list({ delivery_success: true });
  expect(delivered.data).toMatchObject([{ pending_webhooks: 0, data: { object: { id: customer.id } } }]);
});

test("a redirect is a failure and is not followed", async () => {
  shop = await TestShop.open(retries([]));
  shop.answer = (_, response) => response.writeHead(307, { location: shop.receiverUrl }).end();
  await shop.stripe.customers.create({});
  expect(await shop.types()).toHaveLength(1);
  expect((await shop.stripe.events.list({ delivery_success: false })).data).toHaveLength(1);
});

test("a failing event does not hold up the next, and first tries keep their order", async () => {
  shop = await TestShop.open();
  shop.answer = (event, response) => response.writeHead(event.type === "charge.succeeded" ? 500 : 200).end();
  for (let paid = 0; paid < 5; paid++) await shop.confirm((await shop.session()).id);
  const sequence = [
    "charge.succeeded",
    "payment_intent.succeeded",
    "payment_intent.created",
    "checkout.session.completed",
  ];
  expect(await shop.types()).toEqual([...sequence, ...sequence, ...sequence, ...sequence, ...sequence]);
});

test("the next event is not sent before the one before it is answered", async () => {
  shop = await TestShop.open();
  const arrived = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  shop.answer = (event, response) => {
    if (event.type !== "charge.succeeded") return response.end();
    arrived.resolve();
    void release.promise.then(() => response.end());
  };
  await shop.confirm((await shop.session()).id);
  await arrived.promise;
  // Several requests later there is still only the first.
  for (let asked = 0; asked < 20; asked++) await shop.stripe.events.list();
  expect(shop.received).toHaveLength(1);
  release.resolve();
  expect(await shop.types()).toHaveLength(4);
});

test("an event that is never answered holds up the others for two seconds only", async () => {
  shop = await TestShop.open();
  const others = Promise.withResolvers<void>();
  shop.answer = (event, response) => {
    if (event.type === "charge.succeeded") return;
    response.end();
    if (event.type === "checkout.session.completed") others.resolve();
  };
  const started = Date.now();
  await shop.confirm((await shop.session()).id);
  await others.promise;
  expect(Date.now() - started).toBeGreaterThan(1_900);
  expect(Date.now() - started).toBeLessThan(9_000);
});

test("an endpoint that is switched off when a retry is due is not tried any more", async () => {
  shop = await TestShop.open(retries([10, 10]));
  shop.answer = (_, response) => response.writeHead(500).end();
  await shop.stripe.customers.create({});
  expect(await shop.types()).toHaveLength(1);
  const [endpoint] = (await shop.stripe.webhookEndpoints.list()).data;
  await shop.stripe.webhookEndpoints.update(endpoint?.id ?? "", { disabled: true });
  await shop.advance(10);
  await shop.types();
  await shop.stripe.webhookEndpoints.update(endpoint?.id ?? "", { disabled: false });
  await shop.advance(1000);
  expect(await shop.types()).toHaveLength(1);
});

test("an event can be sent again by hand, and the retries that were planned stay planned", async () => {
  shop = await TestShop.open(retries([60]));
  shop.answer = (_, response) => response.writeHead(shop.received.length === 1 ? 500 : 200).end();
  await shop.stripe.customers.create({});
  await shop.types();
  const { id } = shop.last("customer.created");
  await shop.control(`events/${id}/resend`);
  expect(await shop.types()).toHaveLength(2);
  await shop.advance(60);
  expect(await shop.types()).toHaveLength(3);
  expect(new Set(shop.received.map(({ event }) => event.id))).toEqual(new Set([id]));
});

test("events are listed by type, with a star for the rest of the name", async () => {
  shop = await TestShop.open();
  await shop.confirm((await shop.session()).id);
  const types = async (params: Stripe.EventListParams) =>
    (await shop.stripe.events.list(params)).data.map(({ type }) => type);
  expect(await types({ type: "charge.*" })).toEqual(["charge.succeeded"]);
  expect(await types({ types: ["charge.succeeded", "checkout.session.completed"] })).toEqual([
    "checkout.session.completed",
    "charge.succeeded",
  ]);
  await shop.advance(31 * 86_400);
  expect(await types({ type: "charge.succeeded" })).toEqual([]);
});

test("the page sends the buyer on once the shop has answered to the completion", async () => {
  shop = await TestShop.open();
  const arrived = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  shop.answer = (event, response) => {
    if (event.type !== "checkout.session.completed") return response.end();
    arrived.resolve();
    void release.promise.then(() => response.end());
  };
  const session = await shop.session();
  let sentOn = false;
  const submitted = shop.submit(session.id).then((response) => {
    sentOn = true;
    return response;
  });
  await arrived.promise;
  expect((await shop.stripe.checkout.sessions.retrieve(session.id)).status).toBe("complete");
  expect(sentOn).toBe(false);
  release.resolve();
  const response = await submitted;
  expect(response.status).toBe(303);
  expect(response.headers.get("location")).toBe(`http://shop.test/thanks?session_id=${session.id}`);
});

test("an endpoint that never answers holds the buyer for ten seconds at most", async () => {
  shop = await TestShop.open();
  shop.answer = () => {};
  const session = await shop.session();
  const started = Date.now();
  const response = await shop.submit(session.id);
  expect(response.status).toBe(303);
  expect(Date.now() - started).toBeGreaterThan(9_000);
  expect(Date.now() - started).toBeLessThan(15_000);
});

test("an endpoint that is down does not hold the buyer", async () => {
  shop = await TestShop.open({ webhook: { url: "http://127.0.0.1:1/down" } });
  const session = await shop.session();
  const started = Date.now();
  expect((await shop.submit(session.id)).status).toBe(303);
  expect(Date.now() - started).toBeLessThan(9_000);
});
