import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runFolder } from "../../test/support/database.ts";
import { sandboxAt } from "../../test/support/sandbox.ts";
import { freePortsFrom } from "../embedded/ports.ts";
import { sandboxEnv, startSandbox } from "../embedded/sandbox.ts";

test("a price that an older start made gets the currencies it lacks, and stays the same price", async () => {
  const dir = mkdtempSync(join(runFolder(), "provision-"));
  const nextPort = freePortsFrom(30_000 + Math.floor(Math.random() * 20_000));
  const sandbox = await startSandbox({ dir, nextPort, onSpawn: () => undefined });
  try {
    const { stripe } = sandboxAt(sandbox.url);
    const old = await stripe.prices.create({
      currency: "usd",
      unit_amount: 1_900,
      lookup_key: "stripe_price_ebook",
      product_data: { name: "Guide" },
    });
    const env = await sandboxEnv(sandbox.url, 3000, dir);
    expect(env.STRIPE_PRICE_EBOOK).toBe(old.id);
    const expand = ["currency_options"];
    expect(await stripe.prices.retrieve(old.id, { expand })).toMatchObject({
      currency: "usd",
      unit_amount: 1_900,
      currency_options: { inr: { unit_amount: 149_900 } },
    });
  } finally {
    await sandbox.stop();
  }
});
