import type { JobResult, JobWithMetadata, PgBoss } from "pg-boss";
import { answerFraudWarning } from "#/checkout/fraud-warning.ts";
import { refundOrder } from "#/checkout/refund.ts";
import { resumeBilling } from "#/checkout/resume-billing.ts";
import { stopBilling } from "#/checkout/stop-billing.ts";
import type { Engine } from "#/engine.ts";
import { messageOf } from "#/failure.ts";
import { deliver } from "#/notify/deliver.ts";
import { startBoss } from "#/outbox/boss.ts";
import { Hopeless, type Queue, type Work } from "#/outbox/jobs.ts";
import { startRelay } from "#/outbox/relay.ts";
import { checkTrial } from "#/plans/trials.ts";
import { carryOut } from "#/support/carry-out.ts";
import { refundBookingLine } from "#/support/refund-booking-line.ts";
import { traced } from "#/trace.ts";
import { startSchedule, takeSweeps } from "#/work/schedule.ts";
import type { Worker } from "#/work/started.ts";

/** What does the work of each queue. It may be called twice with one key; a thrown error means: again later, unless it is Hopeless. */
type Handlers = { [Name in Queue]: DoWork<Work[Name]> };

const HANDLERS: Handlers = {
  after: (engine, key, happening) => engine.hooks.runAfter(engine, key, happening),
  outbound_webhook: deliver,
  refund: async (engine, key, job) => {
    // A canceled date is no reason to take back what was bought with it.
    const isLine = job.reason === "slot_canceled" && (await refundBookingLine(engine, job.orderId));
    if (!isLine) await refundOrder(engine, key, job);
  },
  support: async (engine, _key, { actionId }) => void (await carryOut(engine, actionId)),
  trial_card: (engine, _key, { orderId, subscriptionId }) => checkTrial(engine, orderId, subscriptionId),
  stop_billing: stopBilling,
  fraud_warning: answerFraudWarning,
  resume_billing: resumeBilling,
};

/** Jobs of one queue that this process takes and does at once: a mail server or a receiver waits far more than we do. */
const AT_ONCE = 10;
/** Seconds between looks. New jobs announce themselves; those that are due again, or whose worker died, don't. */
const LOOK_SECONDS = 2;
/** What the jobs at hand get to finish when the worker stops; the rest is done by others, or later. */
export const STOP_GRACE_MS = 7_000;

/** Does queued and scheduled work in this process until it is stopped. Any number of workers share it. */
export async function startWorker(engine: Engine): Promise<Worker> {
  const boss = await startBoss(engine);
  await takeQueues(engine, boss);
  await takeSweeps(engine, boss);
  const schedule = await startSchedule(engine, boss);
  const relay = startRelay(engine, boss);
  return {
    stop: async () => {
      schedule.stop();
      await relay.stop();
      await boss.stop({ graceful: true, timeout: STOP_GRACE_MS });
    },
  };
}

/** Takes the jobs of the engine's queues and of the app's. */
export async function takeQueues(engine: Engine, boss: PgBoss): Promise<void> {
  for (const queue of Object.keys(HANDLERS).filter(isOwn)) await takeOwn(engine, boss, queue);
  for (const [queue, work] of Object.entries(engine.queues.work)) {
    await takeWork<unknown>(engine, boss, queue, (_engine, key, data) => work(key, data));
  }
}

function isOwn(queue: string): queue is Queue {
  return Object.hasOwn(HANDLERS, queue);
}

function takeOwn<Name extends Queue>(engine: Engine, boss: PgBoss, queue: Name): Promise<void> {
  return takeWork<Work[Name]>(engine, boss, queue, HANDLERS[queue]);
}

/** `isLast`: if this try fails, the job is given up. */
type DoWork<Data> = (engine: Engine, key: string, data: Data, isLast: boolean) => Promise<void>;

type Taken<Data> = JobWithMetadata<{ key: string; data: Data }>;

async function takeWork<Data>(
  engine: Engine,
  boss: PgBoss,
  queue: string,
  doWork: DoWork<Data>,
): Promise<void> {
  type Queued = { key: string; data: Data };
  await boss.work<Queued, unknown, typeof TAKE>(queue, TAKE, (jobs) =>
    Promise.all(jobs.map((job) => tryJob(engine, queue, job, doWork))),
  );
}

/** One try of one job, which says what became of it. */
async function tryJob<Data>(
  engine: Engine,
  queue: string,
  { id, data: { key, data }, retryCount: retries, retryLimit }: Taken<Data>,
  doWork: DoWork<Data>,
): Promise<JobResult> {
  const { jobs, jobSeconds } = engine.shared.meters;
  const stopTimer = jobSeconds.startTimer({ queue });
  const ended = (status: JobResult["status"], output?: object): JobResult => {
    stopTimer();
    jobs.inc({ queue, outcome: status });
    return { id, status, ...(output && { output }) };
  };
  try {
    await traced("job", { "oncepaid.queue": queue, "oncepaid.retries": retries }, () =>
      doWork(engine, key, data, retries >= retryLimit),
    );
    engine.log.info({ queue, job: key, retries }, "job done");
    return ended("completed");
  } catch (error) {
    const output = { message: messageOf(error) };
    if (error instanceof Hopeless) {
      engine.log.warn({ queue, job: key, retries, err: error }, "job given up");
      return ended("deadletter", output);
    }
    engine.log.warn({ queue, job: key, retries, err: error }, "job failed; it is tried again");
    return ended("failed", output);
  }
}

const TAKE = {
  batchSize: AT_ONCE,
  perJobResults: true,
  includeMetadata: true,
  burstWhenBatchFull: true,
  pollingIntervalSeconds: LOOK_SECONDS,
  notifyPollingIntervalSeconds: LOOK_SECONDS,
} as const;
