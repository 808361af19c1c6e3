import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { heardIn, type Trouble } from "./trouble.ts";

/**
 * Somebody ends the app's connections to PostgreSQL and takes every one that can be had; and more people buy than the pools have
 * connections. Web, worker and the process that looks may have twenty each, and a few more for jobs and for tables of the app's own.
 */
const MOST = 90;
const AGAIN_MS = 50;

export const connections: Trouble = {
  buyers: 40,
  mayEnd: [],
  world: () => ({ settings: { max_connections: MOST } }),
  begin: async ({ databaseUrl, databaseLog }) => {
    const taken: pg.Client[] = [];
    let isOver = false;
    const taking = (async () => {
      while (!isOver) {
        const one = await take(databaseUrl);
        if (one) taken.push(one);
        else await pause(AGAIN_MS);
      }
    })();
    return {
      isFelt: heardIn(databaseLog(), /too many clients|connection slots are reserved/),
      end: async () => {
        isOver = true;
        await taking;
        await Promise.all(taken.map((one) => one.end()));
      },
    };
  },
};

/** One more connection, and one less of the app's. */
async function take(connectionString: string): Promise<pg.Client | undefined> {
  const client = new pg.Client({ connectionString, application_name: "taker" });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where usename = current_user and application_name <> 'taker' and pid <> pg_backend_pid() limit 1`,
    );
    return client;
  } catch {
    await client.end().catch(() => {});
    return undefined;
  }
}
