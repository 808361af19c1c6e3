import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";
import type { Act } from "./act.ts";
import type { Delay } from "./api/delay.ts";
import { ApiError } from "./api/errors.ts";
import { type Attempted, checkLength, recall, remember, stillRunning } from "./api/idempotency.ts";
import { checkAccount, checkKey } from "./api/keys.ts";
import { isUnbuiltOperation } from "./api/unbuilt.ts";
import { breakDown, disturb, refuse } from "./faults/api-faults.ts";
import { requestId as newRequestId } from "./ids.ts";
import { API_VERSION } from "./version.ts";
import { dressFor } from "./versions/chain.ts";
import type { World } from "./world.ts";

export type Served = { Bindings: HttpBindings };

interface Answered {
  status: number;
  body: string;
  /** The request that was carried out under this key. */
  originalRequest?: string;
  replayed?: boolean;
  headers?: Record<string, string>;
}

export interface Api {
  world: World;
  /** How long answers shall take. */
  delay: Delay | undefined;
  /** The idempotency keys of requests that are under way. */
  running: Set<string>;
}

/** What a route does for a request. */
interface Route {
  /** Whether a request with an idempotency key is carried out once only. */
  keyed: boolean;
  read(): Promise<Read>;
}

/** A request as its route has read it. */
export interface Read {
  /** The same parameters have the same one. */
  fingerprint: string;
  version: string;
  /** Checks the parameters; what it returns does the work. An idempotency key only remembers what was really carried out. */
  prepare(): (act: Act) => { status: number; body: object };
}

/** One request of either API: its key, faults, what an idempotency key remembers, headers, and the line in the log. */
export function serve(api: Api, context: Context<Served>, route: Route): Promise<Response> {
  return respond(api.world, context, route.keyed, (id) => handle(api, context, route, id));
}

/** Answers whatever else is under a path: what Stripe has is refused by its name. */
export function refuseOthers({ world }: Api, app: Hono<Served>, path: string): void {
  app.all(path, (context) =>
    respond(world, context, false, () => {
      checkKey(world.account, context.req.header("authorization"));
      const { method, path: asked } = context.req;
      if (isUnbuiltOperation(method, asked)) {
        throw new ApiError(404, `${method} ${asked} is not supported by the sandbox.`);
      }
      throw new ApiError(
        404,
        `Unrecognized request URL (${method}: ${asked}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
      );
    }),
  );
}

async function handle(
  { delay, running, world }: Api,
  context: Context<Served>,
  route: Route,
  requestId: string,
): Promise<Answered> {
  const { method, path } = context.req;
  checkKey(world.account, context.req.header("authorization"));
  checkAccount(world.account, context.req.header("stripe-account"));
  checkAccount(world.account, context.req.header("stripe-context"));
  const fault = world.faults.ofRequest(method, path);
  refuse(fault);
  const { fingerprint, prepare, version } = await route.read();
  const key = route.keyed ? context.req.header("idempotency-key") : undefined;
  if (key) checkLength(key);
  const attempted = key ? { key, route: `${method} ${path}`, fingerprint } : undefined;
  if (attempted) {
    if (running.has(attempted.key)) throw stillRunning(world.store, attempted.key);
    const known = recall(world.store, attempted, world.clock.now());
    if (known)
      return { status: known.status, body: known.body, originalRequest: known.requestId, replayed: true };
  }
  const work = prepare();
  if (attempted) running.add(attempted.key);
  try {
    await delay?.({ method, path });
    await disturb(fault, "before", context.env.incoming.socket);
    const done = carryOut(world, attempted, requestId, version, (act) => {
      const early = breakDown(fault, "before");
      if (early) throw early;
      const result = work(act);
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

async function respond(
  world: World,
  context: Context,
  keyed: boolean,
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
  if (key && keyed) headers["Idempotency-Key"] = key;
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
