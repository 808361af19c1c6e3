import type { DisputeFact, Facts, RulingFact, SubscriptionFact } from "#/rules/facts.ts";
import { givenBack } from "#/rules/given-back.ts";
import type { Grant, OrderedItem, Sold } from "#/rules/grants.ts";
import { isDated, renews } from "#/rules/kinds.ts";
import type { OrderContext } from "#/rules/order-context.ts";
import { withoutRenewals } from "#/rules/renewals.ts";
import { type Returned, returnedItems } from "#/rules/returned-items.ts";
import { isOver, newestSubscription } from "#/rules/subscription-state.ts";

/** What a paid order gives its buyer, and what has taken it back. Pure; times are unix seconds. */
export type Access = {
  /** Everything that was paid is back with the buyer: refunded, or taken back by the bank for good. */
  givenBack: boolean;
  /** With it, or by itself, the spot of the booking it was for, by its policy. */
  spotGivenBack: boolean;
  /** How many places of the spot are left, where some were given back. */
  placesLeft: number | null;
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
    ...spotLeft(context, once, givenBack),
    canceled: subscription !== undefined && isOver(subscription.status),
    grants: (startsAt) =>
      grantedItems(context, subscription).map((item) =>
        grant(item, startsAt, renews(item.sold) ? situation : once),
      ),
    recheckAt: soonest([graceEnds, situation.waitsUntil, once.waitsUntil], context.now),
  };
}

function soonest(times: (number | null)[], now: number): number | null {
  const ahead = times.filter((time) => time !== null).filter((time) => time > now);
  return ahead.length > 0 ? Math.min(...ahead) : null;
}

/** What is left of a spot once everything was given back, or some of its places, or an operator has ended it. */
function spotLeft(
  { items }: OrderContext,
  { returned, rulings }: Situation,
  givenBack: boolean,
): Pick<Access, "spotGivenBack" | "placesLeft"> {
  const booked = items.find(({ sold }) => sold && isDated(sold));
  if (booked?.sold?.policy.spotOnRefund !== "release") return { spotGivenBack: false, placesLeft: null };
  const places = booked.quantity - (returned.items.get(booked.productKey)?.quantity ?? 0);
  const ended = rulings.get(booked.productKey)?.access === "ended";
  return { spotGivenBack: givenBack || ended || places <= 0, placesLeft: Math.max(places, 1) };
}

/** Giving back what was paid once undoes the sale; of a plan it is one payment of many, unless its policy says more. */
function refundEnds({ mode, items }: OrderContext, all: Situation, once: Situation): boolean {
  if (mode === "payment") return all.refundedAt !== null;
  return items.some(({ sold }) => {
    const { refundedAt } = sold && renews(sold) ? all : once;
    return refundedAt !== null && sold?.policy.onRefund === "end";
  });
}

type Situation = {
  refundedAt: number | null;
  lostAt: number | null;
  /** A part was given back, or taken back by a bank for good. */
  partlyAt: number | null;
  /** Lines that were given back by themselves. */
  returned: Returned;
  /** All that is gone was given back for lines that are named: it says nothing about the others. */
  onlyNamed: boolean;
  /** Until it is decided, and where it is lost until it is known how much of a payment that was. */
  disputed: boolean;
  /** When a card's bank last said that it suspects fraud, where that dispute isn't won. */
  warnedAt: number | null;
  waitsUntil: number | null;
  subscription: SubscriptionFact | undefined;
  /** By product. */
  rulings: Map<string, RulingFact>;
  now: number;
};

function situationOf(facts: Facts, { mode, now }: OrderContext): Situation {
  const { refundedAt, lostAt, partlyAt, refunded, lost, waitsUntil } = givenBack(facts, { mode, now });
  const returned = returnedItems(facts);
  return {
    returned,
    onlyNamed: returned.amount > 0 && returned.amount >= refunded + lost,
    refundedAt,
    lostAt,
    partlyAt,
    disputed: waitsUntil !== null || Object.values(facts.disputes).some(isOpen),
    warnedAt: newestWarning(facts),
    waitsUntil,
    subscription: newestSubscription(facts),
    rulings: newestRulings(facts),
    now,
  };
}

type GrantedItem = { productKey: string; quantity: number; sold: Sold; replaced: boolean };

