import { findProduct, productText, type ShopOffer } from "#/catalog/products.ts";
import type { Locale } from "#/locale.ts";
import type { Translate } from "#/ui/language/page-language.ts";
import { forSale, type PriceForSale } from "#/ui/offer/for-sale.ts";

/** A plan, as far as plans differ from each other. */
export type ComparedPlan = {
  key: string;
  name: string;
  maxQuantity: number;
  trialDays: number;
  graceDays: number;
  /** None while they aren't known. */
  prices: readonly PriceForSale[];
  /** What each of its features is called, by the feature. */
  features: Readonly<Record<string, string>>;
};

export type Cell = { price: PriceForSale } | { text: string } | { has: boolean };

/** One thing that is compared, with a cell for each plan. */
export type ComparedRow = { name: string; cells: readonly Cell[] };

const DAY_SECONDS = 24 * 60 * 60;

export function plansAmong(offers: readonly ShopOffer[], locale: Locale, t: Translate): ComparedPlan[] {
  return offers.flatMap((offer): ComparedPlan[] => {
    const plan = findProduct(offer.product.key);
    if (plan?.kind !== "plan") return [];
    const { name, features: words } = productText(locale, plan.key);
    return [
      {
        key: plan.key,
        name,
        maxQuantity: plan.maxQuantity,
        trialDays: plan.trialDays,
        graceDays: Math.floor(plan.policy.gracePeriod / DAY_SECONDS),
        prices: forSale(offer, locale, t).prices,
        features: Object.fromEntries(
          plan.features.map((feature) => [feature, words?.[feature] ?? inWords(feature)]),
        ),
      },
    ];
  });
}

/** A feature that the catalog has no word for: "shared_files" is read as "shared files". */
function inWords(feature: string): string {
  return feature.replaceAll(/[_-]+/g, " ");
}

/** What the plans cost, how many may use them, and what each of them has; first what the first plan has. */
export function comparePlans(plans: readonly ComparedPlan[], t: Translate): ComparedRow[] {
  const labels = new Set(plans.flatMap(({ prices }) => prices.map(({ label }) => label)));
  const features = new Map(plans.flatMap((plan) => Object.entries(plan.features)).toReversed());
  const order = new Set(plans.flatMap((plan) => Object.keys(plan.features)));
  return [
    ...[...labels].map((label) => ({
      name: label,
      cells: plans.map(({ prices }) => priceCell(prices, label, t)),
    })),
    {
      name: t("pricing.compare.seats"),
      cells: plans.map(({ maxQuantity }) => ({
        text: t("pricing.compare.seatsMost", { count: maxQuantity }),
      })),
    },
    ...(plans.some(({ trialDays }) => trialDays > 0) ? [trialRow(plans, t)] : []),
    {
      name: t("pricing.compare.grace"),
      cells: plans.map(({ graceDays }) => ({ text: t("pricing.compare.graceDays", { days: graceDays }) })),
    },
    ...[...order].map((feature) => ({
      name: features.get(feature) ?? feature,
      cells: plans.map((plan) => ({ has: Object.hasOwn(plan.features, feature) })),
    })),
  ];
}

function trialRow(plans: readonly ComparedPlan[], t: Translate): ComparedRow {
  return {
    name: t("pricing.compare.trial"),
    cells: plans.map(({ trialDays: days }) =>
      days > 0 ? { text: t("pricing.compare.trialDays", { days }) } : { has: false },
    ),
  };
}

function priceCell(prices: readonly PriceForSale[], label: string, t: Translate): Cell {
  if (prices.length === 0) return { text: t("catalog.priceLater") };
  const price = prices.find((one) => one.label === label);
  return price ? { price } : { has: false };
}
