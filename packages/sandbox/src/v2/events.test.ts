import Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { TestReceiver } from "../delivery/test-receiver.ts";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
let receiver: TestReceiver;
beforeAll(async () => {
  shop = await TestShop.open();
  receiver = await TestReceiver.open();
});
afterAll(async () => {
  await receiver.close();
  await shop.close();
});
beforeEach(() => {
  receiver.arrivals.length = 0;
});

const destination = (extra: Partial<Stripe.V2.Core.EventDestinationCreateParams> = {}) =>
  shop.stripe.v2.core.eventDestinations.create({
    enabled_events: ["v1.checkout.session.completed", "v1.customer.deleted"],
    event_payload: "thin",
    include: ["webhook_endpoint.signing_secret", "webhook_endpoint.url"],
    name: "Orders",
    type: "webhook_endpoint",
    webhook_endpoint: { url: receiver.url },
    ...extra,
  });

test("a thin destination is told that a purchase was completed, and the SDK fetches the rest", async () => {
  const made = await destination();
  expect(made).toMatchObject({
    event_payload: "thin",
    object: "v2.core.event_destination",
    status: "enabled",
    webhook_endpoint: { url: receiver.url },
  });
  const session = await shop.session();
  await shop.confirm(session.id);
  await shop.types();
  expect(receiver.arrivals).toHaveLength(1);
  const [arrival] = receiver.arrivals;
  const signature = String(arrival?.headers["stripe-signature"]);
  const secret = made.webhook_endpoint?.signing_secret ?? "";
  const told = shop.stripe.parseEventNotification(arrival?.body ?? "", signature, secret);
  expect(told).toMatchObject({
    id: expect.stringMatching(/^evt_test_/),
    object: "v2.core.event",
    related_object: { id: session.id, type: "checkout.session", url: `/v1/checkout/sessions/${session.id}` },
    type: "v1.checkout.session.completed",
  });
  expect(() => Stripe.webhooks.constructEvent(arrival?.body ?? "", signature, secret)).toThrow();
  if (told.type !== "v1.checkout.session.completed") throw new Error("another event came");
  expect(await told.fetchRelatedObject()).toMatchObject({ id: session.id, payment_status: "paid" });
  expect(await told.fetchEvent()).toMatchObject({
    id: told.id,
    snapshot_event: expect.stringMatching(/^evt_/),
  });
  await shop.stripe.v2.core.eventDestinations.del(made.id);
});

test("a destination for snapshots is sent whole events, and only what it asked for", async () => {
  const made = await destination({ enabled_events: ["customer.created"], event_payload: "snapshot" });
  receiver.secret = made.webhook_endpoint?.signing_secret ?? "";
  await shop.stripe.customers.create({ name: "Asha" });
  await shop.stripe.products.create({ name: "x" });
  await shop.types();
  expect(receiver.types).toEqual(["customer.created"]);
  await shop.stripe.v2.core.eventDestinations.del(made.id);
});

test("a destination can be renamed, switched off and on, and deleted", async () => {
  const { id } = await destination({ enabled_events: ["v1.product.created"] });
  const { eventDestinations } = shop.stripe.v2.core;
  expect(await eventDestinations.update(id, { name: "Products" })).toMatchObject({ name: "Products" });
  expect((await eventDestinations.disable(id)).status).toBe("disabled");
  await shop.stripe.products.create({ name: "unheard" });
  expect((await eventDestinations.enable(id)).status).toBe("enabled");
  await shop.stripe.products.create({ name: "heard" });
  await shop.types();
  expect(receiver.arrivals).toHaveLength(1);
  const list = await eventDestinations.list();
  expect(list.data.map((one) => one.id)).toEqual([id]);
  const first = (await shop.stripe.webhookEndpoints.list()).data;
  expect(first.map(({ url }) => url)).toEqual([shop.receiverUrl]);
  await eventDestinations.del(id);
  expect((await refusal(eventDestinations.retrieve(id))).statusCode).toBe(404);
});

test("events are listed by what they are about", async () => {
  const customer = await shop.stripe.customers.create();
  await shop.stripe.customers.del(customer.id);
  const { data } = await shop.stripe.v2.core.events.list({ object_id: customer.id });
  expect(data.map(({ type }) => type)).toEqual(["v1.customer.deleted", "v1.customer.created"]);
});
