import { config } from "oncepaid-shop/config.ts";
import { sendMail } from "oncepaid-shop/mails/send-mail.ts";
import type { JobResult, PgBoss } from "pg-boss";
import { refundOrder } from "#/checkout/refund.ts";
import { log } from "#/log.ts";
import { sendOutboundWebhook } from "#/notify/outbound-webhook.ts";
import { startBoss } from "#/outbox/boss.ts";
import { Hopeless, type Queue, type Work } from "#/outbox/jobs.ts";
import { startRelay } from "#/outbox/relay.ts";
import { checkTrial } from "#/plans/trials.ts";
import { startSchedule, takeSweeps } from "#/work/schedule.ts";

/** What does the work of each queue. It may be called twice with one key; a thrown error means: again later, unless it is Hopeless. */
type Handlers = { [Name in Queue]: (key: string, data: Work[Name]) => Promise<void> };

const HANDLERS: Handlers = {
  mail: sendMail,
  outbound_webhook: sendOutboundWebhook,
  refund: refundOrder,
  trial_card: (_key, { orderId, subscriptionId }) => checkTrial(orderId, subscriptionId),
};

/** Jobs of one queue that this process takes and does at once: a mail server or a receiver waits far more than we do. */
const AT_ONCE = 10;
/** Seconds between looks. New jobs announce themselves; those that are due again, or whose worker died, don't. */
const LOOK_SECONDS = 2;
/** Milliseconds the jobs at hand get to finish when the worker stops; the rest is done by others, or later. */
const GRACE = 7_000;

export type Worker = { stop: () => Promise<void> };

/** Does queued and scheduled work in this process until it is stopped. Any number of workers share it. */
export async function startWorker(): Promise<Worker> {
  const boss = await startBoss(config().databaseUrl);
  await takeWork(boss, "mail");
  await takeWork(boss, "outbound_webhook");
  await takeWork(boss, "refund");
  await takeWork(boss, "trial_card");
  await takeSweeps(boss);
  const schedule = await startSchedule(boss);
  const relay = startRelay(boss);
  return {
    stop: async () => {
      schedule.stop();
      await relay.stop();
      await boss.stop({ graceful: true, timeout: GRACE });
    },
  };
}

async function takeWork<Name extends Queue>(boss: PgBoss, queue: Name): Promise<void> {
  type Queued = { key: string; data: Work[Name] };
  await boss.work<Queued, unknown, typeof TAKE>(queue, TAKE, (jobs) =>
    Promise.all(
      jobs.map(async ({ id, data: { key, data }, retryCount: retries }): Promise<JobResult> => {
        try {
          await HANDLERS[queue](key, data);
          log().info({ queue, job: key, retries }, "job done");
          return { id, status: "completed" };
        } catch (error) {
          const output = { message: messageOf(error) };
          if (error instanceof Hopeless) {
            log().warn({ queue, job: key, retries, err: error }, "job given up");
            return { id, status: "deadletter", output };
          }
          log().warn({ queue, job: key, retries, err: error }, "job failed; it is tried again");
          return { id, status: "failed", output };
        }
      }),
    ),
  );
}

const TAKE = {
  batchSize: AT_ONCE,
  perJobResults: true,
  burstWhenBatchFull: true,
  pollingIntervalSeconds: LOOK_SECONDS,
  notifyPollingIntervalSeconds: LOOK_SECONDS,
} as const;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
