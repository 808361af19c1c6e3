import type { PgBoss } from "pg-boss";
import type { Engine } from "#/engine.ts";
import { SWEEP } from "#/outbox/queues.ts";
import { runSweep, sweepsOf } from "#/work/sweeps.ts";

/** Milliseconds between asking for what is due. Asking twice within an interval changes nothing. */
const ASK_MS = 5_000;

const LOOK = { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2 };

type Due = { sweep: string };

/**
 * Asks for every sweep of every interval. All processes ask; pg-boss keeps one job per sweep and interval, and the
 * workers share those like any other work.
 */
export async function startSchedule(engine: Engine, boss: PgBoss): Promise<{ stop: () => void }> {
  const ask = async () => {
    for (const { name, everySeconds } of sweepsOf(engine)) {
      const due: Due = { sweep: name };
      // oncepaid-review-ignore access-on-success-page: this only asks for a sweep; what a sweep grants, Stripe said was paid
      await boss
        .send(SWEEP, due, { singletonKey: name, singletonSeconds: everySeconds })
        .catch((error: unknown) => engine.log.error({ err: error, sweep: name }, "sweep not asked for"));
    }
  };
  await ask();
  const timer = setInterval(() => void ask(), ASK_MS);
  return { stop: () => clearInterval(timer) };
}

/** Sweeps one after the other: they are rarely more than a look, and one process shall not do all of them at once. */
export async function takeSweeps(engine: Engine, boss: PgBoss): Promise<void> {
  await boss.work<Due>(SWEEP, LOOK, async ([job]) => {
    const sweep = sweepsOf(engine).find(({ name }) => name === job?.data.sweep);
    // Asked for by another version of this program.
    if (!sweep) return;
    const changed = await runSweep(engine, sweep);
    if (changed > 0) engine.log.info({ sweep: sweep.name, changed }, "swept");
  });
}
