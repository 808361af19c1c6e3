import { z } from "zod";
import { currencyOf } from "#/http/currency.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { languageOf } from "#/http/language.ts";
import { type Offer, offers } from "#/prices/offers.ts";
import type { Price } from "#/stripe/prices.ts";

const price = z.object({
  id: z.string(),
  unitAmount: z.int().describe("Minor units."),
  currency: z.string(),
  interval: z.string().nullable(),
  intervalCount: z.int(),
  taxIncluded: z.boolean().nullable().describe("Whether tax is in the amount already."),
});

const offered = z.object({
  key: z.string(),
  kind: z.enum(["download", "plan", "booking"]),
  name: z.string(),
  description: z.string(),
  images: z.array(z.string()),
  features: z.array(z.string()).describe("What whoever has it may use."),
  maxQuantity: z.int(),
  prices: z
    .array(z.string())
    .describe("The names of its prices; the first is taken where a cart names none."),
  price: price.nullable().describe("The first one as Stripe has it; null while Stripe can't be asked."),
  pricesByName: z
    .record(z.string(), price.nullable())
    .describe("Every one that is for sale, as Stripe has it."),
});

export const getProducts = endpoint({
  summary: "What is sold, with prices as Stripe has them, in a currency where there is an amount in it",
  takes: {
    query: z.object({
      currency: z
        .string()
        .regex(/^[A-Za-z]{3}$/, "A currency has three letters.")
        .optional(),
      locale: z
        .string()
        .max(35)
        .optional()
        .describe("The language of names and descriptions; that of the request where none is named."),
    }),
  },
  answers: json(z.object({ products: z.array(offered) })),
  handle: async (c, { query }) => {
    const { engine } = c.var;
    const currency = query.currency?.toLowerCase() ?? currencyOf(c.req.raw.headers);
    const locale = query.locale ?? languageOf(engine.settings.locales, c.req.raw.headers);
    return { products: (await offers(engine, engine.catalog.products, { currency, locale })).map(viewOf) };
  },
});

/** Where its files lie, and what a refund does, is the seller's own. */
function viewOf({ product, price, prices }: Offer): z.infer<typeof offered> {
  const { key, kind, name, description, images, features, maxQuantity } = product;
  return {
    key,
    kind,
    name,
    description,
    images: [...images],
    features: [...features],
    maxQuantity,
    prices: Object.keys(product.prices),
    price: priceOf(price),
    pricesByName: Object.fromEntries(Object.entries(prices).map(([named, shown]) => [named, priceOf(shown)])),
  };
}

function priceOf(shown: Price | undefined): z.infer<typeof price> | null {
  if (!shown) return null;
  const { id, unitAmount, currency, interval, intervalCount, taxIncluded } = shown;
  return { id, unitAmount, currency, interval, intervalCount, taxIncluded };
}
