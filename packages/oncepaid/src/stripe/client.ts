import Stripe from "stripe";

/** How long one call may take. A buyer is waiting, so it is far below the SDK's 80 s. */
const CALL_TIMEOUT_MS = 20_000;
/** The SDK repeats a call with the same idempotency key, so a repeated call can't act twice. */
const MAX_NETWORK_RETRIES = 2;

/** The API version this code is written for; payloads of another version are read again from Stripe. */
export const API_VERSION = Stripe.API_VERSION;

/** The SDK, connected to one account. */
export type StripeClient = Stripe;

export function connectStripe(secretKey: string, apiBase: URL | undefined): Stripe {
  return new Stripe(secretKey, {
    timeout: CALL_TIMEOUT_MS,
    maxNetworkRetries: MAX_NETWORK_RETRIES,
    telemetry: false,
    ...(apiBase ? hostOf(apiBase) : {}),
  });
}

function hostOf(apiBase: URL) {
  const protocol = apiBase.protocol === "https:" ? ("https" as const) : ("http" as const);
  return { protocol, host: apiBase.hostname, port: apiBase.port || (protocol === "https" ? 443 : 80) };
}
