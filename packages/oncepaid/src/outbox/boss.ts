import { PgBoss } from "pg-boss";
import { log } from "#/log.ts";
import { DEAD_LETTERS, KEPT, QUEUES } from "#/outbox/queues.ts";

/** pg-boss as we run it: its own schema, its own small pool, so that work never takes a connection from a buyer. */
const SCHEMA = "pgboss";
const POOL_SIZE = 4;
/** Seconds between looks for workers that died; with the heartbeat, a dead worker's job is free within 20 s. */
const MONITOR_SECONDS = 5;

/** Connected and looking after its queues; `stop()` ends it. */
export async function startBoss(databaseUrl: string): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    schema: SCHEMA,
    application_name: "oncepaid-worker",
    max: POOL_SIZE,
    migrate: false,
    createSchema: false,
    // Nothing recurs by calendar here; sweeps have an interval.
    schedule: false,
    useListenNotify: true,
    superviseIntervalSeconds: MONITOR_SECONDS,
    monitorIntervalSeconds: MONITOR_SECONDS,
  });
  boss.on("error", (error) => log().error({ err: error }, "queue"));
  boss.on("warning", ({ message, data }) => log().warn({ data }, message));
  await boss.start();
  return boss;
}

/** Brings pg-boss's own tables and our queues to the newest shape; safe to run on several machines at once. */
export async function migrateQueues(databaseUrl: string): Promise<void> {
  await withBoss(databaseUrl, { migrate: true }, async (boss) => {
    await boss.createQueue(DEAD_LETTERS, KEPT);
    await boss.updateQueue(DEAD_LETTERS, KEPT);
    for (const [name, { policy, ...options }] of Object.entries(QUEUES)) {
      await boss.createQueue(name, { policy, ...options });
      await boss.updateQueue(name, options);
    }
  });
}

/** For one thing that is done at once: nothing is looked after meanwhile. */
export async function withBoss<T>(
  databaseUrl: string,
  { migrate }: { migrate: boolean },
  work: (boss: PgBoss) => Promise<T>,
): Promise<T> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    schema: SCHEMA,
    max: 1,
    migrate,
    supervise: false,
    schedule: false,
    registerInstance: false,
  });
  boss.on("error", () => {});
  await boss.start();
  try {
    return await work(boss);
  } finally {
    await boss.stop({ graceful: false });
  }
}
