import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { PriceSource } from "#/catalog/price.ts";
import { type Product, plan } from "#/catalog/product.ts";
import type { Engine } from "#/engine.ts";
import type { Failure } from "#/failure.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { completed, event, newPayment, signed, subscriptionObject } from "../../../../test/support/events.ts";

let app: TestApi;
let rooms: {
  createEngine: typeof import("#/engine.ts").createEngine;
  catalogOf: typeof import("#/catalog/catalog.ts").catalogOf;
  offers: typeof import("#/prices/offers.ts").offers;
  parse: typeof import("#/checkout/request.ts").parseCheckoutRequest;
  start: typeof import("#/checkout/start.ts").startCheckout;
  receive: typeof import("#/webhooks/receive.ts").receive;
};
beforeAll(async () => {
  app = await startApi();
  const { createEngine } = await import("#/engine.ts");
  const { catalogOf } = await import("#/catalog/catalog.ts");
  const { offers } = await import("#/prices/offers.ts");
  const { parseCheckoutRequest: parse } = await import("#/checkout/request.ts");
  const { startCheckout: start } = await import("#/checkout/start.ts");
  const { receive } = await import("#/webhooks/receive.ts");
  rooms = { createEngine, catalogOf, offers, parse, start, receive };
});
afterAll(() => app.close());
beforeEach(() => {
  app.stripe.calls.length = 0;
  Object.assign(app.stripe.script, { status: undefined, latencyMs: undefined });
});

/** An engine like the app's, which sells something else. */
function selling(...products: Product[]): Engine {
  return rooms.createEngine({ ...app.engine, catalog: rooms.catalogOf(products) });
}

/** What Stripe answers where it is asked for this lookup key. */
function atStripe(id: string, lookup_key: string): void {
  const price = { id, object: "price", product: "prod_1", active: true, currency: "usd", unit_amount: 1_900 };
  const all = app.stripe.lists.get("/v1/prices") ?? [];
  const others = all.filter((one) => one.lookup_key !== lookup_key);
  app.stripe.lists.set("/v1/prices", [...others, { ...price, lookup_key, recurring: null }]);
}

const priced = (key: string, prices: Record<string, string | { lookupKey: string }>) =>
  plan({ key, name: key, prices });

let carts = 0;
async function checkOut(engine: Engine, wanted: object, cartId = `cart-current-${++carts}`) {
  const parsed = rooms.parse(engine.catalog, { cartId, ...wanted });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return rooms.start(engine, parsed.request, {
    userId: cartId,
    email: undefined,
    currency: undefined,
    page: { ui: "hosted_page", locale: "auto" },
    language: "en",
  });
}
function orderOf(started: { ok: true; orderId: string; url: string } | Failure) {
  if (!started.ok) throw new Error(started.error);
  return newPayment(started.orderId, started.url.slice(started.url.lastIndexOf("/") + 1));
}
const asked = (path: string) => app.stripe.calls.filter((call) => call.path === path);
const sessions = () => asked("/v1/checkout/sessions");
const pricesAsked = () => sessions().map(({ form }) => form.get("line_items[0][price]"));
const itemOf = async (orderId: string) =>
  (
    await app.rows(
      "select product_key, price, stripe_price_id, unit_amount::int from order_item where order_id = $1",
      [orderId],
    )
  )[0];

test("an item may name one of its product's prices, and is sold under the first where it names none", async () => {
  const engine = selling(priced("several", { month: "price_month", year: "price_year" }));
  const month = orderOf(await checkOut(engine, { productKey: "several" }));
  const year = orderOf(await checkOut(engine, { items: [{ productKey: "several", price: "year" }] }));
  expect(pricesAsked()).toEqual(["price_month", "price_year"]);
  expect(await itemOf(month.orderId)).toMatchObject({ price: "month", stripe_price_id: "price_month" });
  expect(await itemOf(year.orderId)).toEqual({
    product_key: "several",
    price: "year",
    stripe_price_id: "price_year",
    unit_amount: 1_900,
  });
});

test("another price of the same product is another cart: its page is ended before the next one opens", async () => {
  const engine = selling(priced("changed", { month: "price_m", year: "price_y" }));
  const first = orderOf(await checkOut(engine, { productKey: "changed" }, "cart-current-changed"));
  const second = orderOf(
    await checkOut(engine, { productKey: "changed", price: "year" }, "cart-current-changed"),
  );
  expect(second.orderId).toBe(first.orderId);
  expect(second.sessionId).not.toBe(first.sessionId);
  expect(app.stripe.sessions.get(first.sessionId)?.status).toBe("expired");
  expect(await itemOf(first.orderId)).toMatchObject({ price: "year", stripe_price_id: "price_y" });
});

test("a price that changes while a page is open: what is paid is what the shop shows now, and the old page ends", async () => {
  atStripe("price_19", "changing_month");
  const engine = selling(priced("changing", { month: { lookupKey: "changing_month" } }));
  const again = () => checkOut(engine, { productKey: "changing" }, "cart-current-changing");
  const first = orderOf(await again());
  expect(orderOf(await again()).sessionId).toBe(first.sessionId);
  atStripe("price_49", "changing_month");
  Object.assign(engine.shared.lookups ?? {}, { askAgainAt: 0 });
  const second = orderOf(await again());
  expect(second.orderId).toBe(first.orderId);
  expect(pricesAsked()).toEqual(["price_19", "price_49"]);
  expect(app.stripe.sessions.get(first.sessionId)?.status).toBe("expired");
  expect(await itemOf(first.orderId)).toMatchObject({ stripe_price_id: "price_49" });
});

