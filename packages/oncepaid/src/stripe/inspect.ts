import Stripe from "stripe";
import { messageOf } from "#/failure.ts";
import { API_VERSION, type StripeClient } from "#/stripe/client.ts";
import { OBJECTS, type ObjectType } from "#/stripe/objects.ts";

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
    return { ok: false, kind, reason: messageOf(error) };
  }
}

/** The clock in the middle of the call, because the answer was on its way for a while too. */
function aheadOf(sent: number, date: string | undefined): number {
  const theirs = Date.parse(date ?? "");
  return Number.isNaN(theirs) ? 0 : Math.round((theirs - (sent + Date.now()) / 2) / 1000);
}

/** A call that needs one permission and changes nothing. */
type Probe = (stripe: StripeClient) => Promise<unknown>;

const READS = Object.values(OBJECTS).map(({ permission, list }): [string, Probe] => [
  permission,
  (stripe) => list(stripe, { limit: 1 }),
]);

type WritePermission = Extract<(typeof OBJECTS)[ObjectType]["permission"], `${string}: Write`>;

/** Whether a key may write is only told by a call that writes: each of these lacks what no permission could make up for. */
const WRITES: Record<WritePermission, Probe> = {
  "Checkout Sessions: Write": (stripe) => stripe.checkout.sessions.create({ mode: "payment" }),
  "Refunds: Write": (stripe) => stripe.refunds.create({}),
  "Subscriptions: Write": (stripe) => stripe.subscriptions.create({}),
};

/** What is asked of Stripe beside the objects that events are about. */
const OTHERS: Record<string, Probe> = {
  "Prices: Read": (stripe) => stripe.prices.list({ limit: 1 }),
  "Webhook Endpoints: Read": (stripe) => stripe.webhookEndpoints.list({ limit: 1 }),
  "Customer portal: Write": (stripe) => stripe.billingPortal.sessions.create({ customer: "cus_none" }),
  // The card a trial was begun with.
  "Customers: Read": (stripe) => stripe.customers.list({ limit: 1 }),
  "Payment Methods: Read": (stripe) => stripe.paymentMethods.list({ limit: 1 }),
  // The products of the prices that the doctor looks at.
  "Products: Read": (stripe) => stripe.products.list({ limit: 1 }),
};

/** Every permission a restricted key needs, as Stripe's dashboard calls it, with its probe. */
const PROBES: Record<string, Probe> = { ...Object.fromEntries(READS), ...WRITES, ...OTHERS };

/** The permissions the key lacks. */
export async function missingPermissions(stripe: StripeClient): Promise<string[]> {
  const missing = await Promise.all(
    Object.entries(PROBES).map(async ([name, probe]) => {
      try {
        await probe(stripe);
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
  /** Whether it is told what happened, or only that something did. */
  payload: "snapshot" | "thin";
  url: string;
  enabled: boolean;
  events: string[];
  /** Null: the account's own version, which differs as soon as Stripe's does. */
  apiVersion: string | null;
};

/** Every webhook endpoint of the account; Stripe allows sixteen. */
export async function listEndpoints(stripe: StripeClient): Promise<Endpoint[]> {
  const { data } = await stripe.webhookEndpoints.list({ limit: 100 });
  const destinations = await listDestinations(stripe);
  const shown = new Set(destinations.map(({ id }) => id));
  const endpoints = data.filter(({ id }) => !shown.has(id));
  return [
    ...endpoints.map(({ id, url, status, enabled_events, api_version }) => ({
      id,
      payload: "snapshot" as const,
      url,
      enabled: status === "enabled",
      events: enabled_events,
      apiVersion: api_version,
    })),
    ...destinations,
  ];
}

/** What Stripe's newer API for events delivers to; none where the key or the server doesn't know it. */
async function listDestinations(stripe: StripeClient): Promise<Endpoint[]> {
  try {
    const { data } = await stripe.v2.core.eventDestinations.list({ include: ["webhook_endpoint.url"] });
    return data.flatMap(
      ({ id, status, enabled_events, event_payload, snapshot_api_version, webhook_endpoint }) =>
        webhook_endpoint?.url
          ? [
              {
                id,
                payload: event_payload,
                url: webhook_endpoint.url,
                enabled: status === "enabled",
                events: enabled_events.map((type) => type.replace(/^v1\./, "")),
                apiVersion: snapshot_api_version ?? null,
              },
            ]
          : [],
    );
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return [];
    throw error;
  }
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
