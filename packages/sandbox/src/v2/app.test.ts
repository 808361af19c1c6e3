import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestReceiver } from "../delivery/test-receiver.ts";
import { refusal, sdkFor, TestShop } from "../test-shop.ts";

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

const DESTINATIONS = "/v2/core/event_destinations";

const about = (extra: Partial<Stripe.V2.Core.EventDestinationCreateParams> = {}) => ({
  enabled_events: ["v1.product.created"],
  event_payload: "thin" as const,
  name: "Products",
  type: "webhook_endpoint" as const,
  webhook_endpoint: { url: receiver.url },
  ...extra,
});
const destination = (
  extra: Partial<Stripe.V2.Core.EventDestinationCreateParams> = {},
  options?: Stripe.RequestOptions,
) => shop.stripe.v2.core.eventDestinations.create(about(extra), options);

const call = (path: string, init: RequestInit = {}, headers: Record<string, string> = {}) =>
  fetch(`${shop.sandbox.url}${path}`, {
    ...init,
    headers: { authorization: "Bearer sk_test_123", "stripe-version": Stripe.API_VERSION, ...headers },
  });

async function clear() {
  for (const { id } of (await shop.stripe.v2.core.eventDestinations.list({ limit: 100 })).data)
    await shop.stripe.v2.core.eventDestinations.del(id);
}

test("events are narrowed by when they happened, and every page of them can be reached", async () => {
  const { id } = await shop.stripe.customers.create({ name: "1" });
  const { now } = await (await call("/sandbox/clock")).json();
  await shop.advance(100);
  for (const name of ["2", "3", "4", "5"]) await shop.stripe.customers.update(id, { name });
  const { events } = shop.stripe.v2.core;
  const since = await events.list({ created: { gt: now }, object_id: id });
  expect(since.data).toHaveLength(4);
  const before = await events.list({ created: { lte: now }, object_id: id });
  expect(before.data.map(({ type }) => type)).toEqual(["v1.customer.created"]);
  const text = new Date(now * 1000).toISOString();
  const asText = await (await call(`/v2/core/events?object_id=${id}&created[gt]=${text}`)).json();
  expect(asText.data).toHaveLength(4);

  const whole = await events.list({ object_id: id });
  const paged: string[] = [];
  for await (const event of events.list({ limit: 2, object_id: id })) paged.push(event.id);
  expect(paged).toEqual(whole.data.map((event) => event.id));
  const first = await (await call(`/v2/core/events?limit=2&object_id=${id}`)).json();
  expect(first.previous_page_url).toBeNull();
  const second = await (await call(first.next_page_url)).json();
  expect(second.data.map((event: { id: string }) => event.id)).toEqual(paged.slice(2, 4));
  expect(await (await call(second.previous_page_url)).json()).toMatchObject({
    data: first.data,
    previous_page_url: null,
  });
  const last = await (await call(second.next_page_url)).json();
  expect(last).toMatchObject({ data: [{ id: paged[4] }], next_page_url: null });
});

test("destinations come in pages too, and what no list can be asked for is refused", async () => {
  for (const name of ["A", "B", "C"]) await destination({ name });
  const page = await shop.stripe.v2.core.eventDestinations.list({ limit: 2 });
  expect(page.data.map(({ name }) => name)).toEqual(["C", "B"]);
  const names: string[] = [];
  for await (const { name } of shop.stripe.v2.core.eventDestinations.list({ limit: 1 })) names.push(name);
  expect(names).toEqual(["C", "B", "A"]);
  for (const query of ["colour=red", "limit=0", "page=page_after_evt_1", "created[gt]=soon"]) {
    expect((await call(`/v2/core/events?${query}`)).status).toBe(400);
  }
  await clear();
});

