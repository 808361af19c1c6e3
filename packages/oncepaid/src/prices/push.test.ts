import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { catalogOf } from "#/catalog/catalog.ts";
import { type Product, plan } from "#/catalog/product.ts";
import { planPush } from "#/prices/plan-push.ts";
import { push } from "#/prices/push.ts";
import type { NodeChild } from "../../../../shop/embedded/node-child.ts";
import { freePortsFrom } from "../../../../shop/embedded/ports.ts";
import { startSandbox } from "../../../../shop/embedded/sandbox.ts";
import { runFolder } from "../../../../test/support/database.ts";
import { sandboxAt } from "../../../../test/support/sandbox.ts";

let sandbox: NodeChild;
let stripe: Stripe;
beforeAll(async () => {
  const dir = mkdtempSync(join(runFolder(), "push-"));
  const nextPort = freePortsFrom(30_000 + Math.floor(Math.random() * 20_000));
  const started = await startSandbox({ dir, nextPort, onSpawn: () => undefined });
  sandbox = started;
  ({ stripe } = sandboxAt(started.url));
});
afterAll(() => sandbox.stop());

/** A plan by the month and by the year. */
const team = (key: string, month: number, year: number, amounts: Record<string, number> = {}) =>
  plan({
    key,
    name: "Team",
    description: "For all of you.",
    prices: {
      month: { amount: month, currency: "usd", amounts, interval: "month" },
      year: { amount: year, currency: "usd", interval: "year" },
    },
  });
const engine = (...products: Product[]) => ({ stripe, catalog: catalogOf(products) });

async function soldUnder(lookupKey: string): Promise<Stripe.Price | undefined> {
  return (await stripe.prices.list({ lookup_keys: [lookupKey], expand: ["data.currency_options"] })).data[0];
}
const allOf = async (price: Stripe.Price | undefined) =>
  (await stripe.prices.list({ product: String(price?.product), limit: 100 })).data;
const active = (prices: Stripe.Price[]) => prices.filter((price) => price.active);

test("what would be made is told first, then made, and the next push finds nothing to do", async () => {
  const pushed = engine(team("team-first", 2_900, 29_000, { inr: 219_900 }));
  const planned = await planPush(pushed);
  expect(planned).toMatchObject([
    { do: "make", productKey: "team-first", price: "month", lookupKey: "oncepaid:team-first:month" },
    { do: "make", productKey: "team-first", price: "year", lookupKey: "oncepaid:team-first:year" },
  ]);
  expect(await soldUnder("oncepaid:team-first:month")).toBeUndefined();
  expect(await push(pushed)).toEqual(planned);
  const month = await soldUnder("oncepaid:team-first:month");
  expect(month).toMatchObject({
    active: true,
    unit_amount: 2_900,
    currency: "usd",
    recurring: { interval: "month" },
    currency_options: { inr: { unit_amount: 219_900 } },
  });
  // Both are prices of one product of Stripe's, as a subscription is changed from one to the other.
  expect((await soldUnder("oncepaid:team-first:year"))?.product).toBe(month?.product);
  expect(await stripe.products.retrieve(String(month?.product))).toMatchObject({
    name: "Team",
    description: "For all of you.",
  });
  expect(await planPush(pushed)).toEqual([]);
  expect(await push(pushed)).toEqual([]);
});

test("two pushes at once make one price of each", async () => {
  const pushed = engine(team("team-twice", 1_000, 10_000));
  await Promise.all([push(pushed), push(pushed)]);
  const all = await allOf(await soldUnder("oncepaid:team-twice:month"));
  expect(all).toHaveLength(2);
  await Promise.all([1, 2].map(() => push(engine(team("team-twice", 1_200, 10_000)))));
  const later = await allOf(await soldUnder("oncepaid:team-twice:month"));
  expect(later).toHaveLength(3);
  expect(active(later)).toHaveLength(2);
});

