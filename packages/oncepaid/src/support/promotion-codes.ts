import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { pageSize } from "#/page.ts";
import { type CodeTerms, listCodes, type StripeCode, TAKEN, UNKNOWN_CODE } from "#/stripe/promotion-codes.ts";
import { type Action, type Asking, actForShop } from "#/support/action.ts";
import { carryOutNow } from "#/support/carry-out.ts";

/** Codes that buyers type on Stripe's payment page for a discount. Stripe keeps and counts them; here stands who made or ended one. */

/** Amounts are minor units of `currency`, times ISO 8601 in UTC. */
export type PromotionCode = CodeTerms & {
  /** Stripe's, "promo_…". */
  id: string;
  /** Whether a buyer can use it now. */
  active: boolean;
  timesRedeemed: number;
  createdAt: string;
};

export type PromotionCodeFilter = {
  active?: boolean | undefined;
  /** `next` of the page before. */
  after?: string | undefined;
  /** At most 100; 25 where nothing is said. */
  limit?: number | undefined;
};

export type PromotionCodePage = { ok: true; promotionCodes: PromotionCode[]; next: string | null };

/** Either `percentOff` or `amountOff` with its currency. A discount on a plan is taken off once, for some months, or forever. */
export type NewPromotionCode = Pick<Asking, "by" | "key"> & {
  /** Letters, digits and dashes; for Stripe "autumn" and "AUTUMN" are one code. */
  code: string;
  /** More than 0, at most 100, with at most two decimals. */
  percentOff?: number | undefined;
  /** Minor units of `currency`. */
  amountOff?: number | undefined;
  currency?: string | undefined;
  /** `once` where nothing is said. */
  duration?: CodeTerms["duration"] | undefined;
  /** For `repeating`. */
  durationInMonths?: number | undefined;
  /** How often it can be used, by everybody together. */
  maxRedemptions?: number | undefined;
  expiresAt?: Date | undefined;
};

/** `asked`: Stripe couldn't be reached, and a job goes on asking; the id isn't known then. */
export type PromotionCodeMade = {
  ok: true;
  promotionCode: { id: string | null; code: string; state: "asked" | "made" };
};

const SIZES = { usual: 25, largest: 100 };
/** Buyers read it as the coupon's name too, which has at most 40 characters. Source: docs.stripe.com/api/coupons/create. */
const CODE = /^[A-Za-z0-9-]{1,40}$/;
const MOST_MONTHS = 120;
const DURATIONS = ["once", "repeating", "forever"] as const;
const PROMOTION_CODE_ID = /^promo_\w{1,200}$/;

/** All codes of the Stripe account, those of its dashboard too, the newest first. */
export async function listPromotionCodes(
  engine: Engine,
  { active, after, limit }: PromotionCodeFilter = {},
): Promise<PromotionCodePage | Failure> {
  const page = await listCodes(engine.stripe, { active, after, limit: pageSize(limit, SIZES) });
  if ("failed" in page)
    return failure(page.refused ? "refused_by_stripe" : "stripe_unavailable", page.failed);
  const { codes, more } = page;
  return { ok: true, promotionCodes: codes.map(viewOf), next: more ? (codes.at(-1)?.id ?? null) : null };
}

/** Written down before Stripe is asked, so that it is made once, whatever dies meanwhile. */
export async function createPromotionCode(
  engine: Engine,
  { by, key, ...wanted }: NewPromotionCode,
): Promise<PromotionCodeMade | Failure> {
  const terms = termsOf(wanted);
  const problem = problemOf(terms);
  if (problem) return failure("invalid_request", `${problem.path}: ${problem.message}`, [problem]);
  const request = { what: "create_code" as const, asked: terms, by, key };
  const written = await actForShop(engine, request, { do: "create_code", terms });
  if (!written.ok) return written;
  const { refused, stripeId, doneAt } = await carryOutNow(engine, written.action);
  if (refused === TAKEN) return failure("name_taken", TAKEN);
  if (refused !== null) return failure("refused_by_stripe", refused);
  return { ok: true, promotionCode: { id: stripeId, code: terms.code, state: stateOf({ doneAt }) } };
}

