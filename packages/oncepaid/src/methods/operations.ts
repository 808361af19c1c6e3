import { type By, THE_APP } from "#/caller.ts";
import { type AppJob, closeEngine, type Engine } from "#/engine.ts";
import { checkHealth } from "#/operations/health.ts";
import { migrate } from "#/operations/migrate.ts";
import { listJobs, replayJobs } from "#/outbox/given-up.ts";
import { enqueue } from "#/outbox/jobs.ts";
import { waitingJobs } from "#/outbox/waiting.ts";
import { planPush } from "#/prices/plan-push.ts";
import { push } from "#/prices/push.ts";
import { type ReconcileOptions, reconcile } from "#/recovery/reconcile/reconcile.ts";
import { dismissEvent, listEvents, replayEvent } from "#/webhooks/inbox.ts";
import { workAfterAnswer, workOnce } from "#/work/round.ts";
import { startWorker } from "#/work/worker.ts";

/** Running it: what waits for a person, and what the commands of `npx oncepaid` do too. */
export function operationMethods(engine: Engine) {
  return {
    /** Events of Stripe's that were not applied. */
    events: {
      /**
       * Those that failed, or that a person has to look at.
       *
       * @example
       * for (const { id, error } of await oncepaid.events.list("failed")) show(id, error);
       */
      list: (outcome: "failed" | "quarantined") => listEvents(engine, outcome),
      /**
       * Applies one again, through the webhook's own door.
       *
       * @example
       * const replayed = await oncepaid.events.replay("evt_1", { by: staff.email });
       */
      replay: (id: string, { by = THE_APP }: By = {}) => replayEvent(engine, id, by),
      /**
       * Says that nothing is to follow from one.
       *
       * @example
       * await oncepaid.events.dismiss("evt_1", { by: staff.email });
       */
      dismiss: (id: string, { by = THE_APP }: By = {}) => dismissEvent(engine, id, by),
    },
    /** Work that was given up, and what waits. */
    jobs: {
      /**
       * Writes jobs for queues of the app's own (the option `queues`).
       *
       * @example
       * await oncepaid.jobs.add([{ queue: "mail", key: `code:${id}`, data: { email } }]);
       */
      add: (jobs: readonly AppJob[]) => enqueue(engine, engine.database, jobs),
      /**
       * What was given up, with the reason.
       *
       * @example
       * const { total, jobs } = await oncepaid.jobs.list();
       */
      list: () => listJobs(engine),
      /**
       * What waits in one queue, as it will be done, at most a hundred; with why it failed where it was tried already.
       *
       * @example
       * for (const { key, dueAt, error } of await oncepaid.jobs.waiting("mail")) show(key, dueAt, error);
       */
      waiting: (queue: string) => waitingJobs(engine, queue),
      /**
       * Tries what was given up again: these, or, where none are named, all of them. Tells how many.
       *
       * @example
       * await oncepaid.jobs.replay([job.id], { by: staff.email });
       */
      replay: (ids?: string[], { by = THE_APP }: By = {}) => replayJobs(engine, { ...(ids && { ids }), by }),
    },
    /**
     * Whether the database can be reached and is migrated, with the age of what waits.
     *
     * @example
     * const { status } = await oncepaid.health(); // "ok"
     */
    health: () => checkHealth(engine),
    /**
     * Compares what is here with what Stripe says, and sets right what was missed.
     *
     * @example
     * await oncepaid.reconcile({ since: Date.now() / 1000 - 86_400 });
     */
    reconcile: async (asked: ReconcileOptions = {}) => {
      const { since } = asked;
      // It answers with no failure for what is no time, so a slip of the program is thrown.
      if (since !== undefined && !(Number.isFinite(since) && since >= 0))
        throw new TypeError("since: Unix seconds, 0 or more.");
      return reconcile(engine, asked);
    },
    /**
     * Makes or brings up to date the two schemas of the engine, and touches nothing else. Tells which migrations were done.
     *
     * @example
     * await oncepaid.migrate();
     */
    migrate: () => migrate(engine.settings, Object.keys(engine.queues.work)),
    /**
     * Makes the prices of the catalog's amounts at Stripe; with `dryRun` only says what would be done. Safe to repeat.
     *
     * @example
     * for (const step of await oncepaid.push({ dryRun: true })) console.log(step);
     */
    push: ({ dryRun = false }: { dryRun?: boolean } = {}) => (dryRun ? planPush(engine) : push(engine)),
    /**
     * Does queued and scheduled work in this process until `stop` is called. Any number of processes share it.
     *
     * @example
     * const worker = await oncepaid.work();
     * process.once("SIGTERM", () => void worker.stop());
     */
    work: () => startWorker(engine),
    /**
     * One bounded round of everything that is due, for a host that has only a cron.
     *
     * @example
     * const { jobsLeft } = await oncepaid.sweep();
     */
    sweep: () => workOnce(engine),
    /**
     * Does the work that requests of this process have left, where no worker runs in it: `oncepaid/next` calls it.
     *
     * @example
     * context.waitUntil(oncepaid.workAfterAnswer());
     */
    workAfterAnswer: () => workAfterAnswer(engine),
    /**
     * Ends the connections that were opened here; a pool of the app's own is the app's to end.
     *
     * @example
     * await oncepaid.close();
     */
    close: () => closeEngine(engine),
  };
}
