import { productName } from "../billing/lines.ts";
import type { Subscription, SubscriptionItem } from "../billing/subscription.ts";
import { amountOf } from "../catalog/tiers.ts";
import { formatMoney } from "../money.ts";
import type { Store } from "../store.ts";
import type { Kinds } from "../wire.ts";
import { dateText, type Speech } from "./copy.ts";

type Price = Kinds["price"];

/** `$20.00 per month`. */
export function priceText(store: Store, { tag, t }: Speech, price: Price, quantity = 1): string {
  const amount = formatMoney(amountOf(store, price, quantity), price.currency, tag);
  const { interval, interval_count: count } = price.recurring ?? { interval: "month", interval_count: 1 };
  return `${amount} ${t("every", { count, interval })}`;
}

export function itemText(store: Store, speech: Speech, item: SubscriptionItem) {
  const { price, quantity = 1 } = item;
  return {
    name: productName(store, price),
    price: priceText(store, speech, price, quantity),
    quantity: quantity > 1 ? speech.t("quantityOf", { count: quantity }) : null,
  };
}

/** What comes next: its renewal, its end, or the end of its trial. */
export function outlook({ tag, t }: Speech, subscription: Subscription): string | null {
  const { cancel_at: cancelAt, items, status, trial_end: trialEnd } = subscription;
  if (["canceled", "paused", "incomplete", "incomplete_expired"].includes(status)) return null;
  if (cancelAt !== null) return t("ends", { date: dateText(cancelAt, tag) });
  if (status === "trialing" && trialEnd !== null) return t("trialEnds", { date: dateText(trialEnd, tag) });
  const end = Math.min(...items.data.map((item) => item.current_period_end));
  return t("renews", { date: dateText(end, tag) });
}
