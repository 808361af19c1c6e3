import pg from "pg";
import type { ConstructorOptions, PgBoss } from "pg-boss";
import type { Pool } from "#/database/connection.ts";
import type { Ground } from "#/database/database.ts";
import { addressesIn, isPooled, openPool } from "#/database/pool.ts";
import type { Engine } from "#/engine.ts";
import { APP_QUEUE, DEAD_LETTERS, KEPT, QUEUES } from "#/outbox/queues.ts";

/** pg-boss as we run it: in a schema beside the engine's, with its own small pool, so that work never takes a connection from a buyer. */
const POOL_SIZE = 4;
const NAME = "oncepaid-worker";
/** Seconds between looks for workers that died; with the heartbeat, a dead worker's job is free within 20 s. */
const MONITOR_SECONDS = 5;

function jobsSchema(schema: string): string {
  return `${schema}_jobs`;
}

type Connections = {
  options: ConstructorOptions;
  /** Ends what was opened here. */
  end: () => Promise<void>;
};

/** Loaded by those who work: requests and most commands of a terminal begin without it and the calendars it brings. */
const loadPgBoss = () => import("pg-boss");

/** Connections of the queues' own, or the pool the app brought. */
function connectionsOf({ database, schema }: Ground, max: number): Connections {
  const jobs = { schema: jobsSchema(schema) };
  if (typeof database !== "string") return { options: { ...jobs, db: on(database) }, end: async () => {} };
  if (isDirect(database)) {
    const own = { connectionString: database, max, application_name: NAME };
    return { options: { ...jobs, ...own, useListenNotify: true }, end: async () => {} };
  }
  const pool = openPool(database, { max, applicationName: NAME });
  return { options: { ...jobs, db: on(pool) }, end: () => pool.end() };
}

/**
 * One server, and nothing before it: only there a connection hears LISTEN for good, and tells of new jobs. Elsewhere, as on a pool
 * the app brought, they are looked for.
 */
function isDirect(database: string): boolean {
  return addressesIn(database).length === 1 && !isPooled(database);
}

function on(pool: Pool) {
  return {
    executeSql: (text: string, values: unknown[] = []) => pool.query({ text, values, types: pg.types }),
  };
}

/** Connected and looking after its queues; `stop()` ends it. */
export async function startBoss(engine: Engine): Promise<PgBoss> {
  const { PgBoss } = await loadPgBoss();
  const { options, end } = connectionsOf(engine.settings, POOL_SIZE);
  const boss = new PgBoss({
    ...options,
    migrate: false,
    createSchema: false,
    // Nothing recurs by calendar here; sweeps have an interval.
    schedule: false,
    superviseIntervalSeconds: MONITOR_SECONDS,
    monitorIntervalSeconds: MONITOR_SECONDS,
  });
  boss.on("error", (error) => engine.log.error({ err: error }, "queue"));
  boss.on("warning", ({ message, data }) => engine.log.warn({ data }, message));
  boss.on("stopped", () => void end());
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
  const { PgBoss } = await loadPgBoss();
  const { options, end } = connectionsOf(ground, 1);
  const boss = new PgBoss({
    ...options,
    useListenNotify: false,
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
    await end();
  }
}
