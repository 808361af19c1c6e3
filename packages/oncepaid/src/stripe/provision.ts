import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type Stripe from "stripe";
import type { Product } from "#/catalog/product.ts";
import { API_VERSION, connectStripe } from "#/stripe/client.ts";
import type { EventName } from "#/stripe/inspect.ts";

/**
 * Makes what the app needs in an empty sandbox: the catalog's products with prices, found again by their lookup key, what
 * customers may do in the billing portal, and one webhook endpoint. Its secret is told only once, so it is kept in a
 * file. Safe to call at every start.
 */
export async function provision(options: {
  secretKey: string;
  apiBase: URL;
  products: readonly Product[];
  /** What the endpoint is told of. */
  events: EventName[];
  webhookUrl: string;
  webhookSecretFile: string;
}): Promise<{ env: Record<string, string> }> {
  const stripe = connectStripe(options.secretKey, options.apiBase);
  const env: Record<string, string> = {};
  const plans: Seated[] = [];
  for (const product of options.products) {
    const price = await findOrCreatePrice(stripe, product);
    env[product.priceVariable] = price.id;
    if (product.kind === "plan") plans.push({ price, maxQuantity: product.maxQuantity });
  }
  await setUpPortal(stripe, plans);
  env.STRIPE_WEBHOOK_SECRET = await findOrCreateEndpoint(stripe, options);
  return { env };
}

async function findOrCreatePrice(stripe: Stripe, product: Product): Promise<Stripe.Price> {
  const lookupKey = product.priceVariable.toLowerCase();
  const { unitAmount, currency, amounts = {}, interval } = product.sandboxPrice;
  const currency_options = Object.fromEntries(
    Object.entries(amounts).map(([code, unit_amount]) => [code, { unit_amount }]),
  );
  const {
    data: [found],
  } = await stripe.prices.list({
    lookup_keys: [lookupKey],
    active: true,
    limit: 1,
    expand: ["data.currency_options"],
  });
  if (found) {
    const complete = Object.keys(amounts).every((code) => found.currency_options?.[code]);
    return complete ? found : stripe.prices.update(found.id, { currency_options });
  }
  const { name, description } = product;
  return stripe.prices.create({
    unit_amount: unitAmount,
    currency,
    currency_options,
    ...(interval && { recurring: { interval } }),
    lookup_key: lookupKey,
    product: (await stripe.products.create({ name, description })).id,
  });
}

type Seated = { price: Stripe.Price; maxQuantity: number };

/**
 * The default configuration, which a portal session uses that names none: seats can be changed, a subscription ended at
 * the end of its period and taken up again until then, cards and invoices looked after. On a real account the same
 * is set in the dashboard. Source: docs.stripe.com/customer-management/configure-portal.
 */
async function setUpPortal(stripe: Stripe, plans: readonly Seated[]): Promise<void> {
  const features: Stripe.BillingPortal.ConfigurationCreateParams.Features = {
    customer_update: { enabled: true, allowed_updates: ["address", "name", "phone", "tax_id"] },
    invoice_history: { enabled: true },
    payment_method_update: { enabled: true },
    subscription_cancel: { enabled: true, mode: "at_period_end" },
    subscription_update: {
      enabled: true,
      default_allowed_updates: ["quantity"],
      proration_behavior: "create_prorations",
      products: plans.map(({ price, maxQuantity }) => ({
        product: typeof price.product === "string" ? price.product : price.product.id,
        prices: [price.id],
        adjustable_quantity: { enabled: true, minimum: 1, maximum: maxQuantity },
      })),
    },
  };
  const { data } = await stripe.billingPortal.configurations.list({ is_default: true, limit: 1 });
  if (data[0]) await stripe.billingPortal.configurations.update(data[0].id, { features });
  else await stripe.billingPortal.configurations.create({ features });
}

type Wanted = { webhookUrl: string; webhookSecretFile: string; events: EventName[] };

async function findOrCreateEndpoint(
  stripe: Stripe,
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
