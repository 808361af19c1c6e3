import Stripe from "stripe";
import type { StripeClient } from "#/stripe/client.ts";
import { reasonOf } from "#/stripe/errors.ts";

/** The item of a subscription that has the price `from` gets another price, and so many of it. */
export type PlanChange = {
  subscription: string;
  from: string;
  price: string;
  quantity: number;
  when: "now" | "period_end";
};

type Changed = { ok: true; id: string } | { ok: false; refused: boolean; reason: string };

/** In the metadata of a schedule: that it was made here, and for which action. */
const ACTION = "support_action";

/**
 * Changes a plan at Stripe, now with proration, or when what was paid for is over by a subscription schedule. It may run twice: what is
 * as it is to be stays so. Sources: docs.stripe.com/api/subscriptions/update, docs.stripe.com/billing/subscriptions/subscription-schedules.
 */
export async function changePlanAtStripe(
  stripe: StripeClient,
  change: PlanChange,
  action: string,
): Promise<Changed> {
  try {
    const subscription = await stripe.subscriptions.retrieve(change.subscription);
    const item = subscription.items.data.find(({ price }) => price.id === change.from);
    const done = subscription.items.data.some(
      ({ price, quantity }) => price.id === change.price && quantity === change.quantity,
    );
    if (!item) return done ? { ok: true, id: subscription.id } : refuse("The plan is another one by now.");
    const schedule = await scheduleOf(stripe, subscription);
    if (schedule && schedule.phases.length > 1 && schedule.metadata?.[ACTION] === undefined) {
      return refuse("A schedule that was made at Stripe changes this subscription already.");
    }
    return change.when === "now"
      ? await changeNow(stripe, change, { item: item.id, schedule, action })
      : await changeLater(stripe, change, { subscription, schedule, action });
  } catch (error) {
    const refused = error instanceof Stripe.errors.StripeInvalidRequestError;
    return { ok: false, refused, reason: reasonOf(error) };
  }
}

function refuse(reason: string): Changed {
  return { ok: false, refused: true, reason };
}

function scheduleOf(
  stripe: StripeClient,
  { schedule }: Stripe.Subscription,
): Promise<Stripe.SubscriptionSchedule | undefined> {
  const id = typeof schedule === "string" ? schedule : schedule?.id;
  return id === undefined ? Promise.resolve(undefined) : stripe.subscriptionSchedules.retrieve(id);
}

/** What was planned here for later is off: the newest wish counts. */
async function changeNow(
  stripe: StripeClient,
  { subscription, price, quantity }: PlanChange,
  {
    item,
    schedule,
    action,
  }: { item: string; schedule: Stripe.SubscriptionSchedule | undefined; action: string },
): Promise<Changed> {
  if (schedule) await stripe.subscriptionSchedules.release(schedule.id);
  await stripe.subscriptions.update(
    subscription,
    { items: [{ id: item, price, quantity }], proration_behavior: "create_prorations" },
    { idempotencyKey: `support:${action}` },
  );
  return { ok: true, id: subscription };
}

/** One phase that is the period as it is, then one of the new price; after that the schedule lets go. */
async function changeLater(
  stripe: StripeClient,
  change: PlanChange,
  {
    subscription,
    schedule,
    action,
  }: {
    subscription: Stripe.Subscription;
    schedule: Stripe.SubscriptionSchedule | undefined;
    action: string;
  },
): Promise<Changed> {
  const { id, phases } =
    schedule ??
    (await stripe.subscriptionSchedules.create(
      { from_subscription: subscription.id },
      { idempotencyKey: `support:${action}:schedule` },
    ));
  const [now] = phases;
  if (!now) return refuse("The subscription has no period to change after.");
  const { recurring } = await stripe.prices.retrieve(change.price);
  if (!recurring) return refuse("The price is paid once, so no plan can be changed to it.");
  const { interval, interval_count } = recurring;
  await stripe.subscriptionSchedules.update(
    id,
    {
      end_behavior: "release",
      proration_behavior: "none",
      metadata: { [ACTION]: action },
      phases: [
        { items: itemsOf(subscription), start_date: now.start_date, end_date: now.end_date },
        { items: itemsOf(subscription, change), duration: { interval, interval_count } },
      ],
    },
    { idempotencyKey: `support:${action}` },
  );
  return { ok: true, id };
}

function itemsOf({ items }: Stripe.Subscription, change?: PlanChange) {
  return items.data.map(({ price: { id }, quantity = 1 }) =>
    id === change?.from ? { price: change.price, quantity: change.quantity } : { price: id, quantity },
  );
}
