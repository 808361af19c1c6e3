import { createHash } from "node:crypto";
import type { Amount } from "#/catalog/price.ts";
import type { Product } from "#/catalog/product.ts";
import { type PushEngine, type PushStep, planPush } from "#/prices/plan-push.ts";
import { archivePrice, changePrice, ensureProduct, makePrice, productOfPrice } from "#/stripe/make-prices.ts";

/**
 * Makes prices at Stripe of the amounts in the catalog, each under the lookup key `oncepaid:<product>:<price>`, and answers what
 * it did. Safe to repeat, and to run twice at once: calls that make something carry a key made of what is there. Throws Stripe's error
 * where it ends on the way; the next push does the rest.
 */
export async function push(
  engine: PushEngine,
  formerKeys: Readonly<Record<string, string>> = {},
): Promise<PushStep[]> {
  const steps = await planPush(engine, formerKeys);
  for (const step of steps) await carryOut(engine, step);
  return steps;
}

async function carryOut(engine: PushEngine, step: PushStep): Promise<void> {
  switch (step.do) {
    case "keep":
      await changePrice(engine.stripe, step.stripePriceId, step.change);
      return;
    case "archive":
      await archivePrice(engine.stripe, step.stripePriceId);
      return;
    case "make":
      await make(engine, step, step.amount, undefined);
      return;
    case "replace":
      await make(engine, step, step.amount, step.stripePriceId);
      await archivePrice(engine.stripe, step.stripePriceId);
  }
}

/** The new price takes the lookup key in the same call, so that there is always one to be found. */
async function make(
  { catalog, stripe }: PushEngine,
  { productKey, price: name, lookupKey }: PushStep,
  amount: Amount,
  replaces: string | undefined,
): Promise<void> {
  const product = catalog.find(productKey);
  if (!product) throw new Error(`The catalog has no product ${productKey}.`);
  const stripeProduct = replaces
    ? await productOfPrice(stripe, replaces)
    : await ensureProduct(stripe, `oncepaid_${productKey}`, descriptionOf(product));
  // Of two pushes at once both make this very call, and get the same price. One that comes later replaces another price.
  const made = createHash("sha256")
    .update(JSON.stringify([stripeProduct, amount]))
    .digest("hex")
    .slice(0, 32);
  const key = `push:${lookupKey}:${replaces ?? "new"}:${made}`;
  await makePrice(stripe, { product: stripeProduct, name, lookupKey, amount }, key);
}

function descriptionOf({ name, description, images }: Product) {
  return { name, description, images: [...images] };
}