test("a changed amount is another price; the old one is archived, and going back makes a third", async () => {
  await push(engine(team("team-changed", 2_000, 20_000)));
  const before = await soldUnder("oncepaid:team-changed:month");
  const raised = engine(team("team-changed", 2_500, 20_000));
  expect(await push(raised)).toMatchObject([{ do: "replace", price: "month", stripePriceId: before?.id }]);
  const after = await soldUnder("oncepaid:team-changed:month");
  expect(after).toMatchObject({ unit_amount: 2_500, active: true, product: before?.product });
  expect(await stripe.prices.retrieve(before?.id ?? "")).toMatchObject({ active: false, lookup_key: null });
  await push(engine(team("team-changed", 2_000, 20_000)));
  const back = await soldUnder("oncepaid:team-changed:month");
  expect(back).toMatchObject({ unit_amount: 2_000, active: true });
  expect(back?.id).not.toBe(before?.id);
  expect(active(await allOf(back))).toHaveLength(2);
});

test("a push that ended before it archived the old price is finished by the next one", async () => {
  await push(engine(team("team-ended", 3_000, 30_000)));
  const before = await soldUnder("oncepaid:team-ended:month");
  const raised = engine(team("team-ended", 3_500, 30_000));
  await push(raised);
  await stripe.prices.update(before?.id ?? "", { active: true });
  expect(await planPush(raised)).toMatchObject([{ do: "archive", stripePriceId: before?.id }]);
  await push(raised);
  expect(await stripe.prices.retrieve(before?.id ?? "")).toMatchObject({ active: false });
  expect(await planPush(raised)).toEqual([]);
});

test("a further currency is added to the price that is there; another amount in one is another price", async () => {
  await push(engine(team("team-currency", 4_000, 40_000)));
  const price = await soldUnder("oncepaid:team-currency:month");
  const inr = engine(team("team-currency", 4_000, 40_000, { inr: 300_000 }));
  expect(await push(inr)).toMatchObject([{ do: "keep", stripePriceId: price?.id }]);
  expect((await soldUnder("oncepaid:team-currency:month"))?.id).toBe(price?.id);
  const cheaper = engine(team("team-currency", 4_000, 40_000, { inr: 250_000 }));
  expect(await push(cheaper)).toMatchObject([{ do: "replace", stripePriceId: price?.id }]);
  const after = await soldUnder("oncepaid:team-currency:month");
  expect(after?.currency_options?.inr?.unit_amount).toBe(250_000);
});

test("a price that was archived by hand is put on sale again", async () => {
  const pushed = engine(team("team-archived", 5_000, 50_000));
  await push(pushed);
  const price = await soldUnder("oncepaid:team-archived:year");
  await stripe.prices.update(price?.id ?? "", { active: false });
  expect(await push(pushed)).toMatchObject([
    { do: "keep", stripePriceId: price?.id, change: { active: true } },
  ]);
  expect(await soldUnder("oncepaid:team-archived:year")).toMatchObject({ id: price?.id, active: true });
});

test("a price under a former key that costs something else is replaced, and archived", async () => {
  const old = await stripe.prices.create({
    currency: "usd",
    unit_amount: 900,
    recurring: { interval: "month" },
    lookup_key: "stripe_price_team_former",
    product_data: { name: "Team" },
  });
  const pushed = engine(team("team-former", 1_100, 11_000));
  await push(pushed, { "team-former": "stripe_price_team_former" });
  const month = await soldUnder("oncepaid:team-former:month");
  expect(month).toMatchObject({ unit_amount: 1_100, product: old.product });
  expect((await stripe.prices.retrieve(old.id)).active).toBe(false);
  expect(await planPush(pushed, { "team-former": "stripe_price_team_former" })).toEqual([]);
});

test("more prices than one call can look up are found all the same", async () => {
  const many = engine(...Array.from({ length: 7 }, (_, n) => team(`team-many-${n}`, 100 + n, 1_000 + n)));
  expect(await push(many)).toHaveLength(14);
  expect(await planPush(many)).toEqual([]);
});
