import { validate as isUuid } from "uuid";
import { writeAct } from "#/audit/write.ts";
import type { Engine } from "#/engine.ts";
import { withBoss } from "#/outbox/boss.ts";
import { DEAD_LETTERS, QUEUES, SWEEP } from "#/outbox/queues.ts";

/** Work as a person looks after it: what was given up, sent back to its queue, and what waits. */
export type GivenUpJob = {
  id: string;
  queue: string;
  /** What the work is; the receiver knows repetitions by it. */
  key: string;
  /** When it was given up: ISO 8601 in UTC. */
  since: string;
  tries: number;
  /** What went wrong the last time, without addresses and secrets; null when the worker died. */
  error: string | null;
};

export type QueueLoad = {
  queue: string;
  /** Not tried yet, or being done right now. */
  waiting: number;
  /** Failed at least once and due again later. */
  retrying: number;
};

/** `total` counts all that was given up, `givenUp` shows the newest hundred. */
export type JobsOverview = { givenUp: GivenUpJob[]; total: number; queues: QueueLoad[] };

const PAGE = 100;
/** Jobs that are sent back in one statement. */
const BATCH = 1_000;

export async function listJobs(engine: Engine): Promise<JobsOverview> {
  const [{ rows }, { rows: queues }] = await Promise.all([
    engine.database.query<GivenUpRow>(
      `select id, source_name as queue, data->>'key' as key, created_on as since,
              coalesce(source_retry_count, 0) + 1 as tries,
              coalesce(source_output->>'message', output->>'message') as error, count(*) over ()::int as total
         from oncepaid_jobs.job where name = $1 order by created_on desc limit ${PAGE}`,
      [DEAD_LETTERS],
    ),
    engine.database.query<QueueLoad>(
      `select q.name as queue, count(j.id) filter (where j.state in ('created', 'active'))::int as waiting,
              count(j.id) filter (where j.state = 'retry')::int as retrying
         from unnest($1::text[]) with ordinality as q(name, place)
         left join oncepaid_jobs.job j on j.name = q.name and j.state < 'completed'
        group by q.name, q.place order by q.place`,
      [queuesOf(engine)],
    ),
  ]);
  return {
    givenUp: rows.map(({ id, queue, key, since, tries, error }) => ({
      id,
      queue,
      key,
      since: since.toISOString(),
      tries,
      error: error === null ? null : withoutSecrets(error),
    })),
    total: rows[0]?.total ?? 0,
    queues,
  };
}

/**
 * Gives these jobs, or all that were given up until now, another day of tries; what is given up again meanwhile waits for
 * the next time. Answers how many were sent back. `by` is who wants it.
 */
export async function replayJobs(
  engine: Engine,
  { ids: asked, by }: { ids?: string[]; by: string },
): Promise<number> {
  const ids = asked?.filter((id) => isUuid(id));
  if (ids?.length === 0) return 0;
  const which = { createdBefore: new Date(), limit: BATCH, ...(ids && { ids }) };
  const replayed = await withBoss(engine.settings, { migrate: false }, async (boss) => {
    let sent = 0;
    for (let batch = BATCH; batch === BATCH; sent += batch) batch = await boss.redrive(DEAD_LETTERS, which);
    return sent;
  });
  // The queues are pg-boss's own, with its own connection, so this can't be one transaction.
  if (replayed > 0) {
    await writeAct(engine.database, { by, what: "job.replayed", details: { replayed, ids: ids ?? "all" } });
  }
  return replayed;
}

/** The app's first; where it has no handlers that run afterwards, their queue is nothing to look at. */
function queuesOf({ queues, hooks }: Engine): string[] {
  const own = Object.keys(QUEUES).filter(
    (name) => name !== SWEEP && (name !== "after" || hooks.after.size > 0),
  );
  return [...Object.keys(queues.work), ...own];
}

type GivenUpRow = {
  id: string;
  queue: string;
  key: string;
  since: Date;
  tries: number;
  error: string | null;
  total: number;
};

/** Characters of an error that are shown. */
const SHOWN = 300;

/** A mail server repeats the address it refused, and a failed connection may name a URL with its password. */
export function withoutSecrets(error: string): string {
  return error
    .replaceAll(/\S+@\S+/g, "…")
    .replaceAll(/\b(?:sk|rk|whsec|opk)_\w+/g, "…")
    .replaceAll(/\s+/g, " ")
    .trim()
    .slice(0, SHOWN);
}
