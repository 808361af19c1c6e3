import type { Context } from "hono";
import { type Failure, STATUS_OF } from "#/errors.ts";

/** An expected failure as every route answers it: `{ error, code, … }` with the status of its code. */
export function answerFailure(
  c: Context,
  { code, error }: Failure,
  more: Record<string, unknown> = {},
): Response {
  return c.json({ error, code, ...more }, STATUS_OF[code]);
}
