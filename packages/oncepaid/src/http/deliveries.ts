import type { IncomingMessage, ServerResponse } from "node:http";
import { Hono } from "hono";
import type { Engine } from "#/engine.ts";
import type { Failure } from "#/failure.ts";
import { failureAnswer } from "#/http/answer.ts";
import { MAX_EVENT_BYTES, tooLarge } from "#/http/body-limit.ts";
import type { OwnApi } from "#/http/route.ts";
import { answerOf, type DeliveryAnswer } from "#/http/stripe-webhook.ts";
import { failureAfter } from "#/http/thrown.ts";
import { overloaded } from "#/webhooks/overload.ts";
import { receive } from "#/webhooks/receive.ts";

/**
 * Stripe's deliveries on Node's own server: from the bytes of the connection to the signature, with no Web Request, Response or router
 * between. It is what most requests to an app are in a rush, and on other hosts the route `POST /stripe/webhook` answers the same.
 */

/** Answers a request that is a delivery; false where it is anything else, which is then untouched. */
export type TakeDelivery = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Under this name a listener finds it, whichever copy of this package made the handler. */
export const DELIVERIES = Symbol.for("oncepaid.deliveries");

const ROUTE = "/stripe/webhook";

/** Undefined where the app has a route of its own there, or something of its own stands around it. */
export function deliveriesOf(engine: Engine, basePath: string, own: OwnApi): TakeDelivery | undefined {
  if (own.routes.some(({ method, path }) => method === "POST" && path === ROUTE)) return undefined;
  if (isAround(own, ROUTE)) return undefined;
  const path = basePath + ROUTE;
  return (request, response) => {
    if (request.method !== "POST" || pathOf(request) !== path || isRead(request)) return false;
    void answer(engine, path, request, response);
    return true;
  };
}

/** As the router sees it, which knows what a pattern means. */
function isAround({ around }: OwnApi, path: string): boolean {
  const patterns = new Hono();
  for (const pattern of Object.keys(around)) patterns.use(pattern, (_c, next) => next());
  return patterns.router.match("POST", path)[0].length > 0;
}

function pathOf({ url = "" }: IncomingMessage): string {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

/** Some hosts read a body before they hand a request on, and keep the bytes beside it. */
function isRead(request: IncomingMessage): boolean {
  return request.readableDidRead || "rawBody" in request;
}

async function answer(
  engine: Engine,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answered = await answerTo(engine, request).catch((error: unknown) =>
    failureAfter(engine, error, { method: "POST", path }),
  );
  // Who sent it has gone.
  if (answered === undefined) return;
  const { status, headers, body } =
    "ok" in answered ? failureAnswer(answered) : { status: 200, headers: {}, body: answered };
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

/** Undefined where the connection was lost before the whole body was there. */
async function answerTo(
  engine: Engine,
  request: IncomingMessage,
): Promise<DeliveryAnswer | Failure | undefined> {
  const { "content-length": stated, "stripe-signature": signature } = request.headers;
  // The body isn't read then.
  const refusal = overloaded(engine);
  if (refusal) return refusal;
  if (Number(stated) > MAX_EVENT_BYTES) return tooLarge(MAX_EVENT_BYTES);
  const body = await bodyOf(request);
  if (body === undefined || "ok" in body) return body;
  return answerOf(await receive(engine, body, signature === undefined ? undefined : String(signature)));
}

/** All of it, unless there is more than an event may have: what comes in chunks doesn't state how much it is. */
function bodyOf(request: IncomingMessage): Promise<Buffer | Failure | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_EVENT_BYTES) resolve(tooLarge(MAX_EVENT_BYTES));
    });
    request.once("end", () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    request.once("close", () => resolve(undefined));
  });
}