test("the same request under the same key is answered the same and done once", async () => {
  const options = { idempotencyKey: "destination-1" };
  const first = await destination({}, options);
  const again = await destination({}, options);
  expect(again.id).toBe(first.id);
  expect(again.lastResponse.headers["idempotent-replayed"]).toBe("true");
  const other = await refusal(destination({ name: "Another" }, options));
  expect(other).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
  expect((await shop.stripe.v2.core.eventDestinations.list()).data).toHaveLength(1);
  await clear();
});

test("a body that is no JSON is refused, and no error of the sandbox's", async () => {
  const response = await call(DESTINATIONS, { body: '{"name": ', method: "POST" });
  expect(response.status).toBe(400);
  expect(Object(await response.json()).error.message).toContain("JSON");
});

test("a destination is told by a ping that it is reached, and nobody else is", async () => {
  const made = await destination({ include: ["webhook_endpoint.signing_secret"] });
  const { id: snapshots } = await destination({ enabled_events: ["*"], event_payload: "snapshot" });
  const answer = await shop.stripe.v2.core.eventDestinations.ping(made.id);
  const related_object = {
    id: made.id,
    type: "v2.core.event_destination",
    url: `${DESTINATIONS}/${made.id}`,
  };
  expect(answer).toMatchObject({ related_object, type: "v2.core.event_destination.ping" });
  await shop.types();
  expect(receiver.arrivals).toHaveLength(1);
  const [arrival] = receiver.arrivals;
  const signature = String(arrival?.headers["stripe-signature"]);
  const secret = made.webhook_endpoint?.signing_secret ?? "";
  const told = shop.stripe.parseEventNotification(arrival?.body ?? "", signature, secret);
  expect(told).toMatchObject({ id: answer.id, related_object });
  expect(told).not.toHaveProperty("snapshot_event");
  await shop.stripe.v2.core.eventDestinations.ping(snapshots);
  await shop.types();
  expect(JSON.parse(receiver.arrivals[1]?.body ?? "{}")).toMatchObject({ object: "v2.core.event" });
  // The first API knows nothing of it.
  const { data } = await shop.stripe.events.list({ limit: 100 });
  expect(data.map(({ type }) => String(type))).not.toContain(answer.type);
  expect((await shop.stripe.v2.core.events.retrieve(answer.id)).type).toBe(answer.type);
  await clear();
});

test("what the second API has and the sandbox hasn't is refused by its name", async () => {
  const refused = await refusal(shop.stripe.v2.core.accounts.list());
  expect(refused).toMatchObject({
    message: "GET /v2/core/accounts is not supported by the sandbox.",
    statusCode: 404,
  });
  const unknown = await refusal(shop.stripe.rawRequest("GET", "/v2/unicorns"));
  expect(unknown.message).toContain("Unrecognized request URL (GET: /v2/unicorns)");
});

test("what goes wrong on purpose goes wrong here too, and answers have the sandbox's own date", async () => {
  await shop.control("faults/api", { fault: "error", path: `${DESTINATIONS}*`, status: 503, times: 1 });
  expect((await refusal(destination())).statusCode).toBe(503);
  await shop.control("faults/api", { fault: "rate_limit", path: "/v2/*", times: 1 });
  expect((await refusal(destination())).statusCode).toBe(429);
  const { now } = await (await call("/sandbox/clock")).json();
  const dated = await call(DESTINATIONS);
  expect(dated.headers.get("date")).toBe(new Date(now * 1000).toUTCString());
});

test.each(["stripe-account", "stripe-context"])(
  "neither API takes %s for another account",
  async (header) => {
    for (const path of [DESTINATIONS, "/v1/customers"]) {
      const refused = await call(path, {}, { [header]: "acct_another" });
      expect([refused.status, Object(await refused.json()).error.code]).toEqual([403, "account_invalid"]);
      expect((await call(path, {}, { [header]: "acct_1Sandbox" })).status).toBe(200);
    }
    const own = sdkFor(shop.sandbox.port, "sk_test_acct_second");
    expect((await own.customers.list({}, { stripeAccount: "acct_second" })).data).toEqual([]);
  },
);
