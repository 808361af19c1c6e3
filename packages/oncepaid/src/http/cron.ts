import { z } from "zod";
import { endpoint, json } from "#/http/endpoint.ts";
import { type Round, workOnce } from "#/work/round.ts";

const round: z.ZodType<Round> = z.object({
  sweeps: z.array(z.object({ name: z.string(), changed: z.int(), error: z.string().nullable() })),
  jobsLeft: z.int().describe("Jobs that are due and were not done in the time a round has."),
});

/** For hosts that have a cron and no process that stays. Called twice at once it does nothing twice. */
export const runCron = endpoint({
  summary: "One round of everything that is due: the sweeps, then jobs for at most 20 seconds",
  answers: json(round),
  handle: (c) => workOnce(c.var.engine),
});
