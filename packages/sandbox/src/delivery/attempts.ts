import { type Delivery, type Try, triesOf } from "../events/deliveries.ts";
import type { Store } from "../store.ts";
import { bodyOf } from "./body.ts";
import { headersOf } from "./post.ts";

export interface Attempt
  extends Omit<Try, "body" | "pending" | "response_body" | "response_headers" | "signature"> {
  /** As it was sent; null when it never left because a fault lost it. */
  request: { url: string; headers: Record<string, string | number>; body: string } | null;
  response: { headers: Record<string, string>; body: string } | null;
}

/** Every try of a delivery with its request, put together again, and its answer. */
export function attemptsOf(store: Store, delivery: Delivery): Attempt[] {
  const event = store.find("event", delivery.event_id);
  const endpoint =
    store.find("webhook_endpoint", delivery.endpoint_id) ??
    store.findDeleted("webhook_endpoint", delivery.endpoint_id);
  return triesOf(store, delivery.id).map((made) => {
    const { body: altered, pending, response_body, response_headers, signature, ...rest } = made;
    const lost = made.fault === "drop" || made.fault === "down";
    const body = event && endpoint && (altered ?? bodyOf(store, event, endpoint, pending ?? 0));
    return {
      ...rest,
      request:
        body && signature && !lost ? { url: endpoint.url, headers: headersOf(body, signature), body } : null,
      response:
        response_headers === null
          ? null
          : { headers: JSON.parse(response_headers), body: response_body ?? "" },
    };
  });
}
