import type { z } from "zod";
import { type Failure, failure } from "#/failure.ts";
import type { Context } from "#/http/context.ts";

/** The JSON body as a schema wants it, or the first thing that is wrong with it in a sentence. */
export async function readBody<T>(
  c: Context,
  schema: z.ZodType<T>,
): Promise<{ ok: true; data: T } | Failure> {
  const json: unknown = await c.req.json().catch(() => undefined);
  if (json === undefined) return failure("invalid_request", "The body isn't valid JSON.");
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, data: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
  return failure("invalid_request", `${where}${issue?.message ?? "The request is invalid."}`);
}
