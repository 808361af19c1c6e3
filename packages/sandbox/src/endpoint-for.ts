import { createEndpoint } from "./resources/webhook-endpoints.ts";
import type { World } from "./world.ts";

/** The signing secret of the endpoint with this URL, which is made for all events unless it is there already. */
export function endpointFor(world: World, wanted: { url: string; secret?: string }): string {
  return world.act({}, (act) => {
    const known = act.store
      .list("webhook_endpoint", [], { limit: 100 })
      .data.find((endpoint) => endpoint.url === wanted.url);
    if (known && wanted.secret) act.store.setNote(known.id, "secret", wanted.secret);
    const secret = known && act.store.note(known.id, "secret");
    return secret ?? createEndpoint(act, { ...wanted, enabledEvents: ["*"] }).secret;
  });
}
