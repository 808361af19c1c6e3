import { setTimeout as pause } from "node:timers/promises";
import type { Engine } from "#/engine.ts";
import { messageOf } from "#/failure.ts";
import { startBoss } from "#/outbox/boss.ts";
import { QUEUES, SWEEP } from "#/outbox/queues.ts";
import { relayOnce } from "#/outbox/relay.ts";
import { runSweep, sweepsOf } from "#/work/sweeps.ts";
import { STOP_GRACE_MS, takeQueues } from "#/work/worker.ts";

/** What one round did: every sweep with how much it changed, and the jobs that are due still. */
export type Round = { sweeps: { name: string; changed: number; error: string | null }[]; jobsLeft: number };

/** How long a round does jobs: a host's cron ends a request after a while. */
const JOBS_MS = 20_000;
const LOOK_MS = 200;

/**
 * One bounded round of everything that is due, for a host that has a cron and no worker: the sweeps, then the jobs. Rounds at the
 * same time share the jobs, and what two sweeps change at once is changed once.
 */
export async function workOnce(engine: Engine, jobsMs = JOBS_MS): Promise<Round> {
  const sweeps = await sweepOnce(engine);
  return { sweeps, jobsLeft: await doDueJobs(engine, jobsMs) };
}

/**
 * Does what this process has written to the outbox and no worker of it was told of: for hosts where a process lives as long as a
 * request. Nothing where there is nothing.
 */
export async function workAfterAnswer(engine: Engine): Promise<void> {
  if (!engine.shared.jobsWaiting) return;
  engine.shared.jobsWaiting = false;
  await doDueJobs(engine, JOBS_MS);
}

/** A sweep that fails keeps no other from its turn. */
async function sweepOnce(engine: Engine): Promise<Round["sweeps"]> {
  const swept: Round["sweeps"] = [];
  for (const sweep of sweepsOf(engine)) {
    const { name } = sweep;
    try {
      swept.push({ name, changed: await runSweep(engine, sweep), error: null });
    } catch (error) {
      engine.log.error({ err: error, sweep: name }, "sweep failed");
      swept.push({ name, changed: 0, error: messageOf(error) });
    }
  }
  return swept;
}

async function doDueJobs(engine: Engine, jobsMs: number): Promise<number> {
  const boss = await startBoss(engine);
  try {
    await takeQueues(engine, boss);
    const deadline = Date.now() + jobsMs;
    // A job may write others.
    while ((await relayOnce(engine, boss)) + (await countDue(engine)) > 0 && Date.now() < deadline) {
      await pause(LOOK_MS);
    }
  } finally {
    await boss.stop({ graceful: true, timeout: STOP_GRACE_MS });
  }
  return countDue(engine);
}

/** Jobs that are being done or could be; those that failed and wait for their next try are not due. */
async function countDue({ database, queues }: Engine): Promise<number> {
  const { rows } = await database.query<{ due: number }>(
    `select count(*)::int as due from oncepaid_jobs.job
      where name = any ($1) and name <> $2 and (state = 'active' or (state in ('created', 'retry') and start_after <= now()))`,
    [[...Object.keys(QUEUES), ...Object.keys(queues.work)], SWEEP],
  );
  return rows[0]?.due ?? 0;
}
