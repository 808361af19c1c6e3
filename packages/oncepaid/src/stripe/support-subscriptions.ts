import Stripe from "stripe";
import type { StripeClient } from "#/stripe/client.ts";
import { hasCode, reasonOf } from "#/stripe/errors.ts";

type Ended = { ok: true; id: string } | { ok: false; refused: boolean; reason: string };

/** Ends a subscription at once; one that Stripe doesn't have any more has ended. Source: docs.stripe.com/api/subscriptions/cancel. */
export function endNow(stripe: StripeClient, id: string): Promise<Ended> {
  return ending(id, () => stripe.subscriptions.cancel(id));
}

/** Lets a subscription go on until what was paid for is over. */
export function endAtPeriodEnd(stripe: StripeClient, id: string, idempotencyKey: string): Promise<Ended> {
  return ending(id, () =>
    stripe.subscriptions.update(id, { cancel_at_period_end: true }, { idempotencyKey }),
  );
}

async function ending(id: string, call: () => Promise<unknown>): Promise<Ended> {
  try {
    await call();
    return { ok: true, id };
  } catch (error) {
    if (hasCode(error, "resource_missing")) return { ok: true, id };
    const refused = error instanceof Stripe.errors.StripeInvalidRequestError;
    return { ok: false, refused, reason: reasonOf(error) };
  }
}
