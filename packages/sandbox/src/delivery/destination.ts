import type { Act } from "../act.ts";
import { ApiError } from "../api/errors.ts";
import { longId, webhookSecret } from "../ids.ts";
import type { Store } from "../store.ts";
import type { Kinds } from "../wire.ts";

type Endpoint = Kinds["webhook_endpoint"];
type Payload = "snapshot" | "thin";

/** What an event destination says of itself beyond what a webhook endpoint has. */
interface Kept {
  name: string;
  payload: Payload;
  updated: number;
}

const NOTE = "destination";
export const DESTINATION = "ed_";

/** An event destination is kept as a webhook endpoint, which is sent events as any other. */
export function createDestination(
  act: Act,
  given: {
    description: string;
    enabledEvents: string[];
    metadata: Record<string, string>;
    name: string;
    payload: Payload;
    url: string;
    version: string | null;
  },
): Endpoint {
  const endpoint = act.create<Endpoint>({
    id: longId("ed_test"),
    object: "webhook_endpoint",
    api_version: given.payload === "snapshot" ? given.version : null,
    application: null,
    created: act.now,
    description: given.description,
    enabled_events: given.enabledEvents,
    livemode: false,
    metadata: given.metadata,
    status: "enabled",
    url: given.url,
  });
  act.store.setNote(endpoint.id, "secret", webhookSecret());
  keep(act.store, endpoint.id, { name: given.name, payload: given.payload, updated: act.now });
  return endpoint;
}

export function changeDestination(
  act: Act,
  endpoint: Endpoint,
  { name, ...changes }: Partial<Endpoint> & { name?: string },
): Endpoint {
  const kept = keptOf(act.store, endpoint.id);
  if (kept) keep(act.store, endpoint.id, { ...kept, name: name ?? kept.name, updated: act.now });
  return act.change(endpoint, changes);
}

export function destinationAt({ store }: Pick<Act, "store">, id: string): Endpoint {
  const found = id.startsWith(DESTINATION) ? store.find("webhook_endpoint", id) : undefined;
  if (!found) throw new ApiError(404, `Event destination ${id} not found.`, { code: "not_found" });
  return found;
}

/** Whether an endpoint is told that something happened, or what happened. */
export const isThin = (store: Store, endpoint: string) => keptOf(store, endpoint)?.payload === "thin";

/** As the second API shows it; its URL and its secret only when they are asked for. */
export function shownDestination(store: Store, endpoint: Endpoint, include: readonly string[] = []) {
  const kept = keptOf(store, endpoint.id) ?? { name: "", payload: "snapshot", updated: endpoint.created };
  const secret = store.note(endpoint.id, "secret");
  const asked = (part: string) => include.includes(`webhook_endpoint.${part}`);
  return {
    id: endpoint.id,
    object: "v2.core.event_destination",
    created: moment(endpoint.created),
    description: endpoint.description ?? "",
    enabled_events: endpoint.enabled_events,
    event_payload: kept.payload,
    events_from: ["@self"],
    livemode: false,
    metadata: endpoint.metadata,
    name: kept.name,
    snapshot_api_version: endpoint.api_version,
    status: endpoint.status,
    status_details: endpoint.status === "disabled" ? { disabled: { reason: "user" } } : null,
    type: "webhook_endpoint",
    updated: moment(kept.updated),
    webhook_endpoint: {
      ...(asked("signing_secret") && { signing_secret: secret }),
      ...(asked("url") && { url: endpoint.url }),
    },
  };
}

const moment = (seconds: number) => new Date(seconds * 1000).toISOString();

const keep = (store: Store, id: string, kept: Kept) => store.setNote(id, NOTE, JSON.stringify(kept));

function keptOf(store: Store, id: string): Kept | undefined {
  const note = id.startsWith(DESTINATION) ? store.note(id, NOTE) : undefined;
  return note === undefined ? undefined : JSON.parse(note);
}
