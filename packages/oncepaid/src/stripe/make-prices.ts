import type { Amount } from "#/catalog/price.ts";
import type { StripeClient } from "#/stripe/client.ts";
import { hasCode } from "#/stripe/errors.ts";

/** What a push does at Stripe. Everything here throws Stripe's error. */

export async function productOfPrice(stripe: StripeClient, priceId: string): Promise<string> {
  return idOf((await stripe.prices.retrieve(priceId)).product);
}

/** Makes a product under an id of our own, where it isn't there yet; answers its id. */
export async function ensureProduct(
  stripe: StripeClient,
  id: string,
  { name, description, images }: { name: string; description: string; images: string[] },
): Promise<string> {
  try {
    const described = { ...(description !== "" && { description }), ...(images.length > 0 && { images }) };
    return (await stripe.products.create({ id, name, ...described })).id;
  } catch (error) {
    if (hasCode(error, "resource_already_exists")) return id;
    throw error;
  }
}

/** Makes a price that takes the lookup key from whichever has it. */
export async function makePrice(
  stripe: StripeClient,
  { product, name, lookupKey, amount }: { product: string; name: string; lookupKey: string; amount: Amount },
  idempotencyKey: string,
): Promise<void> {
  await stripe.prices.create(
    {
      product,
      unit_amount: amount.amount,
      currency: amount.currency,
      currency_options: currencyOptions(amount.amounts ?? {}),
      ...(amount.interval && { recurring: { interval: amount.interval } }),
      lookup_key: lookupKey,
      transfer_lookup_key: true,
      metadata: { oncepaid_price: name },
    },
    { idempotencyKey },
  );
}

/** Changes what can be changed of a price; `amounts` in currencies it has none in yet. */
export async function changePrice(
  stripe: StripeClient,
  id: string,
  { lookupKey, active, amounts }: { lookupKey?: string; active?: true; amounts?: Record<string, number> },
): Promise<void> {
  await stripe.prices.update(id, {
    ...(lookupKey !== undefined && { lookup_key: lookupKey, transfer_lookup_key: true }),
    ...(active && { active }),
    ...(amounts && { currency_options: currencyOptions(amounts) }),
  });
}

/** Takes a price off sale; subscriptions go on under it. */
export async function archivePrice(stripe: StripeClient, id: string): Promise<void> {
  await stripe.prices.update(id, { active: false });
}

function currencyOptions(amounts: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(amounts).map(([code, unit_amount]) => [code, { unit_amount }]));
}

function idOf(object: string | { id: string }): string {
  return typeof object === "string" ? object : object.id;
}
