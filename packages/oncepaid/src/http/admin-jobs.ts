import { z } from "zod";
import { answerFailure } from "#/http/answer.ts";
import { readBody } from "#/http/body.ts";
import type { Context } from "#/http/context.ts";
import { identifyOperator } from "#/http/operator.ts";
import { listJobs, replayJobs } from "#/outbox/given-up.ts";

/** → `{ givenUp, total, queues }`: work that was given up, newest first, and how much waits in each queue. */
export async function getJobs(c: Context): Promise<Response> {
  const operator = await identifyOperator(c);
  return operator.ok ? c.json(await listJobs(c.var.engine)) : answerFailure(c, operator);
}

const which = z.union(
  [
    z.strictObject({ ids: z.array(z.uuid()).min(1).max(1000) }),
    z.strictObject({ all: z.literal(true) }).transform(() => ({ ids: undefined })),
  ],
  { error: 'Send { "ids": ["…"] } or { "all": true }.' },
);

/** `{ ids }` or `{ all: true }` → `{ replayed }`: how many jobs are tried again. */
export async function postReplayJobs(c: Context): Promise<Response> {
  const operator = await identifyOperator(c);
  if (!operator.ok) return answerFailure(c, operator);
  const body = await readBody(c, which);
  return body.ok
    ? c.json({ replayed: await replayJobs(c.var.engine, body.data.ids) })
    : answerFailure(c, body);
}
