import { expect, test } from "vitest";
import { catalogOf, NOTHING_GRANTED, plansByPrice, pricesIn, soldAs } from "#/catalog/catalog.ts";
import { booking, download, plan } from "#/catalog/product.ts";

const files = [{ key: "guide", name: "guide.pdf", path: "guide.pdf" }];
const ebook = download({ key: "ebook", name: "Field guide", price: "price_1", files });
const pro = plan({
  key: "pro",
  name: "Pro",
  prices: { month: "price_2", year: { lookupKey: "pro_yearly" } },
  features: ["export"],
});
const workshop = booking({
  key: "workshop",
  name: "Workshop",
  price: { amount: 14_900, currency: "usd", amounts: { inr: 1_199_900 } },
});
const catalog = catalogOf([ebook, pro, workshop]);

test("a product needs little, and the rest is what sellers of its kind expect", () => {
  expect(ebook).toMatchObject({ kind: "download", downloadLimit: 20, maxQuantity: 10, features: [] });
  expect(ebook.policy).toMatchObject({ onRefund: "end", onPartialRefund: "keep", onDispute: "suspend" });
  expect(pro).toMatchObject({ kind: "plan", trialDays: 0, maxQuantity: 500, features: ["export"] });
  expect(pro.policy).toMatchObject({ onRefund: "keep", gracePeriod: 7 * 24 * 60 * 60 });
  expect(workshop).toMatchObject({ kind: "booking", maxQuantity: 10, policy: { spotOnRefund: "release" } });
});

test("a part of a policy may be another", () => {
  const kept = booking({ key: "talk", name: "Talk", price: "price_4", policy: { spotOnRefund: "keep" } });
  expect(kept.policy).toMatchObject({ spotOnRefund: "keep", onRefund: "end", onDispute: "suspend" });
});

test("every price has a name, and is an id or found under a lookup key", () => {
  expect(pricesIn(catalog).map(({ product, name, lookupKey }) => [product.key, name, lookupKey])).toEqual([
    ["ebook", "default", undefined],
    ["pro", "month", undefined],
    ["pro", "year", "pro_yearly"],
    ["workshop", "default", "oncepaid:workshop:default"],
  ]);
});

test("a plan is known by all its prices, those that were replaced among them; nothing else is a plan", () => {
  const soldUnder = { price_old: "pro", price_3: "pro", price_gone: "left", price_9: "ebook" };
  const plans = plansByPrice(catalog, soldUnder, NOTHING_GRANTED);
  expect(Object.keys(plans).sort()).toEqual(["price_2", "price_3", "price_old"]);
  expect(plans.price_old).toMatchObject({ productKey: "pro", kind: "plan" });
});

test("what left the catalog is known to the order that granted it, with the usual policy of its kind", () => {
  const granted = new Map([
    ["left", "plan"],
    ["talk", "booking"],
    ["pro", "download"],
  ] as const);
  expect(soldAs(catalog, "left", NOTHING_GRANTED)).toBeUndefined();
  expect(soldAs(catalog, "talk", granted)).toMatchObject({
    kind: "booking",
    policy: { onRefund: "end", spotOnRefund: "release" },
  });
  expect(plansByPrice(catalog, { price_gone: "left", price_talk: "talk" }, granted)).toMatchObject({
    price_gone: { productKey: "left", kind: "plan", policy: { onRefund: "keep", gracePeriod: 604_800 } },
  });
  // What is in the catalog is what the catalog says.
  expect(soldAs(catalog, "pro", granted)).toMatchObject({ kind: "plan" });
});

test("what buyers may change about a booking is something that can be", () => {
  const tour = { key: "tour", name: "Tour", price: "price_1" };
  const wrong = [{ untilHours: Number.NaN }, { untilHours: -1 }, { untilHours: Number.POSITIVE_INFINITY }];
  for (const changes of wrong) expect(() => booking({ ...tour, changes })).toThrow("at least 0");
  const kept = { ...tour, policy: { spotOnRefund: "keep" as const } };
  expect(() => booking({ ...kept, changes: { untilHours: 1, cancel: "refund" } })).toThrow("can't cancel");
  expect(booking({ ...kept, changes: { untilHours: 1, move: true } }).changes).toEqual({
    untilHours: 1,
    move: true,
  });
});

test("the compiler knows the keys, and what a price of each kind is", () => {
  const keys: readonly ("ebook" | "pro" | "workshop")[] = catalog.products.map(({ key }) => key);
  expect(keys).toEqual(["ebook", "pro", "workshop"]);
  // @ts-expect-error: there is no such product.
  const wrong: (typeof catalog.products)[number]["key"] = "prro";
  expect(keys).not.toContain(wrong);
  // @ts-expect-error: what is paid once has no interval.
  download({ key: "x", name: "X", price: { amount: 1, currency: "usd", interval: "month" }, files });
  // @ts-expect-error: a plan renews.
  plan({ key: "x", name: "X", price: { amount: 1, currency: "usd" } });
  // @ts-expect-error: one price or several, not both.
  plan({ key: "x", name: "X", price: "price_1", prices: { month: "price_1" } });
});
