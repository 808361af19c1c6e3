import type { Next } from "hono";
import { type Failure, failure } from "#/failure.ts";
import { answerFailure } from "#/http/answer.ts";
import type { Context } from "#/http/context.ts";

/** Stripe's largest events are far smaller. */
export const MAX_EVENT_BYTES = 1024 * 1024;
/** Every cart, and a list of a thousand events. What isn't signed is cheap to send, and costs time to read. */
export const MAX_REQUEST_BYTES = 64 * 1024;

/**
 * Refuses a body that is too large before anything reads it: by the length it states, and one that comes in chunks and
 * states none, as soon as it is too long. Hono's own limit copies the request it was
 * given, which only works where Node's adapter may replace the global Request; that one is Next's.
 */
export function limitBody(maxBytes: number): (c: Context, next: Next) => Promise<Response | undefined> {
  const refusal = tooLarge(maxBytes);
  return (c, next) => limited(c, next, maxBytes, refusal);
}

export function tooLarge(maxBytes: number): Failure {
  return failure("payload_too_large", `The body is larger than ${maxBytes} bytes.`);
}

async function limited(
  c: Context,
  next: Next,
  maxBytes: number,
  refusal: Failure,
): Promise<Response | undefined> {
  const stated = c.req.header("content-length");
  if (stated !== undefined && c.req.header("transfer-encoding") === undefined) {
    if (Number(stated) > maxBytes) return answerFailure(c, refusal);
  } else if (c.req.raw.body) {
    const bytes = await readUpTo(maxBytes, c.req.raw.body);
    if (!bytes) return answerFailure(c, refusal);
    const { method, headers } = c.req.raw;
    c.req.raw = new Request(c.req.url, { method, headers, body: bytes });
  }
  await next();
  return undefined;
}

/** Undefined when there is more. */
async function readUpTo(most: number, body: ReadableStream<Uint8Array>): Promise<ArrayBuffer | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > most) return undefined;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes.buffer;
}
