import Stripe from "stripe";

/** What an error of the SDK means for what we do next. */

/**
 * Stripe keeps the answer of a call that it began, even a 500, and gives it again for the same key; then only a new
 * key can succeed. A request it refused as invalid has to change, which makes it another call too.
 */
export function isUsedUp(error: unknown): boolean {
  if (!(error instanceof Stripe.errors.StripeError)) return false;
  if (isReplayed(error)) return true;
  return error instanceof Stripe.errors.StripeInvalidRequestError || isKeyOfOtherCall(error);
}

/** Stripe didn't try again: it repeated the answer it has kept under the key. */
export function isReplayed(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeError && error.headers?.["idempotent-replayed"] === "true";
}

/** The key was used before with other parameters, by another version of this program for example. */
export function isKeyOfOtherCall(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeIdempotencyError;
}

/**
 * `refused`: the same call will never succeed. `spent`: nothing else comes under its key for a day, so that this doesn't say what Stripe would
 * answer now. `missing`: Stripe doesn't have what was asked for.
 */
export type FailedCall = { ok: false; refused: boolean; spent?: boolean; missing?: boolean; reason: string };

/** Throws what isn't Stripe's error. */
export function failedCall(error: unknown): FailedCall {
  const reason = reasonOf(error);
  const spent = isReplayed(error) || isKeyOfOtherCall(error);
  const refused = error instanceof Stripe.errors.StripeInvalidRequestError && !spent;
  return { ok: false, refused, spent, missing: hasCode(error, "resource_missing"), reason };
}

/** Under a key that is spent Stripe would give the same answer for a day: another hour is another key. */
export function keyOfHour(key: string): string {
  return `${key}:${new Date().toISOString().slice(0, 13)}`;
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Stripe.errors.StripeError && error.code === code;
}

/** The object that this parameter of the call names isn't there: it was deleted, or is of another account or mode. */
export function isMissing(error: unknown, param: string): boolean {
  return (
    hasCode(error, "resource_missing") && error instanceof Stripe.errors.StripeError && error.param === param
  );
}

/** For logs: Stripe's words and its request id, never the request itself. Throws what isn't Stripe's error. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  return `${error.type}: ${error.message}${error.requestId ? ` (${error.requestId})` : ""}`;
}
