import { z } from "zod";
import {
  changeDestination,
  createDestination,
  DESTINATION,
  destinationAt,
  shownDestination,
} from "../delivery/destination.ts";
import { cancelAll } from "../events/deliveries.ts";
import { emitPing } from "../events/ping.ts";
import { thinOf } from "../events/thin.ts";
import { checkVersion } from "../versions/known.ts";
import { pageOf, paging, route, texts } from "./route.ts";

const PATH = "/v2/core/event_destinations";

const include = texts(z.enum(["webhook_endpoint.signing_secret", "webhook_endpoint.url"]));
const metadata = z.record(z.string(), z.string()).optional();

const creating = z.strictObject({
  description: z.string().optional(),
  enabled_events: z.array(z.string()).min(1),
  event_payload: z.enum(["snapshot", "thin"]),
  events_from: z.array(z.enum(["@self", "self"])).optional(),
  include,
  metadata,
  name: z.string(),
  snapshot_api_version: z.string().optional(),
  type: z.enum(["webhook_endpoint"]),
  webhook_endpoint: z.strictObject({ url: z.url() }),
});

const updating = z.strictObject({
  description: z.string().optional(),
  enabled_events: z.array(z.string()).min(1).optional(),
  include,
  metadata,
  name: z.string().optional(),
  webhook_endpoint: z.strictObject({ url: z.url() }).optional(),
});

const nothing = z.strictObject({ include });

/** Destinations rest and wake. */
const switches = (
  [
    ["disable", "disabled"],
    ["enable", "enabled"],
  ] as const
).map(([step, status]) =>
  route("POST", `${PATH}/:id/${step}`, nothing, (act, _, { id }) =>
    shownDestination(act.store, changeDestination(act, destinationAt(act, id), { status })),
  ),
);

/** Where events are sent to. */
export const destinations = [
  route("POST", PATH, creating, (act, given) => {
    if (given.snapshot_api_version) checkVersion(given.snapshot_api_version, "snapshot_api_version");
    const made = createDestination(act, {
      description: given.description ?? "",
      enabledEvents: given.enabled_events,
      metadata: given.metadata ?? {},
      name: given.name,
      payload: given.event_payload,
      url: given.webhook_endpoint.url,
      version: given.snapshot_api_version ?? null,
    });
    return shownDestination(act.store, made, given.include);
  }),
  route("GET", PATH, z.strictObject({ ...paging, include }), (act, given, asked) => {
    const own = [{ field: "id", is: "like", value: `${DESTINATION}%` }] as const;
    return pageOf(act, "webhook_endpoint", own, given, asked, (one) =>
      shownDestination(act.store, one, given.include),
    );
  }),
  route("GET", `${PATH}/:id`, nothing, (act, given, { id }) =>
    shownDestination(act.store, destinationAt(act, id), given.include),
  ),
  route("POST", `${PATH}/:id`, updating, (act, given, { id }) => {
    const { include: parts, webhook_endpoint: hook, ...others } = given;
    const changes = { ...others, ...(hook && { url: hook.url }) };
    const defined = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    return shownDestination(act.store, changeDestination(act, destinationAt(act, id), defined), parts);
  }),
  ...switches,
  route("POST", `${PATH}/:id/ping`, nothing, (act, _, { id }) => {
    const destination = destinationAt(act, id);
    return thinOf(emitPing(act, shownDestination(act.store, destination)));
  }),
  route("DELETE", `${PATH}/:id`, nothing, (act, _, { id }) => {
    const destination = destinationAt(act, id);
    act.store.delete(destination.id);
    cancelAll(act.store, destination.id);
    return { id: destination.id, object: "v2.core.event_destination", deleted: true };
  }),
];