test.each([
  ["a price it doesn't have", { productKey: "refused", price: "week" }, "price"],
  ["a price named like a property of every object", { productKey: "refused", price: "toString" }, "price"],
  ["a price beside a list", { items: [{ productKey: "refused" }], price: "month" }, "price"],
  [
    "one product at two prices",
    { items: [{ productKey: "refused" }, { productKey: "refused", price: "year" }] },
    "items.1.productKey",
  ],
])("%s is refused by name", (_, wanted, path) => {
  const { catalog } = selling(priced("refused", { month: "price_m", year: "price_y" }));
  const parsed = rooms.parse(catalog, { cartId: "cart-current-refused", ...wanted });
  expect(parsed).toMatchObject({
    ok: false,
    issues: expect.arrayContaining([expect.objectContaining({ path })]),
  });
});

test("lookup keys are asked for once, however many buyers come at once, and then believed for a while", async () => {
  atStripe("price_looked_up", "team_month");
  const engine = selling(priced("looked-up", { month: { lookupKey: "team_month" } }));
  app.stripe.script.latencyMs = 50;
  const started = await Promise.all(
    Array.from({ length: 20 }, () => checkOut(engine, { productKey: "looked-up" })),
  );
  expect(started.every(({ ok }) => ok)).toBe(true);
  expect(asked("/v1/prices")).toHaveLength(1);
  expect(new Set(pricesAsked())).toEqual(new Set(["price_looked_up"]));
  await checkOut(engine, { productKey: "looked-up" });
  expect(asked("/v1/prices")).toHaveLength(1);
});

test("a price that Stripe doesn't have is not for sale, and takes nothing else with it", async () => {
  const engine = selling(
    priced("lost", { month: { lookupKey: "lost_month" }, year: "price_lost_year" }),
    priced("there", { month: "price_there" }),
  );
  expect(await checkOut(engine, { productKey: "lost" })).toMatchObject({
    ok: false,
    code: "invalid_request",
    error: expect.stringContaining("not for sale"),
  });
  expect((await checkOut(engine, { productKey: "lost", price: "year" })).ok).toBe(true);
  expect((await checkOut(engine, { productKey: "there" })).ok).toBe(true);
  expect((await rooms.offers(engine, engine.catalog.products)).map(({ product }) => product.key)).toEqual([
    "there",
  ]);
});

test("while Stripe can't be asked a new price waits with 502, and a known one is sold and shown on", async () => {
  app.stripe.script.status = 500;
  const engine = selling(priced("outage", { month: { lookupKey: "outage_month" } }));
  expect(await checkOut(engine, { productKey: "outage" })).toMatchObject({ code: "stripe_unavailable" });
  expect(await rooms.offers(engine, engine.catalog.products)).toMatchObject([
    { product: { key: "outage" }, price: undefined },
  ]);
  app.stripe.script.status = undefined;
  atStripe("price_outage", "outage_month");
  Object.assign(engine.shared.lookups ?? {}, { askAgainAt: 0 });
  expect(await rooms.offers(engine, engine.catalog.products)).toMatchObject([
    { price: { id: "price_outage", unitAmount: 1_900 } },
  ]);
  app.stripe.script.status = 500;
  Object.assign(engine.shared.lookups ?? {}, { askAgainAt: 0 });
  expect(await rooms.offers(engine, engine.catalog.products)).toMatchObject([
    { price: { id: "price_outage" } },
  ]);
});

test("a price that was replaced a moment ago is refused by Stripe, and the same request finds the one that is sold now", async () => {
  atStripe("price_replaced", "replaced_month");
  const engine = selling(priced("replaced", { month: { lookupKey: "replaced_month" } }));
  await checkOut(engine, { productKey: "replaced" });
  atStripe("price_replacement", "replaced_month");
  app.stripe.script.archivedPrice = "price_replaced";
  const again = () => checkOut(engine, { productKey: "replaced" }, "cart-current-replaced");
  expect((await again()).ok).toBe(true);
  expect(pricesAsked()).toEqual(["price_replaced", "price_replaced", "price_replacement"]);
});

test("what a subscription was changed to is told by any price that was ever sold, in whichever process", async () => {
  const of = (key: string, price: PriceSource) => plan({ key, name: key, price: String(price) });
  const other = selling(of("small", "price_small_old"), of("large", "price_large_old"));
  const order = orderOf(await checkOut(other, { productKey: "small" }));
  await rooms.offers(other, other.catalog.products);
  // Prices were replaced since, and this process has never seen the old ones.
  const engine = selling(of("small", "price_small_new"), of("large", "price_large_new"));
  const deliver = async (message: Parameters<typeof signed>[0]) => {
    const { payload, header } = signed(message);
    return rooms.receive(engine, Buffer.from(payload), header);
  };
  const subscription = `sub_${order.charge}`;
  await deliver(
    completed(order, { mode: "subscription", payment_intent: null, subscription, invoice: "in_current" }),
  );
  const granted = () =>
    app.rows("select product_key, state from entitlement where order_id = $1 order by product_key", [
      order.orderId,
    ]);
  const now = Math.floor(Date.now() / 1000);
  const update = (price: string, created: number) =>
    deliver(event("customer.subscription.updated", subscriptionObject(order, { price }), { created }));
  await update("price_small_old", now + 1);
  expect(await granted()).toEqual([{ product_key: "small", state: "active" }]);
  await update("price_large_old", now + 2);
  expect(await granted()).toEqual([
    { product_key: "large", state: "active" },
    { product_key: "small", state: "ended" },
  ]);
});
