import { pendingMigrations } from "#/database/migrator.ts";
import type { Engine } from "#/engine.ts";
import { DEAD_LETTERS } from "#/outbox/queues.ts";

/** How the app stands. Ages are whole seconds; null means nothing is waiting. */
export type Health = {
  status: "ok" | "unhealthy";
  database: "ok" | "unreachable";
  migrations: "ok" | "pending" | "unknown";
  oldestUnappliedEventSeconds: number | null;
  oldestPaidUnfulfilledOrderSeconds: number | null;
  /** Events that wait for a retry, and events that wait for a person. */
  failedEvents: number;
  quarantinedEvents: number;
  /** Age of the oldest work that no worker has taken over: for more than seconds only where none runs. */
  oldestUntakenJobSeconds: number | null;
  /** Work that was given up, mostly after a day of tries; /admin says why and tries it again. */
  failedJobs: number;
};

type Waiting = {
  event: number | null;
  order: number | null;
  failed: number;
  quarantined: number;
  untaken: number | null;
  given_up: number;
};

export async function checkHealth(engine: Engine): Promise<Health> {
  try {
    engine.shared.migrated ||= (await pendingMigrations(engine.database)).length === 0;
    if (!engine.shared.migrated) return unhealthy("ok", "pending");
    const { rows } = await engine.database.query<Waiting>(`
      select extract(epoch from now() - (select min(received_at) from oncepaid.stripe_event
                                          where outcome = 'failed'))::int as event,
             extract(epoch from now() - (select min(paid_at) from oncepaid."order" where status = 'PAID'))::int as order,
             (select count(*) from oncepaid.stripe_event where outcome = 'failed') as failed,
             (select count(*) from oncepaid.stripe_event where outcome = 'quarantined') as quarantined,
             extract(epoch from now() - (select min(created_at) from oncepaid.outbox))::int as untaken,
             (select count(*) from oncepaid_jobs.job where name = '${DEAD_LETTERS}') as given_up`);
    return {
      status: "ok",
      database: "ok",
      migrations: "ok",
      oldestUnappliedEventSeconds: rows[0]?.event ?? null,
      oldestPaidUnfulfilledOrderSeconds: rows[0]?.order ?? null,
      failedEvents: rows[0]?.failed ?? 0,
      quarantinedEvents: rows[0]?.quarantined ?? 0,
      oldestUntakenJobSeconds: rows[0]?.untaken ?? null,
      failedJobs: rows[0]?.given_up ?? 0,
    };
  } catch {
    return unhealthy("unreachable", "unknown");
  }
}

function unhealthy(database: Health["database"], migrations: Health["migrations"]): Health {
  return {
    status: "unhealthy",
    database,
    migrations,
    oldestUnappliedEventSeconds: null,
    oldestPaidUnfulfilledOrderSeconds: null,
    failedEvents: 0,
    quarantinedEvents: 0,
    oldestUntakenJobSeconds: null,
    failedJobs: 0,
  };
}
