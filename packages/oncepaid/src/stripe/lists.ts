import { setTimeout as pause } from "node:timers/promises";
import Stripe from "stripe";
import type { StripeClient } from "#/stripe/client.ts";

/**
 * Stripe's lists, page by page, newest first: as many objects per call as Stripe gives, never faster than it allows,
 * and with patience when it says that was too fast.
 */

/** The most Stripe gives in one page. */
export const PAGE_SIZE = 100;
/** Milliseconds between two calls: 20 a second, where Stripe allows 25 in test mode and 100 in live mode. */
const PACE = 50;
/** Milliseconds before each new try of a call that was refused as too fast. */
const PATIENCE = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000];

export type ListName = keyof typeof LISTS;
export type ListParams = {
  created?: { gte: number };
  types?: string[];
  expand?: string[];
};
/** Of an object in a list only its id is sure; what else it says is for its reader. */
export type Listed = { id: string };
/** `next` is where the next page begins, undefined on the last one; `asOf` is Stripe's clock, in unix seconds. */
export type Page = { objects: Listed[]; next: string | undefined; asOf: number };

type Call = ListParams & { limit: number; starting_after?: string };
type Answer = Stripe.Response<Stripe.ApiList<Listed>>;

const LISTS = {
  events: (stripe: StripeClient, call: Call): Promise<Answer> => stripe.events.list(call),
  sessions: (stripe: StripeClient, call: Call): Promise<Answer> => stripe.checkout.sessions.list(call),
  // Left to itself, Stripe leaves out those that have ended.
  subscriptions: (stripe: StripeClient, call: Call): Promise<Answer> =>
    stripe.subscriptions.list({ ...call, status: "all" }),
  invoices: (stripe: StripeClient, call: Call): Promise<Answer> => stripe.invoices.list(call),
  invoice_payments: (stripe: StripeClient, call: Call): Promise<Answer> => stripe.invoicePayments.list(call),
  refunds: (stripe: StripeClient, call: Call): Promise<Answer> => stripe.refunds.list(call),
  disputes: (stripe: StripeClient, call: Call): Promise<Answer> => stripe.disputes.list(call),
};

/** One page of a list, after the object `after` if that is given. Throws Stripe's error when it can't be had. */
export async function listPage(
  stripe: StripeClient,
  list: ListName,
  params: ListParams,
  after?: string,
): Promise<Page> {
  const call = { ...params, limit: PAGE_SIZE, ...(after !== undefined && { starting_after: after }) };
  const answer = await patiently(() => LISTS[list](stripe, call));
  const asOf = Date.parse(answer.lastResponse.headers.date ?? "");
  return {
    objects: answer.data,
    next: answer.has_more ? answer.data.at(-1)?.id : undefined,
    asOf: Math.floor((Number.isNaN(asOf) ? Date.now() : asOf) / 1000),
  };
}

/** The object after which a page was to begin is gone: events are kept for 30 days, and another account has none of them. */
export function isPlaceGone(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    error.code === "resource_missing" &&
    error.param === "starting_after"
  );
}

async function patiently(call: () => Promise<Answer>): Promise<Answer> {
  for (const wait of PATIENCE) {
    await myTurn();
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeRateLimitError)) throw error;
    }
    await pause(wait);
  }
  return call();
}

let nextTurn = 0;

async function myTurn(): Promise<void> {
  const now = Date.now();
  const turn = Math.max(now, nextTurn);
  nextTurn = turn + PACE;
  if (turn > now) await pause(turn - now);
}