/** The first reason that holds decides: what ends access for good stands before what only interrupts it. */
function grant(item: GrantedItem, startsAt: number, now: Situation): Grant {
  const { productKey, quantity, sold } = item;
  const access = whatEndsIt(item, now) ?? whatInterruptsIt(item, now) ?? active(item, now);
  const left = access.state === "ended" ? quantity : leftOf(item, now);
  return { productKey, kind: sold.kind, quantity: Math.max(left, 1), startsAt, ...access };
}

/** Of what was paid once, as many as weren't given back by themselves; a plan's quantity is what its subscription says. */
function leftOf({ productKey, quantity, sold }: GrantedItem, { returned }: Situation): number {
  if (renews(sold) || !endsOnRefund(sold)) return quantity;
  return quantity - (returned.items.get(productKey)?.quantity ?? 0);
}

/** A spot that was released is nobody's access, whatever else the policy says. */
function endsOnRefund({ policy }: Sold): boolean {
  return policy.onRefund === "end" || policy.spotOnRefund === "release";
}

type Verdict = Pick<Grant, "state" | "endsAt" | "reason">;

function whatEndsIt(item: GrantedItem, now: Situation): Verdict | undefined {
  const { productKey, sold, replaced } = item;
  const { policy } = sold;
  const ended = (endsAt: number | null, reason: Grant["reason"]): Verdict => ({
    state: "ended",
    endsAt,
    reason,
  });
  const ruling = now.rulings.get(productKey);
  if (ruling?.access === "ended") return ended(ruling.at, ruling.because ?? "operator");
  if (now.refundedAt !== null && endsOnRefund(sold)) return ended(now.refundedAt, "refunded");
  if (now.lostAt !== null) return ended(now.lostAt, "dispute_lost");
  const returned = now.returned.items.get(productKey);
  if (returned && leftOf(item, now) <= 0 && item.quantity > 0) return ended(returned.at, "refunded");
  if (now.partlyAt !== null && policy.onPartialRefund === "end" && (returned || !now.onlyNamed)) {
    return ended(now.partlyAt, "partially_refunded");
  }
  const subscription = subscriptionOf(sold, now);
  if (replaced) return ended(subscription?.at ?? null, "plan_changed");
  if (subscription && isOver(subscription.status)) {
    return ended(subscription.endedAt ?? subscription.at, "subscription_canceled");
  }
  if (subscription?.status === "unpaid") return ended(subscription.at, "subscription_unpaid");
  return undefined;
}

function whatInterruptsIt(item: GrantedItem, now: Situation): Verdict | undefined {
  const { sold, quantity } = item;
  const subscription = subscriptionOf(sold, now);
  const suspended = (reason: Grant["reason"], endsAt = endOf(subscription)): Verdict => ({
    state: "suspended",
    endsAt,
    reason,
  });
  if (now.disputed && sold.policy.onDispute === "suspend") return suspended("disputed");
  if (isSuspect(item, now)) return suspended("fraud_warning");
  if (subscription?.status === "paused") return suspended("subscription_paused");
  if (subscription?.collectionPaused !== undefined && sold.policy.onPausedCollection === "suspend") {
    return suspended("collection_paused");
  }
  // Stripe lets a subscription go on without a seat, and asks for nothing then.
  if (quantity === 0) return suspended("subscription_no_seats");
  if (subscription?.status === "incomplete") return suspended("subscription_incomplete");
  if (subscription?.status !== "past_due") return undefined;
  const graceEnds = pastDueSince(subscription) + sold.policy.gracePeriod;
  return graceEnds <= now.now ? suspended("subscription_past_due", graceEnds) : undefined;
}

/** Who gives the access back after the warning has looked at it. */
function isSuspect({ productKey, sold }: GrantedItem, { warnedAt, rulings }: Situation): boolean {
  if (warnedAt === null || sold.policy.onEarlyFraudWarning !== "suspend") return false;
  const ruling = rulings.get(productKey);
  return ruling?.access !== "restored" || ruling.at < warnedAt;
}

function active({ sold }: GrantedItem, now: Situation): Verdict {
  const subscription = subscriptionOf(sold, now);
  if (subscription?.status === "past_due") {
    const graceEnds = pastDueSince(subscription) + sold.policy.gracePeriod;
    return { state: "active", endsAt: graceEnds, reason: "subscription_past_due" };
  }
  return { state: "active", endsAt: endOf(subscription), reason: remarkOn(subscription) };
}

