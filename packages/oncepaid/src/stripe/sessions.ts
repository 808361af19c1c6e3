import Stripe from "stripe";
import type { StripeClient } from "#/stripe/client.ts";
import { hasCode, isMissing, isUsedUp, reasonOf } from "#/stripe/errors.ts";

export type SessionParameters = Stripe.Checkout.SessionCreateParams;

/** What we keep of a Checkout Session. Amounts are minor units, times unix seconds. */
export type OpenedSession = {
  id: string;
  /** Stripe's own page; null where it is embedded in ours, with the client secret. */
  url: string | null;
  clientSecret: string | null;
  expiresAt: number;
  amountTotal: number | null;
  currency: string | null;
  /** Unit amounts by price id. */
  unitAmounts: Record<string, number>;
};

export type CreateResult =
  | { ok: true; session: OpenedSession }
  /**
   * `unavailable`: repeat with the same key. `refused`: the same call will never succeed, its key is used up. `no_customer`: as
   * little, because the customer was deleted; `no_price`: because a price, or its product, was archived or is not there; `no_discount`:
   * because the discount isn't there, is over, or is for something else.
   */
  | { ok: false; kind: "unavailable" | "refused" | "no_customer" | "no_discount"; reason: string }
  | { ok: false; kind: "no_price"; price: string | undefined; reason: string };

/**
 * Creates the session of one checkout attempt. With the same key and parameters Stripe answers with the same
 * session for 24 hours, however often and from wherever it is called.
 * Source: docs.stripe.com/api/idempotent_requests.
 */
export async function createSession(
  stripe: StripeClient,
  parameters: SessionParameters,
  idempotencyKey: string,
): Promise<CreateResult> {
  try {
    const session = await stripe.checkout.sessions.create(parameters, { idempotencyKey });
    const embedded = parameters.ui_mode === "embedded_page";
    if (embedded ? session.status !== "open" || !session.client_secret : !session.url)
      return { ok: false, kind: "refused", reason: `Session ${session.id} can't be paid any more.` };
    return { ok: true, session: opened(session, await linesOf(stripe, session)) };
  } catch (error) {
    if (isMissing(error, "customer")) return { ok: false, kind: "no_customer", reason: reasonOf(error) };
    if (isAboutDiscount(error)) return { ok: false, kind: "no_discount", reason: reasonOf(error) };
    const line = lineOf(error);
    if (line !== undefined) {
      const price = parameters.line_items?.[line]?.price;
      return { ok: false, kind: "no_price", price, reason: reasonOf(error) };
    }
    return { ok: false, kind: isUsedUp(error) ? "refused" : "unavailable", reason: reasonOf(error) };
  }
}

function isAboutDiscount(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError && error.param?.startsWith("discounts") === true
  );
}

/** Which line the refusal is about, where it is about a price: Stripe names the parameter. */
function lineOf(error: unknown): number | undefined {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) return undefined;
  const [, line] = /^line_items\[(\d+)\]\[price\]$/.exec(error.param ?? "") ?? [];
  return line === undefined ? undefined : Number(line);
}

export type ExpireResult =
  | { ok: true }
  /** `complete`: the buyer finished it, so it is not ours to end. `missing`: the key's account has no such session. */
  | { ok: false; kind: "complete" | "missing" | "unavailable"; reason: string };

/** Makes sure a session can't be paid any more. One that has expired already is as good. */
export async function expireSession(stripe: StripeClient, sessionId: string): Promise<ExpireResult> {
  try {
    await stripe.checkout.sessions.expire(sessionId);
    return { ok: true };
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) {
      return { ok: false, kind: "unavailable", reason: reasonOf(error) };
    }
  }
  // Stripe refuses to expire what isn't open, and says why only in prose: ask for the state itself.
  const found = await retrieveSession(stripe, sessionId);
  if (!found.ok) return { ok: false, kind: found.missing ? "missing" : "unavailable", reason: found.reason };
  if (found.session.status === "expired") return { ok: true };
  return { ok: false, kind: "complete", reason: `Session ${sessionId} is ${found.session.status}.` };
}

/** `missing`: Stripe has no such session, however often it is asked. */
export type RetrieveResult =
  | { ok: true; session: Stripe.Checkout.Session }
  | { ok: false; missing: boolean; reason: string };

export async function retrieveSession(stripe: StripeClient, sessionId: string): Promise<RetrieveResult> {
  try {
    return { ok: true, session: await stripe.checkout.sessions.retrieve(sessionId) };
  } catch (error) {
    return { ok: false, missing: hasCode(error, "resource_missing"), reason: reasonOf(error) };
  }
}

/** Every line of a session: as many as one call gives, far more than a cart may hold. */
export async function listLineItems(
  stripe: StripeClient,
  sessionId: string,
  expand: string[] = [],
): Promise<Stripe.LineItem[]> {
  return (await stripe.checkout.sessions.listLineItems(sessionId, { limit: 100, expand })).data;
}

/** A new session shows ten of its lines, and a cart may have more. */
async function linesOf(
  stripe: StripeClient,
  { id, line_items: shown }: Stripe.Checkout.Session,
): Promise<Stripe.LineItem[]> {
  return shown?.has_more ? listLineItems(stripe, id, ["data.price.currency_options"]) : (shown?.data ?? []);
}

function opened(session: Stripe.Checkout.Session, lines: Stripe.LineItem[]): OpenedSession {
  return {
    id: session.id,
    url: session.url,
    clientSecret: session.client_secret,
    expiresAt: session.expires_at,
    amountTotal: session.amount_total,
    currency: session.currency,
    unitAmounts: Object.fromEntries(
      lines.flatMap(({ price }) => {
        const amount = price ? unitAmount(price, session.currency) : null;
        return price === null || amount === null ? [] : [[price.id, amount]];
      }),
    ),
  };
}

/** A line's price is the price as it was made; what it costs in another currency is among its options. */
function unitAmount(price: Stripe.Price, currency: string | null): number | null {
  const option = price.currency === currency ? undefined : price.currency_options?.[currency ?? ""];
  return option ? option.unit_amount : price.unit_amount;
}
