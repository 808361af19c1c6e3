import type { OrderContext } from "#/rules/derive.ts";
import {
  type DisputeFact,
  type Facts,
  isOver,
  type RulingFact,
  type SubscriptionFact,
} from "#/rules/facts.ts";
import type { Grant, OrderedItem, Sold } from "#/rules/grants.ts";
import { refunded } from "#/rules/refunds.ts";
import { withoutRenewals } from "#/rules/renewals.ts";

/** What a paid order gives its buyer, and what has taken it back. Pure; times are unix seconds. */
export type Access = {
  /** Everything that was paid is back with the buyer: refunded, or taken back by the bank for good. */
  givenBack: boolean;
  /** With it, by the policy of the booking it was for, its places in a slot. */
  placeGivenBack: boolean;
  /** The subscription has ended for good. */
  canceled: boolean;
  grants(startsAt: number): Grant[];
  /** When a grace period runs out, if one runs. */
  recheckAt: number | null;
};

export function accessOf(facts: Facts, context: OrderContext): Access {
  const situation = situationOf(facts, context);
  const { subscription } = situation;
  // What was bought together with a plan was paid once, whatever becomes of the plan's renewals.
  const once = context.mode === "payment" ? situation : situationOf(withoutRenewals(facts), context);
  const graceEnds = graceEndOf(subscription, context);
  const givenBack = refundEnds(context, situation, once) || situation.lostAt !== null;
  return {
    givenBack,
    placeGivenBack: givenBack && context.items.some(({ sold }) => sold?.policy.placeOnRefund === "release"),
    canceled: subscription !== undefined && isOver(subscription.status),
    grants: (startsAt) =>
      grantedItems(context, subscription).map((item) =>
        grant(item, startsAt, item.sold.kind === "plan" ? situation : once),
      ),
    recheckAt: graceEnds !== null && graceEnds > context.now ? graceEnds : null,
  };
}

/** Giving back what was paid once undoes the sale; of a plan it is one payment of many, unless its policy says more. */
function refundEnds({ mode, items }: OrderContext, all: Situation, once: Situation): boolean {
  if (mode === "payment") return all.refundedAt !== null;
  return items.some(({ sold }) => {
    const { refundedAt } = sold?.kind === "plan" ? all : once;
    return refundedAt !== null && sold?.policy.onRefund === "end";
  });
}

type Situation = {
  refundedAt: number | null;
  partlyRefundedAt: number | null;
  lostAt: number | null;
  disputed: boolean;
  subscription: SubscriptionFact | undefined;
  /** By product. */
  rulings: Map<string, RulingFact>;
  now: number;
};

function situationOf(facts: Facts, { mode, now }: OrderContext): Situation {
  const refunds = refunded(facts, mode);
  const disputes = Object.values(facts.disputes);
  const lost = disputes.filter(isLost);
  return {
    refundedAt: refunds.fully ? (refunds.at ?? 0) : null,
    partlyRefundedAt: refunds.amount > 0 && !refunds.fully ? (refunds.at ?? 0) : null,
    lostAt: lost.length > 0 ? Math.min(...lost.map(({ lostAt = 0 }) => lostAt)) : null,
    disputed: disputes.some(isOpen),
    subscription: newestSubscription(facts),
    rulings: newestRulings(facts),
    now,
  };
}

type GrantedItem = { productKey: string; quantity: number; sold: Sold; replaced: boolean };

/** The first reason that holds decides, from what ends access for good to what only interrupts it. */
function grant(
  { productKey, quantity, sold, replaced }: GrantedItem,
  startsAt: number,
  now: Situation,
): Grant {
  const { policy, kind } = sold;
  const has = (state: Grant["state"], endsAt: number | null, reason: string | null): Grant => ({
    productKey,
    kind,
    quantity: Math.max(quantity, 1),
    state,
    startsAt,
    endsAt,
    reason,
  });
  const ruling = now.rulings.get(productKey);
  if (ruling?.access === "ended") return has("ended", ruling.at, "operator");
  // A released place is nobody's access, whatever else the policy says.
  const ends = policy.onRefund === "end" || policy.placeOnRefund === "release";
  if (now.refundedAt !== null && ends) return has("ended", now.refundedAt, "refunded");
  if (now.lostAt !== null) return has("ended", now.lostAt, "dispute_lost");
  if (now.partlyRefundedAt !== null && policy.onPartialRefund === "end") {
    return has("ended", now.partlyRefundedAt, "partially_refunded");
  }
  const subscription = kind === "plan" ? now.subscription : undefined;
  if (replaced) return has("ended", subscription?.at ?? null, "plan_changed");
  if (subscription && isOver(subscription.status)) {
    return has("ended", subscription.endedAt ?? subscription.at, "subscription_canceled");
  }
  if (subscription?.status === "unpaid") return has("ended", subscription.at, "subscription_unpaid");
  const end = subscription?.cancelAt ?? subscription?.currentPeriodEnd ?? null;
  if (now.disputed && policy.onDispute === "suspend") return has("suspended", end, "disputed");
  if (subscription?.status === "paused") return has("suspended", end, "subscription_paused");
  // Stripe lets a subscription go on without a seat, and asks for nothing then.
  if (quantity === 0) return has("suspended", end, "subscription_no_seats");
  if (subscription?.status === "incomplete") return has("suspended", end, "subscription_incomplete");
  if (subscription?.status === "past_due") {
    const graceEnds = pastDueSince(subscription) + policy.gracePeriod;
    if (graceEnds <= now.now) return has("suspended", graceEnds, "subscription_past_due");
    return has("active", graceEnds, "subscription_past_due");
  }
  return has("active", end, subscription?.cancelAt === undefined ? null : "cancels_at_period_end");
}

