import { type Context, Hono } from "hono";
import type { Act } from "../act.ts";
import type { Delay } from "../api/delay.ts";
import type { Endpoint, Ids } from "../api/endpoint.ts";
import { invalid } from "../api/errors.ts";
import { parseForm, type RawHash } from "../api/form.ts";
import { fingerprintOf } from "../api/idempotency.ts";
import { hash, list, read, text } from "../api/params.ts";
import { type Api, type Read, refuseOthers, type Served, serve } from "../request.ts";
import { API_VERSION } from "../version.ts";
import { dressFor, expandableIn, inTodaysWords } from "../versions/chain.ts";
import { versionOf } from "../versions/known.ts";
import type { World } from "../world.ts";
import { expand } from "./expand.ts";
import { formerRoutes, routes } from "./routes.ts";

/** Everything under `/v1`. */
export function apiApp(world: World, delay?: Delay): Hono<Served> {
  const app = new Hono<Served>();
  const api: Api = { delay, running: new Set(), world };
  for (const route of [...formerRoutes, ...routes]) {
    const keyed = route.method === "POST";
    app.on(route.method, route.path, (context) =>
      serve(api, context, { keyed, read: () => readBy(route, context) }),
    );
  }
  refuseOthers(api, app, "/v1/*");
  return app;
}

async function readBy(route: Endpoint, context: Context<Served>): Promise<Read> {
  const named = versionOf(context.req.header("stripe-version"));
  const version = named ?? API_VERSION;
  const raw = parseForm(await formOf(context));
  return {
    fingerprint: fingerprintOf(raw),
    version,
    prepare() {
      const { expansions, params } = takeExpand(raw);
      const { path } = context.req;
      const work = route.prepare(inTodaysWords(path, params, named, route.method), version);
      return (act) => answer(act, work, context.req.param(), expansions);
    },
  };
}

/** What stands behind the path, and what the body says, which comes first where both say it. */
async function formOf(context: Context<Served>): Promise<string> {
  const query = queryOf(context.req.url);
  const body = context.req.method === "GET" ? "" : await context.req.text();
  if (context.req.method === "POST" || body !== "") refuseJson(context.req.header("content-type"));
  return `${query}&${body}`;
}

function answer(act: Act, work: ReturnType<Endpoint["prepare"]>, ids: Ids, expansions: readonly string[]) {
  const result = work(act, ids);
  if ("failure" in result) return { status: result.failure.status, body: result.failure };
  const dress = dressFor(act.version, act.store);
  if (expansions.length === 0 && !dress) return { status: 200, body: result };
  return { status: 200, body: expand(act, result, expansions, { dress, more: expandableIn(act.version) }) };
}

/** As a form JSON would be one unknown parameter without a value, and nothing would be said about it. */
function refuseJson(type: string | undefined): void {
  if (!type?.toLowerCase().startsWith("application/json")) return;
  throw invalid(
    "Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at https://support.stripe.com/.",
  );
}

function takeExpand(raw: RawHash): { expansions: string[]; params: RawHash } {
  const { expand: asked, ...params } = raw;
  if (asked === undefined) return { expansions: [], params };
  return { expansions: read(hash({ expand: list(text()) }), { expand: asked }).expand, params };
}

function queryOf(url: string): string {
  const mark = url.indexOf("?");
  return mark < 0 ? "" : url.slice(mark + 1);
}
