import Stripe from "stripe";
import type { StripeClient } from "#/stripe/client.ts";
import { type FailedCall, failedCall, hasCode, isReplayed, reasonOf } from "#/stripe/errors.ts";

/** A code as it is to be made. Stripe calls what it takes off a coupon, and the word a buyer types a promotion code. */
export type CodeTerms = {
  code: string;
  percentOff: number | null;
  /** Minor units of `currency`. */
  amountOff: number | null;
  currency: string | null;
  duration: "once" | "repeating" | "forever";
  durationInMonths: number | null;
  maxRedemptions: number | null;
  /** ISO 8601 in UTC. */
  expiresAt: string | null;
};

export type StripeCode = Stripe.PromotionCode & { coupon: Stripe.Coupon };

type Done = { ok: true; id: string } | FailedCall;

export const TAKEN = "There is an active code of that name already.";
export const UNKNOWN_CODE = "Stripe has no such promotion code.";

/**
 * Makes the coupon under an id of our own, then the code. A second time finds both: Stripe forgets a key after a day.
 * Source: docs.stripe.com/api/promotion_codes/create.
 */
export async function makeCode(
  stripe: StripeClient,
  terms: CodeTerms,
  { action, key, isRetry }: { action: string; key: string; isRetry: boolean },
): Promise<Done> {
  const coupon = `support-${action}`.replaceAll(/[^\w-]/g, "-");
  try {
    const { data } = await stripe.promotionCodes.list({ code: terms.code, active: true, limit: 100 });
    const there = data.find(({ active }) => active);
    if (there) return couponOf(there) === coupon ? { ok: true, id: there.id } : taken();
    await ensureCoupon(stripe, coupon, terms, key);
    const before = isRetry ? (await stripe.promotionCodes.list({ coupon, limit: 1 })).data[0] : undefined;
    const made =
      before ?? (await stripe.promotionCodes.create(codeOf(terms, coupon), { idempotencyKey: key }));
    return { ok: true, id: made.id };
  } catch (error) {
    if (hasCode(error, "resource_already_exists") && !isReplayed(error)) return taken();
    return { ...failedCall(error), refused: isRefused(error) };
  }
}

function taken(): Done {
  return { ok: false, refused: true, reason: TAKEN };
}

async function ensureCoupon(stripe: StripeClient, id: string, terms: CodeTerms, key: string): Promise<void> {
  const { code, percentOff, amountOff, currency, duration, durationInMonths } = terms;
  const coupon: Stripe.CouponCreateParams = {
    id,
    // Buyers read it on Stripe's page and on their invoices.
    name: code,
    duration,
    ...(durationInMonths !== null && { duration_in_months: durationInMonths }),
    ...(percentOff !== null && { percent_off: percentOff }),
    ...(amountOff !== null && currency !== null && { amount_off: amountOff, currency }),
  };
  try {
    await stripe.coupons.create(coupon, { idempotencyKey: `${key}:coupon` });
  } catch (error) {
    if (!hasCode(error, "resource_already_exists")) throw error;
  }
}

function codeOf({ code, maxRedemptions, expiresAt }: CodeTerms, coupon: string) {
  return {
    promotion: { type: "coupon", coupon },
    code,
    ...(maxRedemptions !== null && { max_redemptions: maxRedemptions }),
    ...(expiresAt !== null && { expires_at: Math.floor(Date.parse(expiresAt) / 1000) }),
  } satisfies Stripe.PromotionCodeCreateParams;
}

/** Nobody can use the code from now on; what it took off already stays. */
export async function endCode(stripe: StripeClient, id: string, idempotencyKey: string): Promise<Done> {
  try {
    await stripe.promotionCodes.update(id, { active: false }, { idempotencyKey });
    return { ok: true, id };
  } catch (error) {
    if (hasCode(error, "resource_missing")) return { ok: false, refused: true, reason: UNKNOWN_CODE };
    return { ...failedCall(error), refused: isRefused(error) };
  }
}

/** The codes of the account, the newest first, each with what it takes off; `failed` says why they can't be had. */
export async function listCodes(
  stripe: StripeClient,
  { active, after, limit }: { active?: boolean | undefined; after?: string | undefined; limit: number },
): Promise<{ codes: StripeCode[]; more: boolean } | { failed: string; refused: boolean }> {
  try {
    const { data, has_more: more } = await stripe.promotionCodes.list({
      limit,
      ...(active !== undefined && { active }),
      ...(after !== undefined && { starting_after: after }),
      expand: ["data.promotion.coupon"],
    });
    const codes = data.flatMap((code) => {
      const { coupon } = code.promotion;
      return typeof coupon === "object" && coupon !== null ? [{ ...code, coupon }] : [];
    });
    return { codes, more };
  } catch (error) {
    return { failed: reasonOf(error), refused: isRefused(error) };
  }
}

function couponOf({ promotion: { coupon } }: Stripe.PromotionCode): string | null {
  return typeof coupon === "string" ? coupon : (coupon?.id ?? null);
}

/** The same call will never succeed: something in it is wrong, or the key may not make it. */
function isRefused(error: unknown): boolean {
  const { StripeInvalidRequestError, StripePermissionError } = Stripe.errors;
  if (error instanceof StripePermissionError) return true;
  return error instanceof StripeInvalidRequestError && !isReplayed(error);
}
