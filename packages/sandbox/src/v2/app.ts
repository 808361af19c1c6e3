import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Act } from "../act.ts";
import { ApiError } from "../api/errors.ts";
import { checkKey } from "../api/keys.ts";
import {
  changeDestination,
  createDestination,
  DESTINATION,
  destinationAt,
  shownDestination,
} from "../delivery/destination.ts";
import { NOBODY } from "../events/cause.ts";
import { cancelAll } from "../events/deliveries.ts";
import { snapshotId, thinOf } from "../events/thin.ts";
import { requestId } from "../ids.ts";
import type { Filter } from "../listing.ts";
import { API_VERSION } from "../version.ts";
import { checkVersion } from "../versions/known.ts";
import type { World } from "../world.ts";

const PATH = "/v2/core/event_destinations";
const MOST = 100;

const include = z.array(z.enum(["webhook_endpoint.signing_secret", "webhook_endpoint.url"])).optional();
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

/** What there is of the second API: destinations for events, and the events that thin ones are told of. JSON in and out. */
export function secondApi(world: World): Hono {
  const app = new Hono();
  destinationRoutes(app, world);
  stepRoutes(app, world);
  eventRoutes(app, world);
  return app;
}

const idOf = (context: Context) => context.req.param("id") ?? "";

/** Destinations are made, looked at and changed. */
function destinationRoutes(app: Hono, world: World): void {
  app.post(PATH, (context) =>
    answer(world, context, creating, (act, given) => {
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
  );
  app.get(PATH, (context) => answer(world, context, nothing, listDestinations));
  app.get(`${PATH}/:id`, (context) =>
    answer(world, context, nothing, (act, given) =>
      shownDestination(act.store, destinationAt(act, idOf(context)), given.include),
    ),
  );
  app.post(`${PATH}/:id`, (context) =>
    answer(world, context, updating, (act, { include: parts, webhook_endpoint: hook, ...given }) => {
      const changes = { ...given, ...(hook && { url: hook.url }) };
      const defined = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      return shownDestination(
        act.store,
        changeDestination(act, destinationAt(act, idOf(context)), defined),
        parts,
      );
    }),
  );
}

/** Destinations rest, wake and go. */
function stepRoutes(app: Hono, world: World): void {
  for (const [step, status] of [
    ["disable", "disabled"],
    ["enable", "enabled"],
  ] as const) {
    app.post(`${PATH}/:id/${step}`, (context) =>
      answer(world, context, nothing, (act) =>
        shownDestination(act.store, changeDestination(act, destinationAt(act, idOf(context)), { status })),
      ),
    );
  }
  app.delete(`${PATH}/:id`, (context) =>
    answer(world, context, nothing, (act) => {
      const { id } = destinationAt(act, idOf(context));
      act.store.delete(id);
      cancelAll(act.store, id);
      return { id, object: "v2.core.event_destination", deleted: true };
    }),
  );
}

/** What thin events are told of. */
function eventRoutes(app: Hono, world: World): void {
  app.get("/v2/core/events", (context) =>
    answer(world, context, z.looseObject({}), (act) => listEvents(act, context)),
  );
  app.get("/v2/core/events/:id", (context) =>
    answer(world, context, nothing, (act) => {
      const event = act.store.find("event", snapshotId(idOf(context)));
      if (!event) throw new ApiError(404, `Event ${idOf(context)} not found.`, { code: "not_found" });
      return thinOf(event);
    }),
  );
}

function listDestinations({ store }: Act, given: { include?: string[] | undefined }) {
  const { data } = store.list("webhook_endpoint", [{ field: "id", is: "like", value: `${DESTINATION}%` }], {
    limit: MOST,
  });
  return listed(data.map((endpoint) => shownDestination(store, endpoint, given.include)));
}

function listEvents({ store }: Act, context: Context) {
  const asked = new URL(context.req.url).searchParams;
  const types = [...asked].flatMap(([name, value]) =>
    name.startsWith("types") ? value.replace(/^v1\./, "") : [],
  );
  const about = asked.get("object_id");
  const filters: Filter[] = [
    ...(about ? [{ field: "data.object.id", is: "=", value: about } as const] : []),
    ...(types.length > 0 ? [{ field: "type", is: "in", value: types } as const] : []),
  ];
  const limit = Math.min(MOST, Number(asked.get("limit") ?? 20));
  return listed(store.list("event", filters, { limit }).data.map(thinOf));
}

const listed = (data: readonly object[]) => ({ data, next_page_url: null, previous_page_url: null });

/** One request as one transaction: its body, or its query, is read as JSON. */
async function answer<Given>(
  world: World,
  context: Context,
  params: z.ZodType<Given>,
  work: (act: Act, given: Given) => object,
): Promise<Response> {
  const id = requestId();
  const headers = { "Request-Id": id, "Stripe-Version": context.req.header("stripe-version") ?? API_VERSION };
  try {
    checkKey(world.account, context.req.header("authorization"));
    const given = params.safeParse(await sentBy(context));
    if (!given.success) throw new ApiError(400, z.prettifyError(given.error), { code: "invalid_fields" });
    const cause = { ...NOBODY, id, idempotency_key: context.req.header("idempotency-key") ?? null };
    return Response.json(
      world.act({ cause }, (act) => work(act, given.data)),
      { headers },
    );
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return Response.json(error.body(world.account, id), { status: error.status, headers });
  }
}

async function sentBy(context: Context): Promise<unknown> {
  const text = context.req.method === "POST" ? await context.req.text() : "";
  if (text !== "") return JSON.parse(text);
  const asked = [...new URL(context.req.url).searchParams];
  const parts = asked.flatMap(([name, value]) => (name.startsWith("include") ? value : []));
  return parts.length > 0 ? { include: parts } : {};
}
