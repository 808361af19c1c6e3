import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { Act } from "../act.ts";
import type { Delay } from "../api/delay.ts";
import type { Endpoint, Ids } from "../api/endpoint.ts";
import { ApiError, invalid } from "../api/errors.ts";
import { parseForm, type RawHash } from "../api/form.ts";
import {
  type Attempted,
  checkLength,
  fingerprintOf,
  recall,
  remember,
  stillRunning,
} from "../api/idempotency.ts";
import { checkAccount, checkKey } from "../api/keys.ts";
import { hash, list, read, text } from "../api/params.ts";
import { isUnbuiltOperation } from "../api/unbuilt.ts";
import { breakDown, disturb, refuse } from "../faults/api-faults.ts";
import { requestId as newRequestId } from "../ids.ts";
import { API_VERSION } from "../version.ts";
import { dressFor, expandableIn, inTodaysWords } from "../versions/chain.ts";
import { versionOf } from "../versions/known.ts";
import type { World } from "../world.ts";
import { expand } from "./expand.ts";
import { formerRoutes, routes } from "./routes.ts";

type Served = { Bindings: HttpBindings };

interface Answered {
  status: number;
  body: string;
  /** The request that was carried out under this key. */
  originalRequest?: string;
  replayed?: boolean;
  headers?: Record<string, string>;
}

interface Api {
  world: World;
  /** How long answers shall take. */
  delay: Delay | undefined;
  /** The idempotency keys of requests that are under way. */
  running: Set<string>;
}

