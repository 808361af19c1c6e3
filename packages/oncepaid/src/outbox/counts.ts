import type { Engine } from "#/engine.ts";

/** Jobs of one queue that are in one of pg-boss's states: `created`, `retry`, `active`. */
type JobCount = { queue: string; state: string; count: number };

/** What is still to be done, by queue. Jobs that are done are counted by the process that does them. */
export async function countJobs(engine: Engine): Promise<JobCount[]> {
  const { rows } = await engine.database.query<JobCount>(`
    select name as queue, state::text as state, count(*) as count from oncepaid_jobs.job
     where state < 'completed' group by 1, 2`);
  return rows;
}
