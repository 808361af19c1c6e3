import pg from "pg";
import { PgBoss } from "pg-boss";
import type { Ground } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { APP_QUEUE, DEAD_LETTERS, KEPT, QUEUES } from "#/outbox/queues.ts";

/** pg-boss as we run it: in a schema beside the engine's, with its own small pool, so that work never takes a connection from a buyer. */
const POOL_SIZE = 4;
/** Seconds between looks for workers that died; with the heartbeat, a dead worker's job is free within 20 s. */
const MONITOR_SECONDS = 5;

function jobsSchema(schema: string): string {
  return `${schema}_jobs`;
}

/** Connections of the queues' own, or the pool the app brought. */
function connectionOf({ database, schema }: Ground, max: number) {
  const jobs = { schema: jobsSchema(schema), application_name: "oncepaid-worker" };
  if (typeof database === "string") return { ...jobs, connectionString: database, max };
  const executeSql = (text: string, values: unknown[] = []) =>
    database.query({ text, values, types: pg.types });
  return { ...jobs, db: { executeSql } };
}

/** Connected and looking after its queues; `stop()` ends it. */
export async function startBoss(engine: Engine): Promise<PgBoss> {
  const boss = new PgBoss({
    ...connectionOf(engine.settings, POOL_SIZE),
    migrate: false,
    createSchema: false,
    // Nothing recurs by calendar here; sweeps have an interval.
    schedule: false,
    // An app's own pool may stand behind a proxy that knows no LISTEN: then new jobs are looked for.
    useListenNotify: typeof engine.settings.database === "string",
    superviseIntervalSeconds: MONITOR_SECONDS,
    monitorIntervalSeconds: MONITOR_SECONDS,
  });
  boss.on("error", (error) => engine.log.error({ err: error }, "queue"));
  boss.on("warning", ({ message, data }) => engine.log.warn({ data }, message));
  await boss.start();
  return boss;
}

/** Brings pg-boss's own tables and our queues to the newest shape; safe to run on several machines at once. */
export async function migrateQueues(ground: Ground, appQueues: readonly string[]): Promise<void> {
  await withBoss(ground, { migrate: true }, async (boss) => {
    await boss.createQueue(DEAD_LETTERS, KEPT);
    await boss.updateQueue(DEAD_LETTERS, KEPT);
    const all = { ...QUEUES, ...Object.fromEntries(appQueues.map((name) => [name, APP_QUEUE])) };
    for (const [name, { policy, ...options }] of Object.entries(all)) {
      await boss.createQueue(name, { policy, ...options });
      await boss.updateQueue(name, options);
    }
  });
}

/** For one thing that is done at once: nothing is looked after meanwhile. */
export async function withBoss<T>(
  ground: Ground,
  { migrate }: { migrate: boolean },
  work: (boss: PgBoss) => Promise<T>,
): Promise<T> {
  const boss = new PgBoss({
    ...connectionOf(ground, 1),
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
