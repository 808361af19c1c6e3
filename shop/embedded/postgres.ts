import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { Client, escapeIdentifier, escapeLiteral } from "pg";
import { type NextPort, onFreePort } from "./ports.ts";
import { keptSecret, openCluster, SUPERUSER } from "./postgres-cluster.ts";
import { stopOrphan } from "./postgres-orphan.ts";
import { startServer } from "./postgres-server.ts";

/** The role the app uses: owner of its database, nobody on the machine. */
const APP_ROLE = "oncepaid";

export type Postgres = {
  port: number;
  /** The app's database as the app's role, which may also create databases. */
  url: string;
  pid: number;
  log: string;
  /** Settles when the server is gone, with how it went: "exit code 1". */
  exited: Promise<string>;
  stop(): Promise<void>;
};

export type PostgresOptions = {
  /** The folder of the server: data, passwords and log. The caller makes sure that nobody else uses it. */
  dir: string;
  nextPort: NextPort;
  /** Off only where the data is thrown away: a crash of the machine may then lose or damage it. */
  durable: boolean;
  /** More of PostgreSQL's settings, or others than those of an app on one machine. */
  settings?: Readonly<Record<string, string | number>>;
};

/** Starts the PostgreSQL kept in `dir`, after ending one that an earlier, killed run left behind. */
export async function startPostgres({
  dir,
  nextPort,
  durable,
  settings = {},
}: PostgresOptions): Promise<Postgres> {
  const cluster = await openCluster(dir);
  await stopOrphan(cluster.dataDir);
  const log = join(dir, "postgres.log");
  if (existsSync(log)) renameSync(log, join(dir, "postgres.previous.log"));
  const appPassword = keptSecret(join(dir, "postgres-app-password"));
  const server = await onFreePort(nextPort, (port) => startServer(cluster, { port, durable, log, settings }));
  await createAppDatabase(urlOf(SUPERUSER, cluster.superuserPassword, server.port, "postgres"), appPassword);
  return { ...server, log, url: urlOf(APP_ROLE, appPassword, server.port, APP_ROLE) };
}

function urlOf(role: string, password: string, port: number, database: string): string {
  return `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;
}

async function createAppDatabase(superuserUrl: string, password: string): Promise<void> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const role = escapeIdentifier(APP_ROLE);
    const known = await client.query<{ role: boolean; database: boolean }>(
      `select exists (select from pg_roles where rolname = $1) as role,
              exists (select from pg_database where datname = $1) as database`,
      [APP_ROLE],
    );
    const verb = known.rows[0]?.role ? "alter" : "create";
    await client.query(`${verb} role ${role} login createdb password ${escapeLiteral(password)}`);
    if (!known.rows[0]?.database) await client.query(`create database ${role} owner ${role}`);
  } finally {
    await client.end();
  }
}
