import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, noSuch } from "../api/errors.ts";
import { equals, listOf, within } from "../api/lists.ts";
import { boolean, hash, ignored, list, paging, range, text } from "../api/params.ts";
import { retrieveRoute } from "../api/read-routes.ts";
import { resend } from "../delivery/resend.ts";
import { withPending } from "../events/deliveries.ts";
import type { Filter } from "../listing.ts";
import { type EventObject, PING } from "../wire.ts";

const RETENTION = 30 * 86_400;

function eventAt(act: Act, id = ""): EventObject {
  const event = act.store.find("event", id);
  if (!event || event.type === PING || event.created < act.now - RETENTION)
    throw noSuch("event", id, "id", 404);
  return event;
}

function ofType(act: Act, type: string | undefined, types: readonly string[] | undefined): Filter[] {
  if (type && types) {
    throw invalid("You may only specify one of these parameters: type, types.", "types");
  }
  if (types) return [{ field: "type", is: "in", value: types }];
  if (!type?.endsWith("*")) return equals("type", type);
  const family = type.slice(0, -1);
  const known = act.store.valuesOf("event", "type").filter((one) => one.startsWith(family));
  return [{ field: "type", is: "in", value: known }];
}

export const events = [
  endpoint({
    method: "GET",
    path: "/v1/events",
    params: hash({
      ...paging,
      created: range().optional(),
      delivery_success: boolean().optional(),
      type: text().optional(),
      types: list(text(), { max: 20 }).optional(),
    }),
    run(act, params) {
      const page = listOf(act, "event", "/v1/events", params, [
        ...ofType(act, params.type, params.types),
        { field: "created", is: ">=", value: act.now - RETENTION },
        { field: "type", is: "!=", value: PING },
        ...equals("delivered", params.delivery_success),
        ...within(params.created),
      ]);
      return { ...page, data: page.data.map((event) => withPending(act.store, event)) };
    },
  }),
  retrieveRoute("/v1/events/:id", (act, id) => withPending(act.store, eventAt(act, id))),
  endpoint({
    // What `stripe events resend` calls. The retries that are still planned stay planned.
    method: "POST",
    path: "/v1/events/:id/retry",
    params: hash({
      webhook_endpoint: text().optional(),
      for_stripecli: boolean().optional(),
      account: ignored("one_account"),
    }),
    run(act, params, { id }) {
      const event = eventAt(act, id);
      if (params.for_stripecli) act.schedule(act.now, "stripecli.resend", event.id);
      resend(act, event, params.webhook_endpoint);
      return withPending(act.store, event);
    },
  }),
];
