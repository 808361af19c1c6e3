import type { Facts, SubscriptionFact } from "#/rules/facts.ts";
import { newestSubscription } from "#/rules/subscription-state.ts";

/** What a plan's subscription does next by itself: it charges, for the first time after a trial or again, or it ends. Pure. */
export type Upcoming = {
  what: "renewal" | "first_charge" | "end";
  /** Unix seconds. */
  at: number;
  /** Minor units of the order's currency; null where it isn't certain, and of an end. */
  amount: number | null;
};

/** One line of an order; `stripePrice` is the id of the price it was sold under. */
type Line = { stripePrice: string | null; quantity: number; unitAmount: number | null };

/** Null where nothing renews, where it is over or rests, and while nothing is known of the subscription. */
export function upcoming(
  facts: Pick<Facts, "subscriptions">,
  bought: { lines: readonly Line[]; amountTotal: number | null },
): Upcoming | null {
  const subscription = newestSubscription(facts);
  const trial = subscription?.status === "trialing";
  if (!subscription || (subscription.status !== "active" && !trial)) return null;
  if (subscription.cancelAt !== undefined) return { what: "end", at: subscription.cancelAt, amount: null };
  const { currentPeriodEnd: at, collectionPaused } = subscription;
  if (at === undefined || collectionPaused !== undefined) return null;
  return {
    what: trial ? "first_charge" : "renewal",
    at,
    amount: trial ? afterTrial(subscription, bought) : again(subscription, bought),
  };
}

type Bought = Parameters<typeof upcoming>[1];

/** The same as was paid, as long as nothing was added to the prices or taken off them. */
function again(subscription: SubscriptionFact, { lines, amountTotal }: Bought): number | null {
  const asPriced = sum(lines.map(({ quantity, unitAmount }) => unitAmount && unitAmount * quantity));
  return asPriced === amountTotal ? planOf(subscription, lines) : null;
}

/** A trial was paid with nothing, so what was paid doesn't tell whether taxes are added. */
function afterTrial(subscription: SubscriptionFact, { lines }: Bought): number | null {
  return subscription.taxed ? null : planOf(subscription, lines);
}

/** What the plan costs a period, while it has the price and the seats it was bought with: a change is charged in parts. */
function planOf({ items, discounted }: SubscriptionFact, lines: readonly Line[]): number | null {
  if (discounted || items.length === 0) return null;
  return sum(
    items.map(({ price, quantity }) => {
      const line = lines.find((one) => one.stripePrice === price && one.quantity === quantity);
      return line?.unitAmount == null ? null : line.unitAmount * quantity;
    }),
  );
}

/** Null where one of them isn't known. */
function sum(amounts: readonly (number | null)[]): number | null {
  const known = amounts.flatMap((amount) => amount ?? []);
  return known.length < amounts.length ? null : known.reduce((total, amount) => total + amount, 0);
}
