import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { codeOf } from "oncepaid/failure";
import { Client } from "pg";
import { signal, until } from "./alive.ts";
import { endingOf, settlesWithin } from "./child.ts";
import { postgresEnv } from "./child-env.ts";
import { PartError } from "./part-error.ts";
import { type Cluster, SUPERUSER } from "./postgres-cluster.ts";

/** Replaying the log of a run that was killed takes its time; a server that can't start exits and ends the wait. */
const START_LIMIT_MS = 120_000;
/** A fast shutdown writes a checkpoint; past this the immediate one leaves that to the next start. */
const FAST_STOP_LIMIT_MS = 6_000;
const IMMEDIATE_STOP_LIMIT_MS = 2_000;
/** Backends of a killed server notice within moments; until then the next one may not touch the files. */
const STILL_IN_USE_LIMIT_MS = 15_000;

export type Server = { port: number; pid: number; exited: Promise<string>; stop(): Promise<void> };
type ServerOptions = {
  port: number;
  durable: boolean;
  log: string;
  /** More of PostgreSQL's settings, or others. */
  settings?: Readonly<Record<string, string | number>>;
};

/** Starts the server and waits until it answers. */
export async function startServer(cluster: Cluster, options: ServerOptions): Promise<Server> {
  let server: Server | undefined;
  let why: string | undefined;
  await until(async () => {
    server = spawnServer(cluster, options);
    why = await whyNotReady(server, cluster, options.log);
    return why === undefined || !why.includes("is still in use");
  }, STILL_IN_USE_LIMIT_MS);
  if (server && why === undefined) return server;
  await server?.stop();
  throw new PartError(
    `PostgreSQL can't start: ${why}; look into ${options.log}, or set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

function spawnServer(cluster: Cluster, { port, durable, log, settings: more = {} }: ServerOptions): Server {
  const settings = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    timezone: "UTC",
    log_timezone: "UTC",
    // Nobody replicates from here, so the log carries only what a restart needs.
    wal_level: "minimal",
    max_wal_senders: 0,
    log_checkpoints: "off",
    ...(durable ? {} : { fsync: "off", full_page_writes: "off", synchronous_commit: "off" }),
    ...more,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const { command, args, ...identity } = cluster.command("postgres", ["-D", cluster.dataDir, ...flags]);
  const out = openSync(log, "a", 0o600);
  // A session of its own: Ctrl-C in a terminal goes to every process of the session, and the database stops last.
  const child = spawn(command, args, {
    ...identity,
    env: postgresEnv(),
    cwd: "/",
    stdio: ["ignore", out, out],
    detached: true,
  });
  closeSync(out);
  const exited = endingOf(child);
  const pid = child.pid ?? 0;
  return { port, pid, exited, stop: () => stopServer(pid, exited) };
}

async function stopServer(pid: number, exited: Promise<string>): Promise<void> {
  if (pid === 0) return;
  signal(pid, "SIGINT");
  if (await settlesWithin(exited, FAST_STOP_LIMIT_MS)) return;
  signal(pid, "SIGQUIT");
  if (await settlesWithin(exited, IMMEDIATE_STOP_LIMIT_MS)) return;
  signal(pid, "SIGKILL");
  await exited;
}

async function whyNotReady(server: Server, cluster: Cluster, log: string): Promise<string | undefined> {
  let ending: string | undefined;
  let refusal: string | undefined;
  server.exited.then((how) => {
    ending = how;
  });
  const settled = await until(async () => {
    if (ending !== undefined) return true;
    refusal = await connectionRefusal(cluster, server.port);
    return refusal === undefined || refusal === WRONG_PASSWORD;
  }, START_LIMIT_MS);
  if (ending !== undefined) return lastComplaint(log) ?? ending;
  if (refusal === WRONG_PASSWORD) return `the password kept beside ${cluster.dataDir} is not the server's`;
  return settled ? undefined : `it did not answer within ${START_LIMIT_MS / 1000} s`;
}

/** `invalid_password` in PostgreSQL's list of error codes. */
const WRONG_PASSWORD = "28P01";

async function connectionRefusal(cluster: Cluster, port: number): Promise<string | undefined> {
  const client = new Client({
    host: "127.0.0.1",
    port,
    user: SUPERUSER,
    password: cluster.superuserPassword,
    database: "postgres",
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return codeOf(error) ?? "refused";
  } finally {
    await client.end();
  }
}

function lastComplaint(log: string): string | undefined {
  const complaints = readFileSync(log, "utf8").match(/(?<=(FATAL|PANIC|error while loading[^:]*):\s+).*/g);
  return complaints?.at(-1);
}
