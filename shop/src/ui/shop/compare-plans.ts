import { findProduct, productText, type ShopOffer } from "#/catalog/products.ts";
import type { Locale } from "#/locale.ts";
import { type Grace, graceOf } from "#/ui/kinds/grace.ts";
import type { Translate } from "#/ui/language/page-language.ts";
import { forSale, type PriceForSale } from "#/ui/offer/for-sale.ts";

/** A plan, as far as plans differ from each other. */
export type ComparedPlan = {
  key: string;
  name: string;
  maxQuantity: number;
  trialDays: number;
  grace: Grace;
  /** None while they aren't known. */
  prices: readonly PriceForSale[];
  /** What each of its features is called, by the feature. */
  features: Readonly<Record<string, string>>;
};

export type Cell = { price: PriceForSale } | { text: string } | { has: boolean };

/** One thing that is compared, with a cell for each plan. Names may repeat, as a feature called "Seats" does; keys don't. */
export type ComparedRow = { key: string; name: string; cells: readonly Cell[] };

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
        grace: graceOf(plan.policy),
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
  const features = new Map(plans.flatMap((plan) => Object.entries(plan.features)).toReversed());
  const order = new Set(plans.flatMap((plan) => Object.keys(plan.features)));
  return [
    ...priceRows(plans, t),
    {
      key: "seats",
      name: t("pricing.compare.seats"),
      cells: plans.map(({ maxQuantity }) => ({
        text: t("pricing.compare.seatsMost", { count: maxQuantity }),
      })),
    },
    ...(plans.some(({ trialDays }) => trialDays > 0) ? [trialRow(plans, t)] : []),
    {
      key: "grace",
      name: t("pricing.compare.grace"),
      cells: plans.map(({ grace }) => ({ text: graceText(grace, t) })),
    },
    ...[...order].map((feature) => ({
      key: `feature:${feature}`,
      name: features.get(feature) ?? feature,
      cells: plans.map((plan) => ({ has: Object.hasOwn(plan.features, feature) })),
    })),
  ];
}

/** A row for each label; where a plan has several prices of one label, as two monthly ones, a row for each of them. */
function priceRows(plans: readonly ComparedPlan[], t: Translate): ComparedRow[] {
  const byLabel = plans.map(({ prices }) => Map.groupBy(prices, ({ label }) => label));
  const labels = new Set(byLabel.flatMap((prices) => [...prices.keys()]));
  return [...labels].flatMap((label) => {
    const most = Math.max(...byLabel.map((prices) => prices.get(label)?.length ?? 0));
    return Array.from({ length: most }, (_, nth) => ({
      key: `price:${label}:${nth}`,
      name: label,
      cells: byLabel.map((prices) => priceCell(prices, prices.get(label)?.[nth], t)),
    }));
  });
}

function trialRow(plans: readonly ComparedPlan[], t: Translate): ComparedRow {
  return {
    key: "trial",
    name: t("pricing.compare.trial"),
    cells: plans.map(({ trialDays: days }) =>
      days > 0 ? { text: t("pricing.compare.trialDays", { days }) } : { has: false },
    ),
  };
}

function priceCell(all: ReadonlyMap<string, unknown>, price: PriceForSale | undefined, t: Translate): Cell {
  if (all.size === 0) return { text: t("catalog.priceLater") };
  return price ? { price } : { has: false };
}

function graceText({ unit, count }: Grace, t: Translate): string {
  return unit === "hours"
    ? t("pricing.compare.graceHours", { hours: count })
    : t("pricing.compare.graceDays", { days: count });
}
