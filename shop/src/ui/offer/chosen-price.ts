import type { ForSale, PriceForSale } from "#/ui/offer/for-sale.ts";

/** The price of that name, else the first: what was put in a cart may be of a price that isn't sold any more. */
export function chosenPrice({ prices }: ForSale, name: string | undefined): PriceForSale | undefined {
  return prices.find((price) => price.name === name) ?? prices[0];
}

/** How a purchase names its price: not at all where there is no choice. */
export function priceName({ prices }: ForSale, chosen: PriceForSale | undefined): string | undefined {
  return prices.length > 1 ? chosen?.name : undefined;
}
