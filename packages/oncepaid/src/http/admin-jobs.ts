import { z } from "zod";
import { actorOf } from "#/caller.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { type JobsOverview, listJobs, replayJobs } from "#/outbox/given-up.ts";

const jobsOverview: z.ZodType<JobsOverview> = z.object({
  givenUp: z.array(
    z.object({
      id: z.uuid(),
      queue: z.string(),
      key: z.string(),
      since: z.iso.datetime(),
      tries: z.int(),
      error: z.string().nullable(),
    }),
  ),
  total: z.int(),
  queues: z.array(z.object({ queue: z.string(), waiting: z.int(), retrying: z.int() })),
});

export const getJobs = endpoint({
  summary: "Work that was given up, newest first, and how much waits in each queue",
  answers: json(jobsOverview),
  handle: (c) => listJobs(c.var.engine),
});

const which = z.union(
  [
    z.strictObject({ ids: z.array(z.uuid()).min(1).max(1000) }),
    z.strictObject({ all: z.literal(true) }).transform(() => ({})),
  ],
  { error: 'Send { "ids": ["…"] } or { "all": true }.' },
);

export const postReplayJobs = endpoint({
  summary: "Tries given-up work again, and says how many jobs that is",
  takes: { body: which },
  example: { all: true },
  answers: json(z.object({ replayed: z.int() })),
  handle: async (c, { body }) => ({
    replayed: await replayJobs(c.var.engine, { ...body, by: actorOf(c.var.caller) }),
  }),
});
