import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";
import { check } from "../test-wire.ts";

const MONTH = 32 * 86_400;
const UPDATED = "entitlements.active_entitlement_summary.updated";

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());
beforeEach(() => shop.forget());

const feature = (lookup_key: string) =>
  shop.stripe.entitlements.features.create({ lookup_key, name: `The ${lookup_key}` });
const attach = (product: string, { id }: { id: string }) =>
  shop.stripe.products.createFeature(product, { entitlement_feature: id });

/** A monthly plan with features. */
async function planWith(name: string, ...keys: string[]) {
  const { id: product } = await shop.stripe.products.create({ name });
  const features = [];
  for (const key of keys) features.push(await feature(key));
  for (const one of features) await attach(product, one);
  const price = await shop.stripe.prices.create({
    currency: "usd",
    product,
    recurring: { interval: "month" },
    unit_amount: 900,
  });
  return { features, price: price.id, product };
}

async function subscriber() {
  const { id } = await shop.stripe.customers.create({ payment_method: "pm_card_visa" });
  const [card] = (await shop.stripe.paymentMethods.list({ customer: id, type: "card" })).data;
  await shop.stripe.customers.update(id, { invoice_settings: { default_payment_method: card?.id ?? "" } });
  return id;
}

const active = async (customer: string) =>
  (await shop.stripe.entitlements.activeEntitlements.list({ customer })).data.map((one) => one.lookup_key);

test("a feature is made, renamed and archived, and its key is free again then", async () => {
  const { features } = shop.stripe.entitlements;
  const made = await features.create({ lookup_key: "sso", metadata: { team: "core" }, name: "SSO" });
  check(made, "a feature", new Map());
  expect(made).toMatchObject({ active: true, lookup_key: "sso", metadata: { team: "core" }, name: "SSO" });
  const taken = await refusal(feature("sso"));
  expect(taken).toMatchObject({ code: "resource_already_exists", param: "lookup_key" });
  expect((await features.update(made.id, { metadata: "", name: "Single sign-on" })).metadata).toEqual({});
  const { id } = await features.update(made.id, { active: false });
  expect((await features.list({ archived: true })).data.map((one) => one.id)).toEqual([id]);
  expect((await features.list({ archived: false, lookup_key: "sso" })).data).toEqual([]);
  expect((await refusal(features.update(id, { active: true }))).param).toBe("active");
  await feature("sso");
  expect((await features.list({ lookup_key: "sso" })).data).toHaveLength(2);
});

test("a product lists its features; each is attached once, and none that is archived", async () => {
  const { products } = shop.stripe;
  const { features, product } = await planWith("Solo", "export", "api");
  const list = await products.listFeatures(product);
  check(list, "a product's features", new Map());
  expect(list.data.map((one) => one.entitlement_feature.lookup_key)).toEqual(["api", "export"]);
  const [api] = list.data;
  expect(await products.retrieveFeature(product, api?.id ?? "")).toMatchObject({ id: api?.id });
  expect((await refusal(attach(product, features[0] ?? { id: "" }))).code).toBe("resource_already_exists");
  expect((await refusal(attach(product, { id: "feat_none" }))).code).toBe("resource_missing");
  const old = await feature("old");
  await shop.stripe.entitlements.features.update(old.id, { active: false });
  expect((await refusal(attach(product, old))).param).toBe("entitlement_feature");
  expect(await products.deleteFeature(product, api?.id ?? "")).toMatchObject({ deleted: true });
  expect((await refusal(products.retrieveFeature(product, api?.id ?? ""))).statusCode).toBe(404);
  expect((await products.listFeatures(product)).data).toHaveLength(1);
});

