import type Stripe from "stripe";
import { isOver } from "#/rules/subscription-state.ts";
import type { StripeClient } from "#/stripe/client.ts";
import { type FailedCall, failedCall, hasCode, isReplayed } from "#/stripe/errors.ts";
import { isTheirs, release, scheduleOf } from "#/stripe/plan-schedule.ts";

type Ended = { ok: true; id: string } | FailedCall;

const MISSING =
  "Stripe doesn't have this subscription, so there is no period that it could end with. Cancel it now, which ends what it gave.";

/**
 * Ends a subscription at once; `missing` where Stripe has none that it could end. Source: docs.stripe.com/api/subscriptions/cancel.
 */
export function endNow(stripe: StripeClient, id: string): Promise<Ended | "missing"> {
  return asked(async () => {
    await stripe.subscriptions.cancel(id);
    return { ok: true, id };
  });
}

/**
 * Lets a subscription go on until what was paid for is over. A change that was planned here is off then: Stripe lets nothing under a
 * schedule be canceled so, and refuses it where somebody else has made the schedule.
 */
export async function endAtPeriodEnd(
  stripe: StripeClient,
  id: string,
  idempotencyKey: string,
): Promise<Ended> {
  const ended = await asked(async () => {
    const schedule = await scheduleOf(stripe, await stripe.subscriptions.retrieve(id));
    if (schedule && !isTheirs(schedule)) await release(stripe, schedule, idempotencyKey);
    await stripe.subscriptions.update(id, { cancel_at_period_end: true }, { idempotencyKey });
    return { ok: true as const, id };
  });
  return ended === "missing" ? { ok: false, refused: true, missing: true, reason: MISSING } : ended;
}

/** A subscription as Stripe has it now, and whether it has ended. */
export function findSubscription(
  stripe: StripeClient,
  id: string,
): Promise<{ object: Stripe.Subscription; isOver: boolean } | FailedCall | "missing"> {
  return asked(async () => {
    const object = await stripe.subscriptions.retrieve(id);
    return { object, isOver: isOver(object.status) };
  });
}

async function asked<T>(call: () => Promise<T>): Promise<T | FailedCall | "missing"> {
  try {
    return await call();
  } catch (error) {
    if (hasCode(error, "resource_missing") && !isReplayed(error)) return "missing";
    return failedCall(error);
  }
}