/** Nobody can use it from now on. A discount it has given already stays. */
export async function deactivatePromotionCode(
  engine: Engine,
  id: string,
  { by, key }: Pick<Asking, "by" | "key">,
): Promise<{ ok: true; state: "asked" | "made" } | Failure> {
  const unknown = failure("not_found", "There is no such promotion code.");
  if (!PROMOTION_CODE_ID.test(id)) return unknown;
  const request = { what: "deactivate_code" as const, asked: { promotionCode: id }, by, key };
  const written = await actForShop(engine, request, { do: "deactivate_code", promotionCode: id });
  if (!written.ok) return written;
  const { refused, doneAt } = await carryOutNow(engine, written.action);
  if (refused === UNKNOWN_CODE) return unknown;
  return refused === null ? { ok: true, state: stateOf({ doneAt }) } : failure("refused_by_stripe", refused);
}

function stateOf({ doneAt }: Pick<Action, "doneAt">): "asked" | "made" {
  return doneAt === null ? "asked" : "made";
}

function termsOf(wanted: Omit<NewPromotionCode, "by" | "key">): CodeTerms {
  return {
    code: wanted.code.trim(),
    percentOff: wanted.percentOff ?? null,
    amountOff: wanted.amountOff ?? null,
    currency: wanted.currency?.toLowerCase() ?? null,
    duration: wanted.duration ?? "once",
    durationInMonths: wanted.durationInMonths ?? null,
    maxRedemptions: wanted.maxRedemptions ?? null,
    expiresAt: wanted.expiresAt?.toISOString() ?? null,
  };
}

/** What Stripe would refuse, named by its field. Pure, but for the clock. */
function problemOf(terms: CodeTerms): { path: string; message: string } | undefined {
  const { code, percentOff, amountOff, currency, duration, durationInMonths, maxRedemptions, expiresAt } =
    terms;
  if (!CODE.test(code)) return wrong("code", "A code has 1 to 40 letters, digits and dashes.");
  if ((percentOff === null) === (amountOff === null))
    return wrong("percentOff", "Name either percentOff or amountOff.");
  if (percentOff !== null && !isPercent(percentOff))
    return wrong("percentOff", "A percentage is more than 0, at most 100, with at most two decimals.");
  if (amountOff !== null && !isCount(amountOff))
    return wrong("amountOff", "An amount is a whole number of minor units, and at least 1.");
  if ((amountOff === null) !== (currency === null) || !/^([a-z]{3})?$/.test(currency ?? ""))
    return wrong("currency", "An amount has a currency, as in usd; a percentage has none.");
  if ((duration === "repeating") !== (durationInMonths !== null))
    return wrong(
      "durationInMonths",
      "Say for how many months where the duration is repeating, and only there.",
    );
  if (durationInMonths !== null && !(isCount(durationInMonths) && durationInMonths <= MOST_MONTHS))
    return wrong("durationInMonths", `1 to ${MOST_MONTHS} months.`);
  if (maxRedemptions !== null && !isCount(maxRedemptions))
    return wrong("maxRedemptions", "A code can be used at least once.");
  if (expiresAt !== null && Date.parse(expiresAt) <= Date.now())
    return wrong("expiresAt", "A code ends at a time to come.");
  return undefined;
}

function wrong(path: string, message: string) {
  return { path, message };
}

function isCount(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 1;
}

function isPercent(number: number): boolean {
  return number > 0 && number <= 100 && Number(number.toFixed(2)) === number;
}

function viewOf({ id, code, active, coupon, ...rest }: StripeCode): PromotionCode {
  return {
    id,
    code,
    active: active && coupon.valid,
    percentOff: coupon.percent_off,
    amountOff: coupon.amount_off,
    currency: coupon.currency,
    duration: DURATIONS.find((known) => known === coupon.duration) ?? "once",
    durationInMonths: coupon.duration_in_months,
    maxRedemptions: rest.max_redemptions ?? coupon.max_redemptions,
    timesRedeemed: rest.times_redeemed,
    expiresAt: timeOf(rest.expires_at ?? coupon.redeem_by),
    createdAt: new Date(rest.created * 1000).toISOString(),
  };
}

function timeOf(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1000).toISOString();
}
