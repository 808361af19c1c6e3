import type { EventObject, Kinds } from "../wire.ts";

/**
 * What an endpoint is sent, byte for byte. Stripe indents it, so a receiver that verifies its own serialisation of the
 * event instead of what arrived fails here too. `api_version` is the endpoint's, if it was made with one.
 */
export function bodyOf(event: EventObject, endpoint: Kinds["webhook_endpoint"], pending: number): string {
  const api_version = endpoint.api_version ?? event.api_version;
  return JSON.stringify({ ...event, api_version, pending_webhooks: pending }, null, 2);
}
