import { findProduct, productText, type ShopOffer } from "#/catalog/products.ts";
import type { Locale } from "#/locale.ts";
import { KINDS } from "#/ui/kinds/traits.ts";
import type { Translate } from "#/ui/language/page-language.ts";
import { howOften, renewalText } from "#/ui/offer/price-text.ts";

/** One price of an offer. What is paid is Stripe's own sum; this one is worked out for show. */
export type PriceForSale = {
  /** In the catalog: "default", "year". */
  name: string;
  /** What it is called where there are several: "Monthly". */
  label: string;
  unitAmount: number;
  currency: string;
  /** "per month"; undefined for what is paid once. */
  renewal: string | undefined;
  /** How much less it is than the first, per month, in whole percent. */
  percentLess: number | undefined;
  /** What one of it is for, and how tax stands to it: "per seat · per month · incl. tax". */
  terms: string;
  /** The same of several. */
  sumTerms: string;
};

/** An offer as the parts of a page that run in the browser need it, in the reader's language. */
export type ForSale = {
  key: string;
  kind: ShopOffer["product"]["kind"];
  name: string;
  maxQuantity: number;
  /** The first is what it is sold under where none is chosen. None while that isn't known. */
  prices: readonly PriceForSale[];
};

export function forSale(offer: ShopOffer, locale: Locale, t: Translate): ForSale {
  const { product } = offer;
  const { name, prices: names } = productText(locale, product.key);
  return {
    key: product.key,
    kind: product.kind,
    name,
    maxQuantity: product.maxQuantity,
    prices: offer.price === undefined ? [] : pricesOf(offer, names, t),
  };
}

function pricesOf(
  { product, price: first, prices }: ShopOffer,
  names: Readonly<Record<string, string>> | undefined,
  t: Translate,
): PriceForSale[] {
  const { each } = KINDS[product.kind];
  return Object.entries(prices).flatMap(([name, price]) => {
    if (!price) return [];
    const renewal = renewalText(price, t);
    const tax = taxHint(product.key, price, t);
    return [
      {
        name,
        label: names?.[name] ?? howOften(price, t) ?? name,
        unitAmount: price.unitAmount,
        currency: price.currency,
        renewal,
        percentLess: percentLess(price, first),
        terms: joined([each && t(each), renewal ?? t("catalog.once"), tax]),
        sumTerms: joined([renewal ?? t("catalog.once"), tax]),
      },
    ];
  });
}

type Price = NonNullable<ShopOffer["price"]>;

/** The catalog's word, else Stripe's; nothing where neither says it. */
function taxHint(productKey: string, { taxIncluded }: Price, t: Translate): string | undefined {
  const said = findProduct(productKey)?.taxBehavior;
  const included = said === undefined ? taxIncluded : said === "inclusive";
  return included === null ? undefined : t(included ? "catalog.tax.included" : "catalog.tax.added");
}

const MONTHS: Record<string, number> = { month: 1, year: 12 };

/** Rounded down, so that no more is promised than is given. */
function percentLess(price: Price, first: Price | undefined): number | undefined {
  const [its, firsts] = [perMonth(price), first && perMonth(first)];
  if (its === undefined || firsts === undefined || price.currency !== first?.currency) return undefined;
  const percent = Math.floor((1 - its / firsts) * 100);
  return percent > 0 ? percent : undefined;
}

function perMonth({ unitAmount, interval, intervalCount }: Price): number | undefined {
  const months = MONTHS[interval ?? ""];
  return months && unitAmount / (months * intervalCount);
}

function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(" · ");
}
