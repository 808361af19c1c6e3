import { difference, undone } from "../events/emit.ts";
import { thinOf } from "../events/thin.ts";
import type { Store } from "../store.ts";
import { type Dress, dressFor } from "../versions/chain.ts";
import { type EventObject, type Kinds, PING } from "../wire.ts";
import { isThin } from "./destination.ts";

type Endpoint = Kinds["webhook_endpoint"];

/**
 * What an endpoint is sent, byte for byte. Stripe indents it, so a receiver that verifies its own serialisation of the
 * event instead of what arrived fails here too. The version is the endpoint's, if it was made with one.
 */
export function bodyOf(store: Store, event: EventObject, endpoint: Endpoint, pending: number): string {
  if (event.type === PING || isThin(store, endpoint.id)) return JSON.stringify(thinOf(event), null, 2);
  const api_version = endpoint.api_version ?? event.api_version;
  const data = dressed(event.data, dressOf(store, endpoint));
  return JSON.stringify({ ...event, api_version, data, pending_webhooks: pending }, null, 2);
}

/** What there is now and what was before, both as they looked then: their difference is told. */
function dressed({ object, previous_attributes }: EventObject["data"], dress: Dress | undefined) {
  if (!dress) return { object, ...(previous_attributes && { previous_attributes }) };
  const now = structuredClone(object);
  dress(now);
  if (!previous_attributes) return { object: now };
  const before = undone(object, previous_attributes);
  dress(before);
  return { object: now, previous_attributes: difference(before, now) };
}

/** Whether an endpoint's events look otherwise than they are stored: older shapes also tell what came after. */
export const looksOlder = (store: Store, endpoint: Endpoint) => dressOf(store, endpoint) !== undefined;

const dressOf = (store: Store, { api_version: version }: Endpoint) =>
  version === null ? undefined : dressFor(version, store);
