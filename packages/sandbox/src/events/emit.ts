import { longId, paymentId, stemOf } from "../ids.ts";
import { API_VERSION } from "../version.ts";
import { type EventObject, type EventType, isJson, type Json, type Told } from "../wire.ts";
import type { Change } from "./cause.ts";
import { addDelivery } from "./deliveries.ts";
import { laneOf } from "./lane.ts";
import { thinType } from "./thin.ts";

const PAYMENT_FAMILY = new Set(["charge", "payment_intent", "refund"]);

/**
 * Records that something happened, with a copy of the object as it is now, and one pending delivery for each endpoint
 * that listens. `before` gives `previous_attributes`: only the fields that differ.
 */
export function emit(change: Change, type: EventType, object: Told, before?: Told): void {
  const listeners = change.store
    .list("webhook_endpoint", [{ field: "status", is: "=", value: "enabled" }], { limit: 100 })
    .data.filter((endpoint) => listensTo(endpoint.enabled_events, type))
    .reverse();
  const family = "id" in object && PAYMENT_FAMILY.has(object.object) ? object.id : null;
  const event: EventObject = {
    id: family ? paymentId("evt", stemOf(family)) : longId("evt"),
    object: "event",
    api_version: API_VERSION,
    created: change.now,
    data: dataOf(object, before),
    livemode: false,
    pending_webhooks: listeners.length,
    request: change.cause,
    type,
  };
  change.store.insert(event);
  for (const endpoint of listeners) {
    addDelivery(change.store, { eventId: event.id, endpointId: endpoint.id, lane: laneOf(change, object) });
  }
}

/** It is written down at once, as text: that is the copy of the object as it is now. */
function dataOf(object: Told, before: Told | undefined): EventObject["data"] {
  if (before === undefined) return { object: { ...object } };
  const snapshot = copy(object);
  return { object: snapshot, previous_attributes: difference(copy(before), snapshot) };
}

export function listensTo(enabledEvents: readonly string[], type: string): boolean {
  return ["*", type, thinType(type)].some((name) => enabledEvents.includes(name));
}

/** The old values of what changed; inside hashes only the changed keys, of lists always the whole old list. */
export function difference(before: Json, after: Json): Json {
  const changed: Json = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[key], after[key]];
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    changed[key] = isJson(was) && isJson(is) ? difference(was, is) : (was ?? null);
  }
  return changed;
}

/** An object as it was before, by what `difference` told of it. */
export function undone(after: Json, changed: Json): Json {
  const before: Json = { ...after };
  for (const [key, was] of Object.entries(changed)) {
    const is = after[key];
    before[key] = isJson(was) && isJson(is) ? undone(is, was) : was;
  }
  return structuredClone(before);
}

function copy(object: Told): Json {
  return JSON.parse(JSON.stringify(object));
}
