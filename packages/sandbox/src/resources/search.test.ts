import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
  const { customers } = shop.stripe;
  await customers.create({ name: "Asha Rao", email: "asha@example.com", metadata: { tier: "gold" } });
  await customers.create({ name: "Ravi Rao", email: "ravi@example.com", metadata: { tier: "gold" } });
  await customers.create({ name: "Mina Das", email: "mina@example.com" });
});
afterAll(() => shop.close());

const names = async (query: string) =>
  (await shop.stripe.customers.search({ query })).data.map(({ name }) => name);

test("objects are found by a field, a part of it, their metadata, and several of these", async () => {
  expect(await names('email:"mina@example.com"')).toEqual(["Mina Das"]);
  expect(await names('name~"rao"')).toEqual(["Ravi Rao", "Asha Rao"]);
  expect(await names("metadata['tier']:'gold'")).toEqual(["Ravi Rao", "Asha Rao"]);
  expect(await names('name~"Rao" AND -email:"asha@example.com"')).toEqual(["Ravi Rao"]);
  expect(await names("created>1 AND metadata['tier']:'gold'")).toHaveLength(2);
});

test("booleans are searched by their names", async () => {
  await shop.stripe.products.create({ name: "Sold", active: true });
  await shop.stripe.products.create({ name: "Gone", active: false });
  const found = await shop.stripe.products.search({ query: 'active:"false"' });
  expect(found.data.map(({ name }) => name)).toEqual(["Gone"]);
});

test("pages follow each other until there are no more", async () => {
  const query = 'name~"a"';
  const first = await shop.stripe.customers.search({ query, limit: 2 });
  expect(first.data).toHaveLength(2);
  const second = await shop.stripe.customers.search({ query, limit: 2, page: first.next_page ?? "" });
  expect(second).toMatchObject({ object: "search_result", has_more: false, next_page: null });
  expect(second.data.map(({ name }) => name)).toEqual(["Asha Rao"]);
});

test("what can't be understood is refused, and a quote in a key stays outside of the query", async () => {
  expect((await refusal(shop.stripe.customers.search({ query: "email is asha" }))).statusCode).toBe(400);
  const quoted = `metadata["a') OR 1=1 --"]:"x"`;
  expect((await refusal(shop.stripe.customers.search({ query: quoted }))).param).toBe("query");
});

test("case is of no account, quoted words are not read as operators, and wildcards mean themselves", async () => {
  const { customers } = shop.stripe;
  await customers.create({ name: 'Rock AND "Roll"', email: "Rock@Example.com", phone: "100% cotton" });
  expect(await names('email:"rock@example.COM"')).toEqual(['Rock AND "Roll"']);
  expect(await names('name:"Rock AND \\"Roll\\"" AND email~"rock"')).toEqual(['Rock AND "Roll"']);
  expect(await names('phone~"0%"')).toEqual(['Rock AND "Roll"']);
  expect(await names('name~"_"')).toEqual([]);
});

test("what is left out is found by null, and counts where something is negated", async () => {
  expect(await names('-metadata["tier"]:null')).toEqual(["Ravi Rao", "Asha Rao"]);
  expect(await names('metadata["tier"]:null AND email:"mina@example.com"')).toEqual(["Mina Das"]);
  expect(await names('-metadata["tier"]:"gold" AND -name~"rock"')).toEqual(["Mina Das"]);
});

test("numbers find texts of digits, and a text of metadata may be called true", async () => {
  await shop.confirm((await shop.session()).id);
  const charges = await shop.stripe.charges.search({ query: "payment_method_details.card.last4:4242" });
  expect(charges.data).toHaveLength(1);
  expect((await shop.stripe.charges.search({ query: "-amount>1" })).data).toEqual([]);
  await shop.stripe.products.create({ name: "Fragile", metadata: { fragile: "true" } });
  const fragile = await shop.stripe.products.search({ query: 'metadata["fragile"]:"true"' });
  expect(fragile.data.map(({ name }) => name)).toEqual(["Fragile"]);
});

test("subscriptions and invoices are searched like everything else", async () => {
  const { checkout, invoices, subscriptions } = shop.stripe;
  const { id } = await shop.plan({ subscription_data: { metadata: { team: "blue" } } });
  await shop.confirm(id);
  const { invoice, subscription } = await checkout.sessions.retrieve(id);
  const blue = await subscriptions.search({ query: 'status:"active" AND metadata["team"]:"blue"' });
  expect(blue.data.map((found) => found.id)).toEqual([subscription]);
  const billed = await invoices.search({ query: `subscription:"${subscription}" AND total>0` });
  expect(billed.data.map((found) => found.id)).toEqual([invoice]);
});
