import type { Act } from "../act.ts";
import { cleared, mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid } from "../api/errors.ts";
import { boolean, hash, list, metadata, off, text, url } from "../api/params.ts";
import { listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { cancelAll } from "../events/deliveries.ts";
import { longId, webhookSecret } from "../ids.ts";
import { checkVersion } from "../versions/known.ts";
import type { Kinds } from "../wire.ts";

type Endpoint = Kinds["webhook_endpoint"];

const MOST_ENDPOINTS = 16;
const EVENT_NAME = /^(\*|[a-z_0-9]+(\.[a-z_0-9]+)+)$/;

/** The secret is not part of the stored object: only the answer to the creation shows it. */
export function createEndpoint(
  act: Act,
  given: {
    url: string;
    enabledEvents: string[];
    apiVersion?: string | undefined;
    description?: string | undefined;
    metadata?: Endpoint["metadata"];
    secret?: string | undefined;
  },
): { endpoint: Endpoint; secret: string } {
  const endpoint = act.create<Endpoint>({
    id: longId("we"),
    object: "webhook_endpoint",
    api_version: given.apiVersion ?? null,
    application: null,
    created: act.now,
    description: given.description ?? null,
    enabled_events: given.enabledEvents,
    livemode: false,
    metadata: given.metadata ?? {},
    status: "enabled",
    url: given.url,
  });
  const secret = given.secret ?? webhookSecret();
  act.store.setNote(endpoint.id, "secret", secret);
  return { endpoint, secret };
}

const endpointAt = (act: Act, id?: string) => stored(act, "webhook_endpoint", id, { as: "webhook endpoint" });

function checkEvents(names: readonly string[] | undefined): void {
  for (const [index, name] of (names ?? []).entries()) {
    const param = `enabled_events[${index}]`;
    if (!EVENT_NAME.test(name)) throw invalid(`Invalid ${param}: must be the name of an event or *`, param);
  }
}

export const webhookEndpoints = [
  endpoint({
    method: "POST",
    path: "/v1/webhook_endpoints",
    creates: true,
    params: hash({
      url: url(),
      enabled_events: list(text()),
      api_version: text().optional(),
      connect: off().optional(),
      description: text().optional(),
      metadata: metadata().optional(),
    }),
    run(act, params) {
      checkEvents(params.enabled_events);
      if (params.api_version) checkVersion(params.api_version, "api_version");
      if (act.store.count("webhook_endpoint") >= MOST_ENDPOINTS) {
        throw invalid(`You have reached the maximum of ${MOST_ENDPOINTS} test webhook endpoints.`);
      }
      const { endpoint: made, secret } = createEndpoint(act, {
        url: params.url,
        enabledEvents: params.enabled_events,
        apiVersion: params.api_version,
        description: params.description,
        metadata: mergeMetadata(null, params.metadata),
      });
      return { ...made, secret };
    },
  }),
  listRoute({
    kind: "webhook_endpoint",
    path: "/v1/webhook_endpoints",
    // Event destinations are kept among them, and are listed by the second API.
    of: () => [{ field: "id", is: "like", value: "we_%" }],
  }),
  retrieveRoute("/v1/webhook_endpoints/:id", endpointAt),
  endpoint({
    method: "POST",
    path: "/v1/webhook_endpoints/:id",
    params: hash({
      url: url().optional(),
      enabled_events: list(text()).optional(),
      disabled: boolean().optional(),
      description: text().optional(),
      metadata: metadata().optional(),
    }),
    run(act, params, { id }) {
      const found = endpointAt(act, id);
      checkEvents(params.enabled_events);
      const status = params.disabled === undefined ? found.status : params.disabled ? "disabled" : "enabled";
      return act.change(found, {
        url: params.url ?? found.url,
        enabled_events: params.enabled_events ?? found.enabled_events,
        description: cleared(params.description, found.description),
        metadata: mergeMetadata(found.metadata, params.metadata),
        status,
      });
    },
  }),
  endpoint({
    method: "DELETE",
    path: "/v1/webhook_endpoints/:id",
    params: hash({}),
    run(act, _, { id }) {
      const found = endpointAt(act, id);
      act.store.delete(found.id);
      cancelAll(act.store, found.id);
      return { id: found.id, object: "webhook_endpoint", deleted: true };
    },
  }),
];
