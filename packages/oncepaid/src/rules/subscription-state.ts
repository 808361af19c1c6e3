import type { Facts, SubscriptionFact } from "#/rules/facts.ts";

/** Which of two states of a subscription is the newer one. Pure. */

/** Ended for good: nothing Stripe says later opens such a subscription again. */
export function isOver(status: string): boolean {
  return status === "canceled" || status === "incomplete_expired";
}

/**
 * An ended state is newer than any other, and of two endings the first is the one. Else the later state counts; of one
 * second, the one Stripe gave as its answer last; and where nothing tells them apart, a choice that every machine makes alike.
 */
export function newer(a: SubscriptionFact, b: SubscriptionFact): SubscriptionFact {
  const order =
    Number(isOver(a.status)) - Number(isOver(b.status)) ||
    (isOver(a.status) ? b.at - a.at : a.at - b.at) ||
    (a.readAt ?? 0) - (b.readAt ?? 0);
  if (order !== 0) return order > 0 ? a : b;
  return stateOf(a) > stateOf(b) ? a : b;
}

/** An order has one subscription; should Stripe ever know two, the one that isn't over counts. */
export function newestSubscription(facts: Pick<Facts, "subscriptions">): SubscriptionFact | undefined {
  return Object.entries(facts.subscriptions)
    .sort(
      ([idA, a], [idB, b]) =>
        Number(isOver(a.status)) - Number(isOver(b.status)) || b.at - a.at || (idA < idB ? -1 : 1),
    )
    .map(([, subscription]) => subscription)[0];
}

/** Two states of one second that differ: the payloads can't say which is newer, only Stripe can. */
export function isTied(a: SubscriptionFact | undefined, b: SubscriptionFact | undefined): boolean {
  if (!a || !b || a.at !== b.at || isOver(a.status) || isOver(b.status)) return false;
  return stateOf(a) !== stateOf(b);
}

/** Everything that makes the state, as text that can be compared; when it was so is no part of it. */
function stateOf(state: SubscriptionFact): string {
  const { status, customer, items, currentPeriodStart, currentPeriodEnd, cancelAt, endedAt } = state;
  const { collectionPaused, discounted, taxed } = state;
  const each = [...items]
    .sort((a, b) => (a.price < b.price ? -1 : 1))
    .map(({ price, quantity }) => [price, quantity]);
  return JSON.stringify([
    ...[status, customer, each, currentPeriodStart, currentPeriodEnd, cancelAt, endedAt],
    ...(collectionPaused === undefined ? [] : [collectionPaused]),
    ...(discounted || taxed ? [discounted ?? false, taxed ?? false] : []),
  ]);
}
