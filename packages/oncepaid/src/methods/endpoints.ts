import type { By } from "#/caller.ts";
import type { Engine } from "#/engine.ts";
import { asked } from "#/http/asked.ts";
import { endpointChange, newEndpoint, newSecret } from "#/http/webhook-endpoints.ts";
import { listDeliveries, resendDelivery, showDelivery } from "#/notify/deliveries.ts";
import {
  changeEndpoint,
  createEndpoint,
  type EndpointChange,
  listEndpoints,
  type NewEndpoint,
  removeEndpoint,
  rotateSecret,
} from "#/notify/endpoints.ts";

/** Other servers that are told what happens, beside the one of the option `outbound`. */
export function endpointMethods(engine: Engine) {
  return {
    /** Where outbound webhooks go, and what became of each. */
    endpoints: {
      /**
       * In the order they were made, with which of them fail or rest; that of the settings first.
       *
       * @example
       * for (const { url, failingSince } of await oncepaid.endpoints.list()) show(url, failingSince);
       */
      list: () => listEndpoints(engine),
      /**
       * Adds one, for some types or for all. `secret` is shown this once.
       *
       * @example
       * const url = "https://crm.example.com/oncepaid";
       * const made = await oncepaid.endpoints.create({ url, events: ["order.fulfilled"], by: staff.email });
       * if (made.ok) showOnce(made.secret);
       */
      create: (endpoint: NewEndpoint) =>
        asked(newEndpoint, endpoint, (body, { by }) => createEndpoint(engine, { ...body, by })),
      /**
       * Changes its address, types or description; `enabled: false` sends nothing there until it is true again.
       *
       * @example
       * await oncepaid.endpoints.change(endpointId, { enabled: true, by: staff.email });
       */
      change: (id: string, change: EndpointChange = {}) =>
        asked(endpointChange, change, (body, { by }) => changeEndpoint(engine, id, { ...body, by })),
      /**
       * Removes one, with everything that was kept of it.
       *
       * @example
       * await oncepaid.endpoints.remove(endpointId, { by: staff.email });
       */
      remove: (id: string, asked: By = {}) => removeEndpoint(engine, id, asked),
      /**
       * Makes a new secret, shown this once. The one before it signs too for `overlapHours` (24); 0 ends it at once.
       *
       * @example
       * const rotated = await oncepaid.endpoints.rotate(endpointId, { by: staff.email });
       * if (rotated.ok) showOnce(rotated.secret);
       */
      rotate: (id: string, request: By & { overlapHours?: number | undefined } = {}) =>
        asked(newSecret, request, (body, { by }) => rotateSecret(engine, id, { ...body, by })),
      /**
       * What one was told, the newest first; `next` is `after` of the following page.
       *
       * @example
       * const { deliveries, next } = await oncepaid.endpoints.deliveries(endpointId, { limit: 20 });
       */
      deliveries: (id: string, page: { after?: string | undefined; limit?: number | undefined } = {}) =>
        listDeliveries(engine, id, page),
      /**
       * One of those with each try: what was sent, what was answered.
       *
       * @example
       * const shown = await oncepaid.endpoints.delivery(deliveryId);
       * if (shown.ok) show(shown.attempts[0]?.status, shown.attempts[0]?.answer);
       */
      delivery: (deliveryId: string) => showDelivery(engine, deliveryId),
      /**
       * Sends it once more, whatever became of it, under the same `webhook-id`.
       *
       * @example
       * await oncepaid.endpoints.resend(deliveryId, { by: staff.email });
       */
      resend: (deliveryId: string, asked: By = {}) => resendDelivery(engine, deliveryId, asked),
    },
  };
}
