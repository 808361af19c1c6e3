import { mkdirSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runFolder } from "../../test/support/database.ts";
import { sandboxAt } from "../../test/support/sandbox.ts";
import type { NodeChild } from "../embedded/node-child.ts";
import { freePortsFrom } from "../embedded/ports.ts";
import { makePrivate } from "../embedded/private-folder.ts";
import { sandboxEnv, startSandbox } from "../embedded/sandbox.ts";

/** The sandbox of a data folder, as each start of the shop finds it and leaves it. */

let dir: string;
let sandbox: NodeChild & { url: string };
let stripe: Stripe;
beforeAll(async () => {
  dir = mkdtempSync(join(runFolder(), "provision-"));
  // As an older version left it.
  mkdirSync(join(dir, "sandbox"), { mode: 0o755 });
  process.env.API_KEYS = "a-key-of-the-shop";
  const nextPort = freePortsFrom(30_000 + Math.floor(Math.random() * 20_000));
  sandbox = await startSandbox({ dir, nextPort, onSpawn: () => undefined });
  ({ stripe } = sandboxAt(sandbox.url));
});
afterAll(() => sandbox.stop());

const start = () => sandboxEnv(sandbox.url, 3000, dir);
const expand = ["currency_options"];
async function soldUnder(lookupKey: string): Promise<Stripe.Price | undefined> {
  return (await stripe.prices.list({ lookup_keys: [lookupKey], active: true })).data[0];
}

test("the sandbox's data are its owner's alone, and it knows no setting of the shop", async () => {
  expect(statSync(join(dir, "sandbox")).mode & 0o777).toBe(0o700);
  expect(readFileSync(`/proc/${sandbox.pid}/environ`, "utf8")).not.toContain("a-key-of-the-shop");
});

test("files that are sold are their owner's alone", () => {
  const files = join(dir, "files");
  mkdirSync(files, { mode: 0o755 });
  makePrivate(files);
  expect(statSync(files).mode & 0o777).toBe(0o700);
});

test("a price that an older start made stays the same price, under its new key and with the currencies it lacks", async () => {
  const old = await stripe.prices.create({
    currency: "usd",
    unit_amount: 1_900,
    lookup_key: "stripe_price_ebook",
    product_data: { name: "Guide" },
  });
  await start();
  expect((await soldUnder("oncepaid:ebook:default"))?.id).toBe(old.id);
  expect(await stripe.prices.retrieve(old.id, { expand })).toMatchObject({
    active: true,
    currency: "usd",
    unit_amount: 1_900,
    currency_options: { inr: { unit_amount: 149_900 } },
  });
});

test("every start leaves each product with the price it has, and the plan's seats can be changed", async () => {
  const env = await start();
  const before = await stripe.prices.list({ active: true, limit: 100 });
  expect(await start()).toEqual(env);
  expect(await stripe.prices.list({ active: true, limit: 100 })).toEqual(before);
  expect(before.data).toHaveLength(4);
  const [pro, year] = await Promise.all([soldUnder("oncepaid:pro:default"), soldUnder("oncepaid:pro:year")]);
  const { data } = await stripe.billingPortal.configurations.list({ is_default: true });
  expect(data[0]?.features.subscription_update.products).toMatchObject([
    {
      product: pro?.product,
      prices: expect.arrayContaining([pro?.id, year?.id]),
      adjustable_quantity: { maximum: 500 },
    },
  ]);
});
