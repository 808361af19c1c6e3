import type { PgBoss } from "pg-boss";
import { config } from "#/config.ts";
import type { Queue, Work } from "#/jobs.ts";
import { log } from "#/log.ts";
import { sendMail } from "#/notify/send-mail.ts";
import { startBoss } from "#/work/boss.ts";
import { startRelay } from "#/work/relay.ts";

/** What does the work of each queue. It may be called twice with one key; a thrown error means: again later. */
type Handlers = {
  [Name in Queue]: (key: string, data: Work[Name]) => Promise<void>;
};

const HANDLERS: Handlers = {
  mail: sendMail,
  refund: async (key) => {
    throw new Error(`Nothing here can refund yet: ${key}.`);
  },
};

/** Jobs of a queue that this process does at once. */
const CONCURRENCY = 4;
/** Milliseconds the jobs at hand get to finish when the worker stops. */
const GRACE = 7_000;

/** Does queued work in this process until it is stopped. Any number of workers share it. */
export async function startWorker(): Promise<{ stop: () => Promise<void> }> {
  const boss = await startBoss(config().databaseUrl);
  await takeWork(boss, "mail");
  await takeWork(boss, "refund");
  const relay = startRelay(boss);
  return {
    stop: async () => {
      await relay.stop();
      await boss.stop({ graceful: true, timeout: GRACE });
    },
  };
}

async function takeWork<Name extends Queue>(boss: PgBoss, queue: Name): Promise<void> {
  await boss.work<{ key: string; data: Work[Name] }>(
    queue,
    { localConcurrency: CONCURRENCY },
    async (jobs) => {
      for (const { data, retryCount } of jobs) {
        try {
          await HANDLERS[queue](data.key, data.data);
          log().info({ queue, job: data.key, retries: retryCount }, "done");
        } catch (error) {
          log().warn({ queue, job: data.key, retries: retryCount, err: error }, "not done");
          throw error;
        }
      }
    },
  );
}
