import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestReceiver } from "../delivery/test-receiver.ts";
import { TestShop } from "../test-shop.ts";
import { StripeCli } from "./stripe-cli.ts";

let shop: TestShop;
let cli: StripeCli;
beforeAll(async () => {
  shop = await TestShop.open();
  cli = new StripeCli(shop.sandbox.url);
});
afterAll(async () => {
  cli.close();
  await shop.close();
});

/** The JSON a command printed, after the account's details that some commands begin with. */
async function printed(...words: string[]) {
  const { ok, stdout, output } = await cli.run(...words);
  expect(ok, output).toBe(true);
  return Object(JSON.parse(stdout.slice(stdout.indexOf("{"))));
}

test("resources are made, read, listed, changed and deleted", async () => {
  const made = await printed("customers", "create", "--email", "asha@example.com", "--name", "Asha Rao");
  expect(made).toMatchObject({ object: "customer", email: "asha@example.com" });
  const { data } = await printed("customers", "list", "--limit", "3");
  expect(data[0].id).toBe(made.id);
  expect(await printed("customers", "update", made.id, "-d", "metadata[tier]=gold")).toMatchObject({
    metadata: { tier: "gold" },
  });
  expect(await printed("customers", "retrieve", made.id)).toMatchObject({ name: "Asha Rao" });
  expect(await printed("customers", "delete", made.id, "--confirm")).toMatchObject({ deleted: true });
});

test("any path can be asked for", async () => {
  const product = await printed("post", "/v1/products", "-d", "name=Handbook");
  expect(await printed("get", `/v1/products/${product.id}`)).toMatchObject({ name: "Handbook" });
  const session = await shop.session();
  const expanded = await printed("get", `/v1/checkout/sessions/${session.id}`, "-d", "expand[]=line_items");
  expect(expanded.line_items.data).toHaveLength(1);
});

test.each([
  ["products", "list"],
  ["prices", "list"],
  ["payment_intents", "list"],
  ["charges", "list"],
  ["refunds", "list"],
  ["subscriptions", "list"],
  ["invoices", "list"],
  ["events", "list"],
  ["webhook_endpoints", "list"],
  ["checkout", "sessions", "list"],
])("stripe %s %s", async (...words) => {
  expect(await printed(...words)).toMatchObject({ object: "list" });
});

test("a command that is refused prints Stripe's error", async () => {
  const { output } = await cli.run("customers", "retrieve", "cus_nobody");
  expect(output).toContain("No such customer: 'cus_nobody'");
});

test("fixtures of one's own are carried out, each with what the ones before it made", async () => {
  const file = join(tmpdir(), `fixture-${process.pid}.json`);
  const fixture = {
    _meta: { template_version: 0 },
    fixtures: [
      { name: "product", path: "/v1/products", method: "post", params: { name: "From a fixture" } },
      {
        name: "price",
        path: "/v1/prices",
        method: "post",
        params: { product: "$" + "{product:id}", unit_amount: 4200, currency: "usd" },
      },
    ],
  };
  writeFileSync(file, JSON.stringify(fixture));
  const { ok, output } = await cli.run("fixtures", file);
  expect(ok, output).toBe(true);
  const [price] = (await shop.stripe.prices.list({ limit: 1, expand: ["data.product"] })).data;
  expect(price).toMatchObject({ unit_amount: 4200, product: { name: "From a fixture" } });
});

test("an event is sent again to one endpoint, or to all that were told of it", async () => {
  const other = await TestReceiver.open();
  const made = await shop.stripe.webhookEndpoints.create({ url: other.url, enabled_events: ["*"] });
  other.secret = made.secret ?? "";
  await shop.stripe.customers.create({});
  shop.forget();
  await shop.types();
  other.arrivals.length = 0;
  shop.forget();
  const [event] = (await shop.stripe.events.list({ limit: 1 })).data;
  await printed("events", "resend", event?.id ?? "", "--webhook-endpoint", made.id);
  expect(await shop.types()).toEqual([]);
  expect(other.events.map(({ id }) => id)).toEqual([event?.id]);
  await printed("events", "resend", event?.id ?? "");
  expect(await shop.types()).toEqual(["customer.created"]);
  await shop.stripe.webhookEndpoints.del(made.id);
  await other.close();
});
