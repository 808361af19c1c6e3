import { z } from "zod";
import { currencyOf } from "#/http/currency.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { type Offer, offers } from "#/prices/offers.ts";

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
  price: z
    .object({
      id: z.string(),
      unitAmount: z.int().describe("Minor units."),
      currency: z.string(),
      interval: z.string().nullable(),
      intervalCount: z.int(),
    })
    .nullable()
    .describe("The first one as Stripe has it; null while Stripe can't be asked."),
});

export const getProducts = endpoint({
  summary: "What is sold, with prices as Stripe has them, in a currency where there is an amount in it",
  takes: {
    query: z.object({
      currency: z
        .string()
        .regex(/^[A-Za-z]{3}$/, "A currency has three letters.")
        .optional(),
    }),
  },
  answers: json(z.object({ products: z.array(offered) })),
  handle: async (c, { query }) => {
    const { engine } = c.var;
    const currency = query.currency?.toLowerCase() ?? currencyOf(c.req.raw.headers);
    return { products: (await offers(engine, engine.catalog.products, currency)).map(viewOf) };
  },
});

/** Where its files lie, and what a refund does, is the seller's own. */
function viewOf({ product, price }: Offer): z.infer<typeof offered> {
  const { key, kind, name, description, images, features, maxQuantity, prices } = product;
  return {
    key,
    kind,
    name,
    description,
    images: [...images],
    features: [...features],
    maxQuantity,
    prices: Object.keys(prices),
    price: price
      ? {
          id: price.id,
          unitAmount: price.unitAmount,
          currency: price.currency,
          interval: price.interval,
          intervalCount: price.intervalCount,
        }
      : null,
  };
}
