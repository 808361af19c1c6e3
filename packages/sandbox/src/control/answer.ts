import type { Context } from "hono";
import { z } from "zod";
import { ApiError } from "../api/errors.ts";

/** Reads the JSON of a request, does the work, and answers with what came of it or with what is wrong. */
export async function answer<Params>(
  context: Context,
  params: z.ZodType<Params>,
  work: (params: Params) => object,
): Promise<Response> {
  const text = await context.req.text();
  const given = params.safeParse(text === "" ? {} : parsed(text));
  if (!given.success) return Response.json({ error: z.prettifyError(given.error) }, { status: 400 });
  try {
    return Response.json(work(given.data));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return Response.json({ error: error.message }, { status: error.status });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
