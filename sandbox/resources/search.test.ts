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
