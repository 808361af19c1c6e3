import Stripe from "stripe";
import type { Meters } from "#/meters.ts";

/** How long one call may take. A buyer is waiting, so it is far below the SDK's 80 s. */
const CALL_TIMEOUT_MS = 20_000;
/** The SDK repeats a call with the same idempotency key, so a repeated call can't act twice. */
const MAX_NETWORK_RETRIES = 2;

/** The API version this code is written for; payloads of another version are read again from Stripe. */
export const API_VERSION = Stripe.API_VERSION;

/** The SDK, connected to one account. */
export type StripeClient = Stripe;

type Account = { secretKey: string; apiBase: URL | undefined };

export function connectStripe({ secretKey, apiBase }: Account, meters: StripeMeters): Stripe {
  const stripe = new Stripe(secretKey, {
    timeout: CALL_TIMEOUT_MS,
    maxNetworkRetries: MAX_NETWORK_RETRIES,
    telemetry: false,
    httpClient: countingUnanswered(meters),
    ...(apiBase ? hostOf(apiBase) : {}),
  });
  stripe.on("response", ({ method = "", path = "", status = 0, elapsed }: Stripe.ResponseEvent) => {
    const call = { method, resource: resourceOf(path) };
    meters.stripeRequests.inc({ ...call, status });
    meters.stripeSeconds.observe(call, elapsed / 1000);
  });
  return stripe;
}

type StripeMeters = Pick<Meters, "stripeRequests" | "stripeSeconds">;

/** A call that was not answered, in time or at all, is no response to the SDK; here its status is `none`. */
function countingUnanswered({ stripeRequests }: StripeMeters): Stripe.HttpClient {
  const client = Stripe.createNodeHttpClient();
  return {
    getClientName: () => client.getClientName(),
    makeRequest: (...call) => {
      const [, , path, method] = call;
      return client.makeRequest(...call).catch((error: unknown) => {
        stripeRequests.inc({ method, resource: resourceOf(path), status: "none" });
        throw error;
      });
    },
  };
}

/** `/v1/checkout/sessions/cs_…` is `checkout`: an id would make a new line of figures for each object. */
function resourceOf(path: string): string {
  return path.split(/[/?]/, 3)[2] ?? "";
}

function hostOf(apiBase: URL) {
  const protocol = apiBase.protocol === "https:" ? ("https" as const) : ("http" as const);
  return { protocol, host: apiBase.hostname, port: apiBase.port || (protocol === "https" ? 443 : 80) };
}
