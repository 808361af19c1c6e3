import type Stripe from "stripe";
import type { StripeClient } from "#/stripe/client.ts";
import { type FailedCall, failedCall } from "#/stripe/errors.ts";
import { isAhead, isFor, isOurs, isTheirs, planNext, release, scheduleOf } from "#/stripe/plan-schedule.ts";

/** The item of a subscription that has the price `from` gets another price, and so many of it. */
export type PlanChange = {
  subscription: string;
  from: string;
  price: string;
  quantity: number;
  when: "now" | "period_end";
};

type Changed = { ok: true; id: string } | FailedCall;

/**
 * Changes a plan at Stripe, now with proration, or when what was paid for is over by a subscription schedule. It may run twice: what is
 * as it is to be stays so. Sources: docs.stripe.com/api/subscriptions/update, docs.stripe.com/billing/subscriptions/subscription-schedules.
 */
export async function changePlanAtStripe(
  stripe: StripeClient,
  change: PlanChange,
  action: string,
  key = `support:${action}`,
): Promise<Changed> {
  try {
    const subscription = await stripe.subscriptions.retrieve(change.subscription);
    const item = subscription.items.data.find(({ price }) => price.id === change.from);
    const done = subscription.items.data.some(
      ({ price, quantity }) => price.id === change.price && quantity === change.quantity,
    );
    if (!item) return done ? { ok: true, id: subscription.id } : refuse("The plan is another one by now.");
    const ends = (subscription.cancel_at ?? null) !== null || subscription.cancel_at_period_end;
    // A schedule would let it go on, so that a change that waited must not make one after a cancellation.
    if (ends && change.when === "period_end") {
      return refuse("The plan ends with its period, so nothing comes after it.");
    }
    const schedule = await scheduleOf(stripe, subscription);
    if (schedule && isTheirs(schedule)) {
      return refuse("A schedule that was made at Stripe changes this subscription already.");
    }
    return change.when === "now"
      ? await changeNow(stripe, change, { item: item.id, subscription, schedule, action, key })
      : await changeLater(stripe, change, { subscription, schedule, action, key });
  } catch (error) {
    return failedCall(error);
  }
}

type Previewed = {
  ok: true;
  currency: string;
  prorated: number;
  bill: { amount: number; at: string | null };
  each: { amount: number; interval: string; intervalCount: number };
};

/**
 * The next invoice as that change would make it. Proration waits for the end of the period, and another interval is billed at once.
 * Sources: docs.stripe.com/api/invoices/create_preview, docs.stripe.com/billing/subscriptions/prorations.
 */
export async function previewAtStripe(
  stripe: StripeClient,
  { subscription: id, from, price, quantity, when }: PlanChange,
): Promise<Previewed | FailedCall> {
  try {
    const subscription = await stripe.subscriptions.retrieve(id);
    const item = subscription.items.data.find((one) => one.price.id === from);
    if (!item) return refuse("The plan is another one by now.");
    const schedule = await scheduleOf(stripe, subscription);
    if (schedule && (isAhead(schedule) || isTheirs(schedule))) {
      return refuse("A change for later is planned already, which Stripe bills.");
    }
    const invoice = await stripe.invoices.createPreview({
      subscription: id,
      subscription_details: {
        items: [{ id: item.id, price, quantity }],
        proration_behavior: when === "now" ? "create_prorations" : "none",
      },
    });
    const { recurring } = await stripe.prices.retrieve(price);
    const period = invoice.lines.data.find((line) => !isProration(line) && priceOf(line) === price);
    if (!recurring || !period) return refuse("The plan would have no period that is paid for.");
    const isNow = when === "now" && period.period.start < item.current_period_end;
    const { interval, interval_count } = recurring;
    return {
      ok: true,
      currency: invoice.currency,
      prorated: when === "now" && subscription.status !== "trialing" ? proratedOf(invoice) : 0,
      bill: {
        amount: invoice.amount_due,
        at: isNow ? null : new Date(item.current_period_end * 1000).toISOString(),
      },
      each: { amount: period.amount, interval, intervalCount: interval_count },
    };
  } catch (error) {
    return failedCall(error);
  }
}

/** The proration of this change alone: what an earlier one has left for the same bill began before it. */
function proratedOf({ lines }: Stripe.Invoice): number {
  const prorations = lines.data.filter(isProration);
  const begins = Math.max(...prorations.map(({ period }) => period.start));
  return prorations
    .filter(({ period }) => period.start === begins)
    .reduce((sum, { amount }) => sum + amount, 0);
}

function isProration({ parent }: Stripe.InvoiceLineItem): boolean {
  return (parent?.subscription_item_details ?? parent?.invoice_item_details)?.proration === true;
}

function priceOf({ pricing }: Stripe.InvoiceLineItem): string | undefined {
  const price = pricing?.price_details?.price;
  return typeof price === "string" ? price : price?.id;
}

function refuse(reason: string): FailedCall {
  return { ok: false, refused: true, reason };
}

/** What was planned here for later is off: the newest wish counts. */
async function changeNow(
  stripe: StripeClient,
  { from, price, quantity }: PlanChange,
  { item, subscription, schedule, key }: Found & { item: string },
): Promise<Changed> {
  if (schedule) {
    // A price that Stripe refuses must leave what was planned. It is asked as of a new subscription: of this one it would bill the plan.
    if (price !== from) {
      await stripe.invoices.createPreview({
        customer: idOf(subscription.customer),
        currency: subscription.currency,
        subscription_details: { items: [{ price, quantity }] },
      });
    }
    await release(stripe, schedule, key);
  }
  await stripe.subscriptions.update(
    subscription.id,
    { items: [{ id: item, price, quantity }], proration_behavior: "create_prorations" },
    { idempotencyKey: key },
  );
  return { ok: true, id: subscription.id };
}

type Found = {
  subscription: Stripe.Subscription;
  schedule: Stripe.SubscriptionSchedule | undefined;
  action: string;
  key: string;
};

function idOf(object: string | { id: string }): string {
  return typeof object === "string" ? object : object.id;
}

/** A schedule that has brought its change is let go: its last phase is no period to change after. */
async function changeLater(
  stripe: StripeClient,
  change: PlanChange,
  { subscription, schedule, action, key }: Found,
): Promise<Changed> {
  if (schedule && isFor(schedule, action)) return { ok: true, id: schedule.id };
  const { recurring } = await stripe.prices.retrieve(change.price);
  if (!recurring) return refuse("The price is paid once, so no plan can be changed to it.");
  const isDone = schedule && !isAhead(schedule) && (isOurs(schedule) || schedule.phases.length > 1);
  if (isDone) await release(stripe, schedule, key);
  const planned =
    schedule && !isDone
      ? schedule
      : await stripe.subscriptionSchedules.create(
          { from_subscription: subscription.id },
          { idempotencyKey: `${key}:schedule` },
        );
  const { interval, interval_count } = recurring;
  const isPlanned = await planNext(stripe, planned, {
    subscription,
    next: (item) =>
      item.price === change.from ? { ...item, price: change.price, quantity: change.quantity } : item,
    duration: { interval, interval_count },
    action,
    key,
  });
  if (!isPlanned) return refuse("The subscription has no period to change after.");
  return { ok: true, id: planned.id };
}
