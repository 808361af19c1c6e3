import { type Context, Hono } from "hono";
import type { Delay } from "../api/delay.ts";
import { invalid } from "../api/errors.ts";
import { parseForm, type Raw } from "../api/form.ts";
import { type Api, type Read, refuseOthers, type Served, serve } from "../request.ts";
import { API_VERSION } from "../version.ts";
import { versionOf } from "../versions/known.ts";
import { isJson } from "../wire.ts";
import type { World } from "../world.ts";
import { destinations } from "./destinations.ts";
import { events } from "./events.ts";
import type { SecondRoute } from "./route.ts";

export const secondRoutes: readonly SecondRoute[] = [...destinations, ...events];

/** What there is of the second API: destinations for events, and the events that thin ones are told of. JSON in and out. */
export function secondApi(world: World, delay?: Delay): Hono<Served> {
  const app = new Hono<Served>();
  const api: Api = { delay, running: new Set(), world };
  for (const route of secondRoutes) {
    const keyed = route.method !== "GET";
    app.on(route.method, route.path, (context) =>
      serve(api, context, { keyed, read: () => readBy(route, context) }),
    );
  }
  refuseOthers(api, app, "/v2/*");
  return app;
}

async function readBy(route: SecondRoute, context: Context<Served>): Promise<Read> {
  versionOf(context.req.header("stripe-version"));
  const sent = await sentBy(context);
  return {
    fingerprint: JSON.stringify(sorted(sent)),
    version: API_VERSION,
    prepare() {
      const work = route.prepare(sent);
      const query = new URL(context.req.url).searchParams;
      const asked = { id: context.req.param("id") ?? "", path: context.req.path, query };
      return (act) => ({ status: 200, body: work(act, asked) });
    },
  };
}

/** The body; where there is none, what stands behind the path. */
async function sentBy(context: Context<Served>): Promise<unknown> {
  const text = context.req.method === "GET" ? "" : await context.req.text();
  if (text === "") return listsIn(parseForm(new URL(context.req.url).search.slice(1)));
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("Invalid request: the body isn't JSON.");
  }
}

/** `types[0]=a` is a list, as in the first API. */
function listsIn(raw: Raw): unknown {
  if (typeof raw === "string") return raw;
  const entries = Object.entries(raw).map(([name, value]) => [name, listsIn(value)] as const);
  const isList = entries.length > 0 && entries.every(([name]) => /^\d+$/.test(name));
  return isList ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

/** The same JSON, whatever the order of its keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJson(value)) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}