function remarkOn(subscription: SubscriptionFact | undefined): Grant["reason"] {
  if (subscription?.cancelAt !== undefined) return "cancels_at_period_end";
  return subscription?.collectionPaused === undefined ? null : "collection_paused";
}

/** Only a plan depends on the subscription: what was bought together with it was paid once. */
function subscriptionOf(sold: Sold, { subscription }: Situation): SubscriptionFact | undefined {
  return renews(sold) ? subscription : undefined;
}

function endOf(subscription: SubscriptionFact | undefined): number | null {
  return subscription?.cancelAt ?? subscription?.currentPeriodEnd ?? null;
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
  const once = ordered.filter(({ sold }) => !renews(sold));
  const before = ordered.filter(({ sold }) => renews(sold));
  const planOf = (price: string) => plans[price] ?? planOfProduct(price, subscription, plans);
  const now = summed(
    subscription.items.flatMap(({ price, quantity }) => {
      const sold = planOf(price);
      return sold && renews(sold) ? [{ productKey: sold.productKey, quantity, sold, replaced: false }] : [];
    }),
  );
  // Add-ons are nobody's plan: without an item of a plan, it is as it was ordered.
  if (now.length === 0) return ordered;
  // Every plan it ever was, so that one which was granted in between has ended whichever events came when.
  const ever = Object.keys(subscription.prices).flatMap((price) => {
    const sold = planOf(price);
    return sold && renews(sold) ? [{ productKey: sold.productKey, quantity: 1, sold, replaced: true }] : [];
  });
  const gone = [...before.map((item) => ({ ...item, replaced: true })), ...ever];
  return uniqueProducts([...once, ...now, ...gone]);
}

/**
 * A price that was never sold here is a plan's if the subscription has had one of that plan's prices, and both are of the same
 * product at Stripe: it was moved there in the dashboard.
 */
function planOfProduct(
  price: string,
  { products = {} }: SubscriptionFact,
  plans: OrderContext["plans"],
): Sold | undefined {
  const product = products[price];
  const known = Object.keys(products)
    .sort()
    .find((other) => plans[other] !== undefined && products[other] === product);
  return product === undefined || known === undefined ? undefined : plans[known];
}

/** Seats of one plan may be spread over several prices. */
function summed(items: GrantedItem[]): GrantedItem[] {
  return uniqueProducts(items).map((item) => ({
    ...item,
    quantity: items
      .filter(({ productKey }) => productKey === item.productKey)
      .reduce((sum, { quantity }) => sum + quantity, 0),
  }));
}

/** The first of each product: an order grants a product once. */
function uniqueProducts(items: GrantedItem[]): GrantedItem[] {
  return items.filter(
    (item, index) => items.findIndex(({ productKey }) => productKey === item.productKey) === index,
  );
}

function asGranted({ productKey, quantity, sold }: OrderedItem): GrantedItem[] {
  return sold ? [{ productKey, quantity, sold, replaced: false }] : [];
}

/** A renewal fails when its period begins, however many retries fail after that. */
function pastDueSince(subscription: SubscriptionFact): number {
  return subscription.currentPeriodStart ?? subscription.at;
}

/** By the plan as it is now: it may have been changed to one with another grace period since it was ordered. */
function graceEndOf(subscription: SubscriptionFact | undefined, context: OrderContext): number | null {
  if (subscription?.status !== "past_due") return null;
  const graces = grantedItems(context, subscription).flatMap(({ replaced, sold }) =>
    renews(sold) && !replaced ? [sold.policy.gracePeriod] : [],
  );
  return graces.length > 0 ? pastDueSince(subscription) + Math.min(...graces) : null;
}

function newestWarning({ warnings = {}, disputes }: Facts): number | null {
  const cleared = new Set(
    Object.values(disputes).flatMap(({ wonAt, charge }) => (wonAt === undefined ? [] : [charge])),
  );
  const times = Object.values(warnings).flatMap(({ at, charge }) => (cleared.has(charge) ? [] : [at]));
  return times.length > 0 ? Math.max(...times) : null;
}

function isOpen({ openedAt, lostAt, wonAt }: DisputeFact): boolean {
  return openedAt !== undefined && lostAt === undefined && wonAt === undefined;
}
