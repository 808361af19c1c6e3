import type { Act } from "../act.ts";
import { noSuch } from "../api/errors.ts";
import { deliveriesOf, markUndelivered } from "../events/deliveries.ts";
import type { EventObject } from "../wire.ts";

/** Asks for another try by hand, to one endpoint or to all that were told of the event. */
export function resend(act: Act, event: EventObject, endpointId?: string): void {
  if (endpointId) {
    if (!act.store.find("webhook_endpoint", endpointId)) {
      throw noSuch("webhook endpoint", endpointId, "webhook_endpoint");
    }
    // An endpoint that was made after the event has not been told of it yet.
    act.store.run(
      "INSERT INTO delivery (event_id, endpoint_id, state) VALUES (?, ?, 'failed') ON CONFLICT DO NOTHING",
      event.id,
      endpointId,
    );
    const told = deliveriesOf(act.store, event.id).find(({ endpoint_id: id }) => id === endpointId);
    if (told?.state === "failed") markUndelivered(act.store, event.id);
  }
  for (const delivery of deliveriesOf(act.store, event.id)) {
    if (!endpointId || delivery.endpoint_id === endpointId) {
      act.schedule(act.now, "delivery.resend", String(delivery.id));
    }
  }
}
