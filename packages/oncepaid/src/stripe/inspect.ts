import Stripe from "stripe";
import type { StripeClient } from "#/stripe/client.ts";
import { API_VERSION } from "#/stripe/client.ts";

/** How a Stripe account is set up, as far as this app depends on it. Reads only, but for what says otherwise. */

export type Reached =
  /** `clockAhead`: how many seconds Stripe's clock is ahead of this machine's. */
  { ok: true; clockAhead: number } | { ok: false; kind: "key_refused" | "unreachable"; reason: string };

/** One call that any key may make, if it is a key at all. */
export async function reachStripe(stripe: StripeClient): Promise<Reached> {
  const sent = Date.now();
  try {
    const { lastResponse } = await stripe.prices.list({ limit: 1 });
    return { ok: true, clockAhead: aheadOf(sent, lastResponse.headers.date) };
  } catch (error) {
    if (error instanceof Stripe.errors.StripePermissionError) {
      return { ok: true, clockAhead: aheadOf(sent, error.headers?.date) };
    }
    const kind = error instanceof Stripe.errors.StripeAuthenticationError ? "key_refused" : "unreachable";
    return { ok: false, kind, reason: reasonOf(error) };
  }
}

/** The clock in the middle of the call, because the answer was on its way for a while too. */
function aheadOf(sent: number, date: string | undefined): number {
  const theirs = Date.parse(date ?? "");
  return Number.isNaN(theirs) ? 0 : Math.round((theirs - (sent + Date.now()) / 2) / 1000);
}

/**
 * What this app asks of a restricted key, as Stripe's dashboard calls it, each with a call that changes nothing: reads one
 * object, or asks for something no permission could make valid.
 */
const PERMISSIONS: Record<string, (stripe: StripeClient) => Promise<unknown>> = {
  "Checkout Sessions: Write": (stripe) => stripe.checkout.sessions.create({ mode: "payment" }),
  "Refunds: Write": (stripe) => stripe.refunds.create({}),
  "Prices: Read": (stripe) => stripe.prices.list({ limit: 1 }),
  "Events: Read": (stripe) => stripe.events.list({ limit: 1 }),
  "Charges: Read": (stripe) => stripe.charges.list({ limit: 1 }),
  "Disputes: Read": (stripe) => stripe.disputes.list({ limit: 1 }),
  "Subscriptions: Write": (stripe) => stripe.subscriptions.create({}),
  "Invoices: Read": (stripe) => stripe.invoices.list({ limit: 1 }),
  "Webhook Endpoints: Read": (stripe) => stripe.webhookEndpoints.list({ limit: 1 }),
  "Customer portal: Write": (stripe) => stripe.billingPortal.sessions.create({ customer: "cus_none" }),
  // Of the card a trial was begun with.
  "Customers: Read": (stripe) => stripe.customers.list({ limit: 1 }),
  "Payment Methods: Read": (stripe) => stripe.paymentMethods.list({ limit: 1 }),
  // Of the prices the doctor looks at.
  "Products: Read": (stripe) => stripe.products.list({ limit: 1 }),
};

/** The permissions the key lacks. */
export async function missingPermissions(stripe: StripeClient): Promise<string[]> {
  const missing = await Promise.all(
    Object.entries(PERMISSIONS).map(async ([name, ask]) => {
      try {
        await ask(stripe);
      } catch (error) {
        if (error instanceof Stripe.errors.StripePermissionError) return [name];
      }
      return [];
    }),
  );
  return missing.flat();
}

/** A price as it is set up; `undefined` when the account has none with this id. */
export type PriceSetup = {
  active: boolean;
  productActive: boolean;
  livemode: boolean;
  currency: string;
  recurring: boolean;
  fixedAmount: boolean;
};

export async function inspectPrice(stripe: StripeClient, id: string): Promise<PriceSetup | undefined> {
  try {
    const price = await stripe.prices.retrieve(id, { expand: ["product"] });
    const { product } = price;
    return {
      active: price.active,
      productActive: typeof product === "string" || ("active" in product && product.active),
      livemode: price.livemode,
      currency: price.currency,
      recurring: price.recurring !== null,
      fixedAmount: price.unit_amount !== null,
    };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return undefined;
    throw error;
  }
}

export type Endpoint = {
  id: string;
  url: string;
  enabled: boolean;
  events: string[];
  /** Null: the account's own version, which differs as soon as Stripe's does. */
  apiVersion: string | null;
};

/** Every webhook endpoint of the account; Stripe allows sixteen. */
export async function listEndpoints(stripe: StripeClient): Promise<Endpoint[]> {
  const { data } = await stripe.webhookEndpoints.list({ limit: 100 });
  return data.map(({ id, url, status, enabled_events, api_version }) => ({
    id,
    url,
    enabled: status === "enabled",
    events: enabled_events,
    apiVersion: api_version,
  }));
}

export type EventName = Stripe.WebhookEndpointCreateParams.EnabledEvent;

/** Makes an endpoint in the version of this SDK. Its secret is told this once. */
export async function createEndpoint(
  stripe: StripeClient,
  url: string,
  events: EventName[],
): Promise<{ id: string; secret: string }> {
  const { id, secret } = await stripe.webhookEndpoints.create({
    url,
    enabled_events: events,
    api_version: API_VERSION,
  });
  return { id, secret: secret ?? "" };
}

/** Changes what an endpoint is told, or whether it is told anything. */
export async function updateEndpoint(
  stripe: StripeClient,
  id: string,
  change: { events?: EventName[]; enabled?: boolean },
): Promise<void> {
  await stripe.webhookEndpoints.update(id, {
    ...(change.events && { enabled_events: change.events }),
    ...(change.enabled !== undefined && { disabled: !change.enabled }),
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