/** The operators' last word on each product; of two in one second the greater id counts, for every machine alike. */
function newestRulings(facts: Facts): Map<string, RulingFact> {
  const oldestFirst = Object.entries(facts.rulings).sort(
    ([idA, a], [idB, b]) => a.at - b.at || (idA < idB ? -1 : 1),
  );
  return new Map(oldestFirst.map(([, ruling]) => [ruling.productKey, ruling]));
}

/** What was ordered; a plan as the subscription has it now: its seats, or another plan it was changed to. */
function grantedItems(
  { items, plans }: OrderContext,
  subscription: SubscriptionFact | undefined,
): GrantedItem[] {
  const ordered = items.flatMap((item) => asGranted(item));
  if (!subscription) return ordered;
  const once = ordered.filter(({ sold }) => sold.kind !== "plan");
  const before = ordered.filter(({ sold }) => sold.kind === "plan");
  const planOf = (price: string) => plans[price] ?? (before.length === 1 ? before[0]?.sold : undefined);
  const now = subscription.items.flatMap(({ price, quantity }) => {
    const sold = planOf(price);
    return sold?.kind === "plan" ? [{ productKey: sold.productKey, quantity, sold, replaced: false }] : [];
  });
  if (now.length === 0) return ordered;
  // Every plan it ever was, so that one which was granted in between has ended whichever events came when.
  const ever = Object.keys(subscription.prices).flatMap((price) => {
    const sold = planOf(price);
    return sold?.kind === "plan" ? [{ productKey: sold.productKey, quantity: 1, sold, replaced: true }] : [];
  });
  const gone = [...before.map((item) => ({ ...item, replaced: true })), ...ever];
  return uniqueProducts([...once, ...now, ...gone]);
}

/** The first of each product: an order grants a product once. */
function uniqueProducts(items: GrantedItem[]): GrantedItem[] {
  return items.filter(
    (item, place) => items.findIndex(({ productKey }) => productKey === item.productKey) === place,
  );
}

function asGranted({ productKey, quantity, sold }: OrderedItem): GrantedItem[] {
  return sold ? [{ productKey, quantity, sold, replaced: false }] : [];
}

/** An order has one subscription; should Stripe ever know two, the one that isn't over counts. */
function newestSubscription(facts: Facts): SubscriptionFact | undefined {
  return Object.entries(facts.subscriptions)
    .sort(
      ([idA, a], [idB, b]) =>
        Number(isOver(a.status)) - Number(isOver(b.status)) || b.at - a.at || (idA < idB ? -1 : 1),
    )
    .map(([, subscription]) => subscription)[0];
}

/** A renewal fails when its period begins, however often the retries are told about. */
function pastDueSince(subscription: SubscriptionFact): number {
  return subscription.currentPeriodStart ?? subscription.at;
}

function graceEndOf(subscription: SubscriptionFact | undefined, { items }: OrderContext): number | null {
  if (subscription?.status !== "past_due") return null;
  const graces = items.flatMap(({ sold }) => (sold?.kind === "plan" ? [sold.policy.gracePeriod] : []));
  return graces.length > 0 ? pastDueSince(subscription) + Math.min(...graces) : null;
}

function isLost({ lostAt, wonAt }: DisputeFact): boolean {
  return lostAt !== undefined && wonAt === undefined;
}

function isOpen({ openedAt, lostAt, wonAt }: DisputeFact): boolean {
  return openedAt !== undefined && lostAt === undefined && wonAt === undefined;
}