test("a plan bought by Checkout entitles its buyer, who loses it with the subscription", async () => {
  const { price } = await planWith("Team", "seats", "audit");
  const session = await shop.plan({ line_items: [{ price, quantity: 1 }] });
  await shop.confirm(session.id);
  const paid = await shop.stripe.checkout.sessions.retrieve(session.id);
  const customer = String(paid.customer);
  expect((await active(customer)).sort()).toEqual(["audit", "seats"]);
  await shop.types();
  const given = shop.last(UPDATED);
  check(given, UPDATED, new Map());
  expect(given.data.object.customer).toBe(customer);
  expect(given.data.object.entitlements.data).toHaveLength(2);
  expect(given.data.previous_attributes).toMatchObject({ entitlements: { data: [] } });
  const [first] = given.data.object.entitlements.data;
  const read = await shop.stripe.entitlements.activeEntitlements.retrieve(first?.id ?? "", {
    expand: ["feature"],
  });
  expect(read.feature).toMatchObject({ lookup_key: first?.lookup_key, object: "entitlements.feature" });

  await shop.stripe.subscriptions.cancel(String(paid.subscription));
  expect(await active(customer)).toEqual([]);
  expect((await refusal(shop.stripe.entitlements.activeEntitlements.retrieve(read.id))).statusCode).toBe(404);
  await shop.types();
  expect(shop.last(UPDATED).data.object.entitlements.data).toEqual([]);
});

test("what a product gains or loses counts from the next period on, and with another price at once", async () => {
  const basic = await planWith("Basic", "mail");
  const grown = await planWith("Grown", "phone");
  const customer = await subscriber();
  const { id, items } = await shop.stripe.subscriptions.create({ customer, items: [{ price: basic.price }] });
  await attach(basic.product, await feature("chat"));
  await shop.stripe.subscriptions.update(id, { metadata: { seen: "yes" } });
  expect(await active(customer)).toEqual(["mail"]);
  await shop.advance(MONTH);
  expect(await active(customer)).toEqual(["mail", "chat"]);
  const item = items.data[0]?.id ?? "";
  await shop.stripe.subscriptions.update(id, { items: [{ id: item, price: grown.price }] });
  expect(await active(customer)).toEqual(["phone"]);
});

test("of somebody with more subscriptions than fit on a page, the oldest still gives what it gave", async () => {
  const [oldest, newest] = [await planWith("Oldest", "letters"), await planWith("Newest", "calls")];
  const customer = await subscriber();
  const subscribe = (price: string) =>
    shop.stripe.subscriptions.create({ customer, items: [{ price }], trial_period_days: 30 });
  await subscribe(oldest.price);
  for (let made = 0; made < 100; made++) await subscribe(newest.price);
  expect(await active(customer)).toEqual(["letters", "calls"]);
  await attach(newest.product, await feature("video"));
  await subscribe(newest.price);
  expect(await active(customer)).toEqual(["letters", "calls", "video"]);
}, 120_000);

test("what two subscriptions give stays until neither gives it; a first payment that fails gives nothing", async () => {
  const one = await planWith("One", "both", "alone");
  const { id: product } = await shop.stripe.products.create({ name: "Two" });
  const [both] = one.features;
  await attach(product, both ?? { id: "" });
  const price_data = {
    currency: "usd",
    product,
    recurring: { interval: "month" as const },
    unit_amount: 500,
  };
  const customer = await subscriber();
  const first = await shop.stripe.subscriptions.create({ customer, items: [{ price: one.price }] });
  await shop.stripe.subscriptions.create({ customer, items: [{ price_data }] });
  await shop.stripe.subscriptions.cancel(first.id);
  expect(await active(customer)).toEqual(["both"]);

  const poor = await shop.stripe.customers.create();
  const method = await shop.stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer: poor.id });
  const failed = await shop.stripe.subscriptions.create({
    customer: poor.id,
    default_payment_method: method.id,
    items: [{ price: one.price }],
  });
  expect(failed.status).toBe("incomplete");
  expect(await active(poor.id)).toEqual([]);
  await shop.types();
  const told = shop.received.flatMap(({ event }) =>
    event.type === UPDATED ? event.data.object.customer : [],
  );
  expect(told.filter((whose) => whose === customer)).toHaveLength(2);
  expect(told).not.toContain(poor.id);
});
