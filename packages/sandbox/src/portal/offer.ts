import type { Subscription, SubscriptionItem } from "../billing/subscription.ts";
import { currencyOptionsOf, priceIn } from "../catalog/currencies.ts";
import type { Kinds } from "../wire.ts";

import type { Visit } from "./visit.ts";

const MOST_QUANTITY = 999;

/** What a subscription may be changed to, as the configuration lets it. */
export function pricesOf({ configuration, world }: Visit, item: SubscriptionItem): Kinds["price"][] {
  const { default_allowed_updates: allowed, products } = configuration.features.subscription_update;
  if (!allowed.includes("price")) return [];
  const ids = (products ?? []).flatMap(({ prices }) => prices);
  const offered = ids.flatMap((id) => world.store.find("price", id) ?? []);
  const { currency } = item.price;
  return offered
    .filter(({ active, recurring }) => active && recurring !== null)
    .filter((price) => currency in currencyOptionsOf(world.store, price))
    .map((price) => priceIn(world.store, price, currency));
}

export function limitsOf({ configuration }: Visit, item: SubscriptionItem) {
  const { default_allowed_updates: allowed, products } = configuration.features.subscription_update;
  if (!allowed.includes("quantity")) return null;
  const own = products?.find(({ product }) => product === item.price.product)?.adjustable_quantity;
  return { minimum: own?.minimum ?? 1, maximum: own?.maximum ?? MOST_QUANTITY };
}

/** The item as it was chosen to be, if the configuration lets it. */
export function choice(
  visit: Visit,
  subscription: Subscription,
  form: URLSearchParams,
): { item: SubscriptionItem } | { problem: string } {
  const { t } = visit.speech;
  const [item] = subscription.items.data;
  if (!item) return { problem: t("noSubscription") };
  const wanted = form.get("price");
  const price = pricesOf(visit, item).find(({ id }) => id === wanted) ?? item.price;
  const limits = limitsOf(visit, item);
  if (!limits) return { item: { ...item, price, quantity: item.quantity ?? 1 } };
  const quantity = Number(form.get("quantity") ?? item.quantity ?? 1);
  const fits = Number.isInteger(quantity) && quantity >= limits.minimum && quantity <= limits.maximum;
  return fits ? { item: { ...item, price, quantity } } : { problem: t("quantityInvalid", limits) };
}
