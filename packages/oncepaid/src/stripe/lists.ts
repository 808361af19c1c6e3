import { setTimeout as pause } from "node:timers/promises";
import Stripe from "stripe";
import type { StripeClient } from "#/stripe/client.ts";
import {
  isOptional,
  type ListAnswer,
  type ListCall,
  type Listed,
  OBJECTS,
  type ObjectType,
} from "#/stripe/objects.ts";

/**
 * Stripe's lists, page by page, newest first: as many objects per call as Stripe gives, never faster than it allows, and where
 * it says that was too fast, again after a while.
 */

/** The most Stripe gives in one page. */
export const PAGE_SIZE = 100;
/** Between two calls: 20 a second, where Stripe allows 25 in test mode and 100 in live mode. */
const PACE_MS = 50;
/** Before each new try of a call that was refused as too fast. */
const RETRY_DELAYS_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000];

export type ListParams = Pick<ListCall, "created" | "types" | "expand">;
/** `next` is where the next page begins, undefined on the last one; `asOf` is Stripe's clock, in unix seconds. */
export type Page = { objects: Listed[]; next: string | undefined; asOf: number };

/** One page of a list, after the object `after` if that is given. Throws Stripe's error when it can't be had. */
export async function listPage(
  stripe: StripeClient,
  type: ObjectType,
  params: ListParams,
  after?: string,
): Promise<Page> {
  const call = { ...params, limit: PAGE_SIZE, ...(after !== undefined && { starting_after: after }) };
  const answer = await answerOf(stripe, type, call);
  if (answer === "not to be had")
    return { objects: [], next: undefined, asOf: Math.floor(Date.now() / 1000) };
  const asOf = Date.parse(answer.lastResponse.headers.date ?? "");
  return {
    objects: answer.data,
    next: answer.has_more ? answer.data.at(-1)?.id : undefined,
    asOf: Math.floor((Number.isNaN(asOf) ? Date.now() : asOf) / 1000),
  };
}

async function answerOf(stripe: StripeClient, type: ObjectType, call: ListCall) {
  try {
    return await patiently(stripe, () => OBJECTS[type].list(stripe, call));
  } catch (error) {
    if (isOptional(type) && isRefused(error)) return "not to be had" as const;
    throw error;
  }
}

function isRefused(error: unknown): boolean {
  const { StripePermissionError, StripeInvalidRequestError } = Stripe.errors;
  if (error instanceof StripePermissionError) return true;
  return error instanceof StripeInvalidRequestError && error.statusCode === 404;
}

/**
 * The object after which a page was to begin is not in the list any more: events are kept for 30 days, and another account has
 * none of them.
 */
export function isStartGone(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    error.code === "resource_missing" &&
    error.param === "starting_after"
  );
}

async function patiently(stripe: StripeClient, call: () => Promise<ListAnswer>): Promise<ListAnswer> {
  for (const delay of RETRY_DELAYS_MS) {
    await myTurn(stripe);
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeRateLimitError)) throw error;
    }
    await pause(delay);
  }
  return call();
}

/** When the next call may be made, by account: each has a limit of its own. */
const nextTurns = new WeakMap<StripeClient, number>();

async function myTurn(stripe: StripeClient): Promise<void> {
  const now = Date.now();
  const turn = Math.max(now, nextTurns.get(stripe) ?? 0);
  nextTurns.set(stripe, turn + PACE_MS);
  if (turn > now) await pause(turn - now);
}
