import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openGate, type PostgresGate } from "../../packages/oncepaid/test/postgres-gate.ts";
import { signal } from "../../shop/embedded/alive.ts";
import type { NodeChild } from "../../shop/embedded/node-child.ts";
import { CLONE_DATA } from "../../shop/embedded/places.ts";
import { freePortsFrom } from "../../shop/embedded/ports.ts";
import { type Postgres, type PostgresOptions, startPostgres } from "../../shop/embedded/postgres.ts";
import { startSandbox } from "../../shop/embedded/sandbox.ts";
import { type Sandbox, sandboxAt } from "../support/sandbox.ts";
import { type ProgramOptions, type Role, startProgram, startWatcher } from "./shop.ts";

export const VICTIMS = ["web", "worker", "PostgreSQL", "the sandbox"] as const;
export type Victim = (typeof VICTIMS)[number];

/** Away from the ports of `npm start` and of the commands that start an app of their own. */
const FIRST_PORT = 43_000;

/** An app in two processes with a database and a Stripe of its own, each of which can be killed and comes back. */
export type World = Awaited<ReturnType<typeof startWorld>>;

/** What is to be different: where PostgreSQL lies and how it is started, and what the two processes are given. */
export type WorldOptions = Pick<ProgramOptions, "env"> & {
  /** Options of Node's, asked for at each start. */
  execArgv?: () => readonly string[];
  startDatabase?: (options: PostgresOptions) => Promise<Postgres>;
  /** The folder of PostgreSQL, where it isn't that of everything. */
  databaseDir?: string;
  settings?: PostgresOptions["settings"];
};

/** The folder of a world that this process starts. */
export const WORLD_DIR = join(CLONE_DATA, `survival-${process.pid}`);

export async function startWorld({
  startDatabase: database = startPostgres,
  databaseDir = WORLD_DIR,
  settings = {},
  env = {},
  execArgv = () => [],
}: WorldOptions = {}) {
  const dir = WORLD_DIR;
  // Enterable by PostgreSQL's own user.
  mkdirSync(dir, { recursive: true, mode: 0o711 });
  const nextPort = freePortsFrom(FIRST_PORT);
  const onSpawn = () => undefined;
  const startDatabase = () => database({ dir: databaseDir, nextPort, durable: true, settings });
  const startStripe = () => startSandbox({ dir, nextPort, onSpawn });

  let [postgres, stripe]: [Postgres, NodeChild] = await Promise.all([startDatabase(), startStripe()]);
  const gates = {
    web: await openGate(postgres.url),
    worker: await openGate(postgres.url),
    stripe: await openGate(stripe.url),
  };
  const webPort = await nextPort();
  const apiKey = randomBytes(32).toString("hex");
  const steady = await openGate(postgres.url);
  const steadyStripe = await openGate(stripe.url);
  const watcher = await startWatcher({ dir, databaseUrl: steady.url, stripeUrl: steadyStripe.url, webPort });
  const { oncepaid, pool, rows, webhookSecret } = watcher;

  const start = (role: Role) =>
    startProgram(role, {
      dir,
      databaseUrl: gates[role].url,
      // What is said through a gate that was shut is lost: nobody but the one that is killed may wait for its answer.
      stripeUrl: role === "web" ? gates.stripe.url : steadyStripe.url,
      webhookSecret,
      apiKey,
      webPort,
      env,
      execArgv: execArgv(),
    });
  const programs = { web: await start("web"), worker: await start("worker") };

  const ended = new Map<Victim, string>();
  /** What ends without having been killed is a failure of its own. */
  const watch = (victim: Victim, { exited, pid }: { exited: Promise<string>; pid: number }) =>
    void exited.then((how) => {
      if (pidOf(victim) === pid) ended.set(victim, how);
    });
  const pidOf = (victim: Victim): number =>
    victim === "PostgreSQL" ? postgres.pid : victim === "the sandbox" ? stripe.pid : programs[victim].pid;
  const part = (victim: Victim) =>
    victim === "PostgreSQL" ? postgres : victim === "the sandbox" ? stripe : programs[victim];
  for (const victim of VICTIMS) watch(victim, part(victim));

  const restart = async (victim: Victim): Promise<void> => {
    if (victim === "PostgreSQL") {
      postgres = await startDatabase();
      for (const gate of [gates.web, gates.worker, steady]) gate.aim(postgres.url);
    } else if (victim === "the sandbox") {
      stripe = await startStripe();
      for (const gate of [gates.stripe, steadyStripe]) gate.aim(stripe.url);
    } else {
      programs[victim] = await start(victim);
    }
    watch(victim, part(victim));
  };
  const kill = async (victim: Victim): Promise<void> => {
    const { pid, exited } = part(victim);
    signal(pid, "SIGKILL");
    await exited;
    ended.delete(victim);
  };

  return {
    dir,
    oncepaid,
    rows,
    apiKey,
    databaseUrl: steady.url,
    /** Where PostgreSQL says what it refused. */
    databaseLog: () => postgres.log,
    webUrl: `http://127.0.0.1:${webPort}/api/oncepaid`,
    gates,
    sandbox: (): Sandbox => sandboxAt(new URL(steadyStripe.url).origin),
    kill,
    restart,
    /** Brings back what ended by itself, as whatever watches over processes does. */
    revive: async (victim: Victim): Promise<void> => {
      await restart(victim);
      ended.delete(victim);
    },
    /** Which of them ended by themselves, and how. */
    ended: () => [...ended],
    stop: async () => {
      await Promise.all([programs.web.stop(), programs.worker.stop()]);
      await pool.end();
      await oncepaid.close();
      const open: PostgresGate[] = [...Object.values(gates), steady, steadyStripe];
      for (const gate of open) gate.close();
      await Promise.all([stripe.stop(), postgres.stop()]);
    },
  };
}

/** What a world has left. */
export function removeWorld(): void {
  rmSync(WORLD_DIR, { recursive: true, force: true });
}
