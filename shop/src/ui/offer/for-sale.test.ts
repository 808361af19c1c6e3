import { createTranslator } from "use-intl/core";
import { expect, test } from "vitest";
import { products, type ShopOffer } from "#/catalog/products.ts";
import { TEXTS } from "#/texts/texts.ts";
import { chosenPrice, priceName } from "#/ui/offer/chosen-price.ts";
import { forSale } from "#/ui/offer/for-sale.ts";

const t = createTranslator({ locale: "en", messages: TEXTS.en });

type Price = NonNullable<ShopOffer["price"]>;

function price(unitAmount: number, more: Partial<Price> = {}): Price {
  return {
    id: `price_${unitAmount}`,
    product: "prod",
    unitAmount,
    currency: "usd",
    amounts: {},
    interval: "month",
    intervalCount: 1,
    taxIncluded: null,
    ...more,
  };
}

function plan(prices: Record<string, Price>) {
  const product = products.find(({ key }) => key === "pro");
  if (!product) throw new Error("The catalog has no plan.");
  return forSale({ product, price: Object.values(prices)[0], prices }, "en", t);
}

test("each price is called by how often it is paid, with what it saves, never more than that", () => {
  const { prices } = plan({
    default: price(2_900),
    quarter: price(8_700, { intervalCount: 3 }),
    year: price(29_000, { interval: "year" }),
    euro: price(9_900, { interval: "year", currency: "eur" }),
  });
  expect(prices.map(({ label, percentLess }) => [label, percentLess])).toEqual([
    ["Monthly", undefined],
    ["Every 3 months", undefined],
    ["Yearly", 16],
    ["Yearly", undefined],
  ]);
});

test("whether tax is in a price is said where Stripe says it, and nothing is made up where nobody does", () => {
  const { prices } = plan({
    included: price(1, { taxIncluded: true }),
    added: price(2, { taxIncluded: false }),
    unsaid: price(3),
  });
  expect(prices.map(({ terms }) => terms)).toEqual([
    "per seat · per month · incl. tax",
    "per seat · per month · plus tax",
    "per seat · per month",
  ]);
});

test("a price that isn't sold any more gives way to the first, and a single one isn't named", () => {
  const several = plan({ default: price(1), year: price(2, { interval: "year" }) });
  expect(chosenPrice(several, "year")?.unitAmount).toBe(2);
  expect(chosenPrice(several, "gone")?.unitAmount).toBe(1);
  expect(priceName(several, chosenPrice(several, undefined))).toBe("default");
  const single = plan({ default: price(1) });
  expect(priceName(single, chosenPrice(single, "default"))).toBeUndefined();
});
