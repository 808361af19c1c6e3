import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type Stripe from "stripe";
import type { Product } from "#/catalog/product.ts";
import { products } from "#/catalog/products.ts";
import { SANDBOX_SECRET_KEY } from "#/config.ts";
import { API_VERSION, connectStripe } from "#/stripe/client.ts";
import { ROUTES } from "#/webhooks/events.ts";

/**
 * Makes what the app needs in an empty sandbox: the catalog's products with prices, found again by their lookup key, and
 * one webhook endpoint. Its secret is told only once, so it is kept in a file. Safe to call at every start.
 */
export async function provision(options: {
  apiBase: URL;
  webhookUrl: string;
  webhookSecretFile: string;
}): Promise<{ env: Record<string, string> }> {
  const stripe = connectStripe(SANDBOX_SECRET_KEY, options.apiBase);
  const env: Record<string, string> = {};
  for (const product of products) env[product.priceVariable] = await findOrCreatePrice(stripe, product);
  env.STRIPE_WEBHOOK_SECRET = await findOrCreateEndpoint(
    stripe,
    options.webhookUrl,
    options.webhookSecretFile,
  );
  return { env };
}

async function findOrCreatePrice(stripe: Stripe, product: Product): Promise<string> {
  const lookupKey = product.priceVariable.toLowerCase();
  const found = await stripe.prices.list({ lookup_keys: [lookupKey], active: true, limit: 1 });
  if (found.data[0]) return found.data[0].id;
  const { name, description } = product.text.en;
  const { unitAmount, currency, interval } = product.sandboxPrice;
  const created = await stripe.prices.create({
    unit_amount: unitAmount,
    currency,
    ...(interval && { recurring: { interval } }),
    lookup_key: lookupKey,
    product: (await stripe.products.create({ name, description })).id,
  });
  return created.id;
}

async function findOrCreateEndpoint(stripe: Stripe, url: string, secretFile: string): Promise<string> {
  const endpoints = await stripe.webhookEndpoints.list({ limit: 100 });
  const here = endpoints.data.filter((endpoint) => endpoint.url === url);
  const enabled_events = Object.keys(ROUTES).filter(isEventName);
  if (here.length === 1 && here[0] && existsSync(secretFile)) {
    await stripe.webhookEndpoints.update(here[0].id, { enabled_events });
    return readFileSync(secretFile, "utf8").trim();
  }
  for (const endpoint of here) await stripe.webhookEndpoints.del(endpoint.id);
  const created = await stripe.webhookEndpoints.create({
    url,
    enabled_events,
    api_version: API_VERSION,
  });
  if (!created.secret) throw new Error("The new webhook endpoint came without its secret.");
  writeFileSync(secretFile, `${created.secret}\n`, { mode: 0o600 });
  return created.secret;
}

function isEventName(type: string): type is keyof typeof ROUTES {
  return type in ROUTES;
}
