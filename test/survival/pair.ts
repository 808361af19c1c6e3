import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "oncepaid/failure";
import pg from "pg";
import { signal, until } from "../../shop/embedded/alive.ts";
import type { NextPort } from "../../shop/embedded/ports.ts";
import { type Postgres, startPostgres } from "../../shop/embedded/postgres.ts";
import { keptSecret, openCluster, SUPERUSER } from "../../shop/embedded/postgres-cluster.ts";
import { startServer } from "../../shop/embedded/postgres-server.ts";

/**
 * A primary and a standby that has each write before it is acknowledged. The primary can be killed, the standby takes over, and a new
 * standby is made of it.
 */

const REPLICATED = { wal_level: "replica", max_wal_senders: 8, wal_keep_size: "512MB" };
/** Made anew by the server that starts on a copy. */
const LEFT_OUT = new Set(["postmaster.pid", "postmaster.opts"]);
const EMPTY = new Set(["pg_wal", "pg_replslot", "pg_stat_tmp", "pg_notify", "pg_subtrans"]);
const FOLLOWS_LIMIT_MS = 30_000;

type Running = { dir: string; port: number; pid: number; exited: Promise<string>; stop(): Promise<void> };

export async function startPair(dir: string, nextPort: NextPort) {
  const first = join(dir, "one");
  mkdirSync(first, { recursive: true, mode: 0o711 });
  const made: Postgres = await startPostgres({ dir: first, nextPort, durable: true, settings: REPLICATED });
  const ports = { one: made.port, two: await nextPort() };
  const password = keptSecret(join(first, "postgres-password"));
  const admin = (port: number) => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;
  let primary: Running = { ...made, dir: first };
  let standby: Running = await startStandby(primary, { dir: join(dir, "two"), port: ports.two });

  async function startStandby(of: Running, place: { dir: string; port: number }): Promise<Running> {
    await copyOf(of, place.dir, admin(of.port));
    const cluster = await openCluster(place.dir);
    const server = await startServer(cluster, {
      port: place.port,
      durable: true,
      log: join(place.dir, "postgres.log"),
      settings: REPLICATED,
    });
    // From now on nothing is acknowledged that the standby hasn't written.
    await ask(admin(of.port), "alter system set synchronous_standby_names = '*'");
    await ask(admin(of.port), "select pg_reload_conf()");
    const follows = await until(
      async () =>
        (await ask(admin(of.port), "select from pg_stat_replication where sync_state = 'sync'")) === 1,
      FOLLOWS_LIMIT_MS,
    );
    if (!follows) throw new Error("The standby doesn't follow.");
    return { ...server, dir: place.dir };
  }

  return {
    /** Both, as they stand in `DATABASE_URL`. */
    url: [ports.one, ports.two].map((port) => onPort(made.url, port)).join(","),
    killPrimary: async () => {
      signal(primary.pid, "SIGKILL");
      await primary.exited;
    },
    promote: async () => {
      await ask(admin(standby.port), "select pg_promote()");
      const dead = primary;
      primary = standby;
      return dead;
    },
    /** The place of the one that was killed gets a new standby. */
    rejoin: async (dead: Running) => {
      rmSync(dead.dir, { recursive: true, force: true });
      standby = await startStandby(primary, { dir: dead.dir, port: dead.port });
    },
    stop: async () => {
      await standby.stop();
      await primary.stop();
    },
  };

  /** The files of a running server, as they are good for a standby of it. */
  async function copyOf(of: Running, to: string, url: string): Promise<void> {
    mkdirSync(to, { recursive: true, mode: 0o711 });
    const backup = new pg.Client({ connectionString: url });
    await backup.connect();
    try {
      await backup.query("select pg_backup_start('standby', fast => true)");
      const { account } = await openCluster(of.dir);
      const data = join(to, "postgres");
      copyFolder(join(of.dir, "postgres"), data);
      writeFileSync(join(to, "postgres-password"), password, { mode: 0o600 });
      const { rows } = await backup.query<{ labelfile: string }>("select labelfile from pg_backup_stop()");
      writeFileSync(join(data, "backup_label"), rows[0]?.labelfile ?? "", { mode: 0o600 });
      writeFileSync(join(data, "standby.signal"), "", { mode: 0o600 });
      const conninfo = `host=127.0.0.1 port=${of.port} user=${SUPERUSER} password=${password}`;
      const settings = `primary_conninfo = '${conninfo}'\nsynchronous_standby_names = ''\n`;
      await appendFile(join(data, "postgresql.auto.conf"), settings);
      if (account) own(data, account);
    } finally {
      await backup.end();
    }
  }
}

function onPort(url: string, port: number): string {
  const other = new URL(url);
  other.port = String(port);
  return other.href;
}

/** How many rows it answers. */
async function ask(url: string, text: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

/** The server goes on meanwhile: a file that goes is not missed, because the log tells what became of it. */
function copyFolder(from: string, to: string): void {
  mkdirSync(to, { mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (LEFT_OUT.has(entry.name)) continue;
    if (EMPTY.has(entry.name)) mkdirSync(copy, { mode: 0o700 });
    else if (entry.isDirectory()) copyFolder(source, copy);
    else copyFile(source, copy);
  }
}

function copyFile(from: string, to: string): void {
  try {
    copyFileSync(from, to);
    chmodSync(to, 0o600);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

function own(path: string, account: { uid: number; gid: number }): void {
  chownSync(path, account.uid, account.gid);
  if (!statSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) own(join(path, name), account);
}
