import type { z } from "zod";
import type { Failure } from "#/failure.ts";
import { idempotent } from "#/http/asking.ts";
import { asSent } from "#/http/endpoint.ts";

type Who = { by?: string | undefined; key?: string | undefined };

const key = idempotent.pick({ "idempotency-key": true });

/**
 * Does what a method was asked for, where its route would take the same: a program that isn't typed, or passes on what a form sent, gets
 * the sentence that the route answers, and nothing was written.
 */
export async function asked<S extends z.ZodType<object>, G extends object, R>(
  body: S,
  request: G & Who,
  act: (request: z.output<S>, who: Who) => Promise<R>,
): Promise<R | Failure> {
  const { by, key: name, ...given } = request;
  const named = asSent(key, { "idempotency-key": name });
  if (!named.ok) return named;
  const sent = asSent(body, given);
  return sent.ok ? act(sent.body, { by, key: name }) : sent;
}
