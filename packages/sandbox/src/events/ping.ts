import { longId } from "../ids.ts";
import { API_VERSION } from "../version.ts";
import { type EventObject, PING } from "../wire.ts";
import type { Change } from "./cause.ts";
import { addDelivery } from "./deliveries.ts";

/** Tells one destination, and nobody else, that it is reached: whatever it listens to. */
export function emitPing(change: Change, destination: { id: string }): EventObject {
  const event: EventObject = {
    id: longId("evt"),
    object: "event",
    api_version: API_VERSION,
    created: change.now,
    data: { object: { ...destination } },
    livemode: false,
    pending_webhooks: 1,
    request: change.cause,
    type: PING,
  };
  change.store.insert(event);
  addDelivery(change.store, { eventId: event.id, endpointId: destination.id, lane: destination.id });
  return event;
}
