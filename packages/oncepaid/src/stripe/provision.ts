import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type Catalog, pricesIn } from "#/catalog/catalog.ts";
import type { Product } from "#/catalog/product.ts";
import { renews } from "#/rules/kinds.ts";
import { API_VERSION, type StripeClient } from "#/stripe/client.ts";
import type { EventName } from "#/stripe/inspect.ts";
import { portalFeatures, type Seats } from "#/stripe/portal.ts";
import { lookUpPrices } from "#/stripe/prices.ts";

/**
 * Makes what the app needs in an empty sandbox beside its prices: what customers may do in the billing portal, and one webhook
 * endpoint, whose secret it answers. Stripe tells the secret only once, so it is kept in a file. Safe to call at every start.
 */
export async function provision(
  stripe: StripeClient,
  options: {
    catalog: Catalog;
    /** What the endpoint is told of. */
    events: EventName[];
    webhookUrl: string;
    webhookSecretFile: string;
  },
): Promise<{ webhookSecret: string }> {
  const plans = options.catalog.products.filter(renews);
  await setUpPortal(stripe, await Promise.all(plans.map((plan) => seatsOf(stripe, plan))));
  return { webhookSecret: await findOrCreateEndpoint(stripe, options) };
}

/** What a subscription can be changed to: the plan's prices, which are one product of Stripe's, and its seats. */
async function seatsOf(stripe: StripeClient, product: Product): Promise<Seats> {
  const keys = pricesIn({ products: [product] }).flatMap(({ lookupKey }) => lookupKey ?? []);
  const prices = await lookUpPrices(stripe, keys);
  const [first] = prices.values();
  if (!first) throw new Error(`The plan ${product.key} has no price in the sandbox.`);
  return {
    product: first.product,
    prices: [...prices.values()].map(({ id }) => id),
    adjustable_quantity: { enabled: true, minimum: 1, maximum: product.maxQuantity },
  };
}

/** The default configuration, which a portal session uses that names none. On a real account the same is set in the dashboard. */
async function setUpPortal(stripe: StripeClient, products: Seats[]): Promise<void> {
  const features = portalFeatures(products);
  const { data } = await stripe.billingPortal.configurations.list({ is_default: true, limit: 1 });
  if (data[0]) await stripe.billingPortal.configurations.update(data[0].id, { features });
  else await stripe.billingPortal.configurations.create({ features });
}

type Wanted = { webhookUrl: string; webhookSecretFile: string; events: EventName[] };

async function findOrCreateEndpoint(
  stripe: StripeClient,
  { webhookUrl: url, webhookSecretFile: secretFile, events: enabled_events }: Wanted,
): Promise<string> {
  const endpoints = await stripe.webhookEndpoints.list({ limit: 100 });
  const here = endpoints.data.filter((endpoint) => endpoint.url === url);
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
