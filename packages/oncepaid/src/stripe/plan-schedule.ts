import type Stripe from "stripe";
import type { StripeClient } from "#/stripe/client.ts";

type Schedule = Stripe.SubscriptionSchedule;

/** In the metadata of a schedule: that it was made here, and for which action. */
const ACTION = "support_action";

/** The schedule a subscription is under, also one that has brought its change and runs until its period is over. */
export async function scheduleOf(
  stripe: StripeClient,
  { schedule }: Stripe.Subscription,
): Promise<Schedule | undefined> {
  if (!schedule) return undefined;
  const id = typeof schedule === "string" ? schedule : schedule.id;
  const known = await stripe.subscriptionSchedules.retrieve(id);
  // It was let go between the two calls.
  return ["active", "not_started"].includes(known.status) ? known : undefined;
}

export function isOurs({ metadata }: Schedule): boolean {
  return metadata?.[ACTION] !== undefined;
}

export function isFor({ metadata }: Schedule, action: string): boolean {
  return metadata?.[ACTION] === action;
}

/** Whether it changes the subscription yet. */
export function isAhead({ current_phase: current, phases }: Schedule): boolean {
  return phases.some(({ start_date: start }) => current === null || start >= current.end_date);
}

/** Whether somebody has made it at Stripe for something that is still to come. One that comes to nothing more may be let go by anybody. */
export function isTheirs(schedule: Schedule): boolean {
  return !isOurs(schedule) && (isAhead(schedule) || schedule.end_behavior !== "release");
}

/** Leaves the subscription as it is now. */
export async function release(stripe: StripeClient, { id }: Schedule, idempotencyKey: string): Promise<void> {
  await stripe.subscriptionSchedules.release(id, {}, { idempotencyKey: `${idempotencyKey}:release:${id}` });
}

/**
 * One phase that is the period as it is, then one of other items; after that the schedule lets go. What a schedule has no defaults for,
 * which it took from the subscription, is said in both phases, because a phase that leaves it out takes it away.
 * Source: docs.stripe.com/api/subscription_schedules/update (phases that are over can be left out, the running one can't).
 */
export async function planNext(
  stripe: StripeClient,
  { id, current_phase: current, phases }: Schedule,
  { subscription, next, duration, action, key }: Planned,
): Promise<boolean> {
  const running = phases.find(({ start_date }) => start_date === current?.start_date);
  if (!running) return false;
  const { start_date, end_date, trial_end } = running;
  const isTrial = trial_end !== null && trial_end > start_date;
  const terms = {
    discounts: sameDiscounts(subscription),
    default_tax_rates: idsOf(subscription.default_tax_rates),
  };
  const items = itemsOf(subscription);
  await stripe.subscriptionSchedules.update(
    id,
    {
      end_behavior: "release",
      proration_behavior: "none",
      metadata: { [ACTION]: action },
      phases: [
        { ...terms, items, start_date, end_date, ...(isTrial && { trial_end }) },
        { ...terms, items: items.map(next), duration },
      ],
    },
    { idempotencyKey: key },
  );
  return true;
}

type Item = Stripe.SubscriptionScheduleUpdateParams.Phase.Item;
type Planned = {
  subscription: Stripe.Subscription;
  /** What becomes of an item. */
  next: (item: Item) => Item;
  duration: Stripe.SubscriptionScheduleUpdateParams.Phase.Duration;
  action: string;
  key: string;
};

function itemsOf({ items }: Stripe.Subscription): Item[] {
  return items.data.map(({ price, quantity = 1, metadata, tax_rates: rates, ...item }) => ({
    price: price.id,
    quantity,
    metadata,
    discounts: sameDiscounts(item),
    tax_rates: idsOf(rates),
  }));
}

/** By their own ids: a coupon named again would begin its months anew. */
function sameDiscounts({ discounts }: { discounts: (string | Stripe.Discount)[] }) {
  return discounts.map((discount) => ({ discount: typeof discount === "string" ? discount : discount.id }));
}

function idsOf(rates: Stripe.TaxRate[] | null | undefined): string[] {
  return (rates ?? []).map(({ id }) => id);
}