/** Everything under `/v1`. */
export function apiApp(world: World, delay?: Delay): Hono<Served> {
  const app = new Hono<Served>();
  const api: Api = { delay, running: new Set(), world };
  for (const route of [...formerRoutes, ...routes]) {
    app.on(route.method, route.path, (context) =>
      respond(world, context, (id) => handle(api, context, route, id)),
    );
  }
  app.all("/v1/*", (context) =>
    respond(world, context, () => {
      checkKey(world.account, context.req.header("authorization"));
      const { method, path } = context.req;
      if (isUnbuiltOperation(method, path)) {
        throw new ApiError(404, `${method} ${path} is not supported by the sandbox.`);
      }
      throw new ApiError(
        404,
        `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
      );
    }),
  );
  return app;
}

async function handle(
  { delay, running, world }: Api,
  context: Context<Served>,
  route: Endpoint,
  requestId: string,
): Promise<Answered> {
  checkKey(world.account, context.req.header("authorization"));
  checkAccount(world.account, context.req.header("stripe-account"));
  const fault = world.faults.ofRequest(route.method, context.req.path);
  refuse(fault);
  const named = versionOf(context.req.header("stripe-version"));
  const version = named ?? API_VERSION;
  if (route.method === "POST") refuseJson(context.req.header("content-type"));
  const raw = parseForm(route.method === "POST" ? await context.req.text() : queryOf(context.req.url));
  const key = route.method === "POST" ? context.req.header("idempotency-key") : undefined;
  if (key) checkLength(key);
  const path = context.req.path;
  const attempted = key
    ? { key, route: `${route.method} ${path}`, fingerprint: fingerprintOf(raw) }
    : undefined;
  if (attempted) {
    if (running.has(attempted.key)) throw stillRunning(world.store, attempted.key);
    const known = recall(world.store, attempted, world.clock.now());
    if (known)
      return { status: known.status, body: known.body, originalRequest: known.requestId, replayed: true };
  }
  const { expansions, params } = takeExpand(raw);
  const work = route.prepare(inTodaysWords(path, params, named, route.method), version);
  if (attempted) running.add(attempted.key);
  try {
    await delay?.({ method: route.method, path });
    await disturb(fault, "before", context.env.incoming.socket);
    const done = carryOut(world, attempted, requestId, version, (act) => {
      const early = breakDown(fault, "before");
      if (early) throw early;
      const result = answer(act, work, context.req.param(), expansions);
      const late = breakDown(fault, "after");
      return late ? { status: late.status, body: late } : result;
    });
    await disturb(fault, "after", context.env.incoming.socket);
    return attempted ? { ...done, originalRequest: requestId } : done;
  } finally {
    if (attempted) running.delete(attempted.key);
  }
}

/** The request as one transaction. A refusal undoes it; what an idempotency key must remember is stored with it. */
function carryOut(
  world: World,
  attempted: Attempted | undefined,
  requestId: string,
  version: string,
  work: (act: Act) => { status: number; body: object },
): Answered {
  const cause = { id: requestId, idempotency_key: attempted?.key ?? null };
  try {
    return world.act({ cause, version }, (act) => {
      const result = work(act);
      const body = failureBody(world, result.body, requestId);
      if (body !== result.body) dressFor(version, world.store)?.(body);
      const done = { status: result.status, body: print(body) };
      if (attempted) remember(world.store, attempted, { ...done, requestId }, act.now);
      return done;
    });
  } catch (error) {
    if (error instanceof ApiError && !error.kept) throw error;
    if (!(error instanceof ApiError)) console.error(error);
    const failure = error instanceof ApiError ? error : unexpected();
    const done = { status: failure.status, body: print(failure.body(world.account, requestId)) };
    if (attempted) remember(world.store, attempted, { ...done, requestId }, world.clock.now());
    return done;
  }
}

function answer(act: Act, work: ReturnType<Endpoint["prepare"]>, ids: Ids, expansions: readonly string[]) {
  const result = work(act, ids);
  if ("failure" in result) return { status: result.failure.status, body: result.failure };
  const dress = dressFor(act.version, act.store);
  if (expansions.length === 0 && !dress) return { status: 200, body: result };
  return { status: 200, body: expand(act, result, expansions, { dress, more: expandableIn(act.version) }) };
}

async function respond(
  world: World,
  context: Context,
  work: (requestId: string) => Answered | Promise<Answered>,
): Promise<Response> {
  const requestId = newRequestId();
  // By the sandbox's own clock, like every moment that an answer speaks of.
  const headers: Record<string, string> = {
    Date: new Date(world.clock.now() * 1000).toUTCString(),
    "Content-Type": "application/json",
    "Cache-Control": "no-cache, no-store",
    // As Stripe sends them. A browser asks first (OPTIONS) and gets no leave: the key belongs on a server.
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Allow-Methods": "GET,HEAD,PUT,PATCH,POST,DELETE",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers":
      "Request-Id, Stripe-Manage-Version, Stripe-Should-Retry, X-Stripe-External-Auth-Required, X-Stripe-Privileged-Session-Required",
    "Access-Control-Max-Age": "300",
    "Request-Id": requestId,
    "Stripe-Version": context.req.header("stripe-version") ?? API_VERSION,
  };
  const key = context.req.header("idempotency-key");
  if (key && context.req.method === "POST") headers["Idempotency-Key"] = key;
  const {
    status,
    body,
    originalRequest,
    replayed,
    headers: extra = {},
  } = await attempt(world, requestId, work);
  if (originalRequest) {
    headers["Original-Request"] = originalRequest;
    headers["Stripe-Should-Retry"] = "false";
  }
  if (replayed) headers["Idempotent-Replayed"] = "true";
  Object.assign(headers, extra);
  world.listeners.log({
    created_at: world.clock.now(),
    error: status < 400 ? {} : errorIn(body),
    livemode: false,
    method: context.req.method,
    request_id: requestId,
    status,
    url: context.req.path,
  });
  return new Response(body, { status, headers });
}

async function attempt(
  world: World,
  requestId: string,
  work: (id: string) => Answered | Promise<Answered>,
): Promise<Answered> {
  try {
    return await work(requestId);
  } catch (error) {
    if (!(error instanceof ApiError)) console.error(error);
    const failure = error instanceof ApiError ? error : unexpected();
    return {
      status: failure.status,
      body: print(failure.body(world.account, requestId)),
      headers: failure.headers,
    };
  }
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

const unexpected = () =>
  new ApiError(500, "An unexpected error occurred in the sandbox. Its log says more.", { type: "api_error" });

const failureBody = ({ account }: World, body: object, requestId: string) =>
  body instanceof ApiError ? body.body(account, requestId) : body;

/** What the log of requests says of a refusal. */
function errorIn(body: string): object {
  const { error = {} } = JSON.parse(body);
  const { charge, code, decline_code, message, param, type } = error;
  return { charge, code, decline_code, message, param, type };
}

const print = (body: object) => `${JSON.stringify(body, null, 2)}\n`;

function queryOf(url: string): string {
  const mark = url.indexOf("?");
  return mark < 0 ? "" : url.slice(mark + 1);
}
