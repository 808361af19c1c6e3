import type { Engine } from "#/engine.ts";
import { withoutSecrets } from "#/outbox/given-up.ts";

/** Work that is still to be done, as a person looks at it. Times are ISO 8601 in UTC. */
export type WaitingJob = {
  id: string;
  /** What the work is; the receiver knows repetitions by it. */
  key: string | null;
  since: string;
  /** Not tried before. */
  dueAt: string;
  /** How often it failed, and why the last time, without addresses and secrets. */
  failures: number;
  error: string | null;
};

const PAGE = 100;

/** What waits in one queue in the order in which it is done, at most a hundred; what is being done right now isn't among it. */
export async function waitingJobs(engine: Engine, queue: string): Promise<WaitingJob[]> {
  // In the order of pg-boss's own index for what is fetched next.
  const { rows } = await engine.database.query<Row>(
    `select id, data->>'key' as key, created_on, start_after, state = 'retry' as failed, retry_count,
            output->>'message' as error
       from oncepaid_jobs.job
      where name = $1 and state < 'active' and not blocked
      order by priority desc, created_on limit ${PAGE}`,
    [queue],
  );
  return rows.map(({ id, key, created_on, start_after, failed, retry_count, error }) => ({
    id,
    key,
    since: created_on.toISOString(),
    dueAt: start_after.toISOString(),
    failures: failed ? retry_count + 1 : 0,
    error: error === null ? null : withoutSecrets(error),
  }));
}

type Row = {
  id: string;
  key: string | null;
  created_on: Date;
  start_after: Date;
  failed: boolean;
  retry_count: number;
  error: string | null;
};
