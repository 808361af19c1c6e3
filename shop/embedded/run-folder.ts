import {
  accessSync,
  appendFileSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { messageOf } from "oncepaid/failure";
import { z } from "zod";
import { birthOf, signal, until } from "./alive.ts";
import { type Lock, tryLock } from "./lock.ts";
import { PartError } from "./part-error.ts";

/** Our programs end themselves when their launcher dies, and may finish what they are doing for this long. */
const LEFTOVER_LIMIT_MS = 12_000;
/** bin/bootstrap.mjs looks after npm every 500 ms. */
const NOTICE_LIMIT_MS = 1_500;
/** The sum of what the app, the sandbox and PostgreSQL may take to stop. */
const STOPPING_LIMIT_MS = 22_000;

/** Holds secrets: readable by its owner only. */
const ENVIRONMENT = "environment.json";

/** Everything one running app keeps on disk: `DATA_DIR/<port>/`. One launcher at a time owns it. */
export type RunFolder = {
  dir: string;
  /** Notes a process of ours, so that the next launcher waits for it should this one be killed. */
  note(pid: number): void;
  /** Keeps the variables of the parts it brought while it runs, and no others, so that other commands find those parts. */
  publish(env: Record<string, string>): void;
  /** Says that the owner is about to go, so that the next launcher waits instead of giving up. */
  markStopping(): void;
  release(): void;
};

/** Takes the folder, after what a killed launcher left has ended. Throws PartError when a living one owns it. */
export async function takeRunFolder(dataDir: string, port: number): Promise<RunFolder> {
  const dir = join(dataDir, String(port));
  makeOwned(dir);
  const stopping = join(dir, "stopping");
  const lock = await lockWhenFree(dir, stopping);
  if (!lock) {
    throw new PartError(
      `Oncepaid already runs on port ${port} with the data in ${dir}: stop it with Ctrl-C where it was started, ` +
        `or start this one on another port, for example PORT=${port + 100} npm start.`,
    );
  }
  rmSync(stopping, { force: true });
  const processes = join(dir, "processes");
  const environment = join(dir, ENVIRONMENT);
  await endLeftovers(processes);
  return {
    dir,
    note: (pid) => appendFileSync(processes, `${pid} ${birthOf(pid)}\n`),
    publish: (env) => writeFileSync(environment, JSON.stringify(env), { mode: 0o600 }),
    markStopping: () => writeFileSync(stopping, ""),
    release: () => {
      rmSync(processes, { force: true });
      rmSync(environment, { force: true });
      rmSync(stopping, { force: true });
      lock.release();
    },
  };
}

/** The variables of the parts that the app on a port brought; undefined when none runs there. */
export function publishedEnv(dataDir: string, port: number): Record<string, string> | undefined {
  const file = join(dataDir, String(port), ENVIRONMENT);
  return existsSync(file)
    ? z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, "utf8")))
    : undefined;
}

function makeOwned(dir: string): void {
  try {
    // Enterable by PostgreSQL's own user; what is secret in it is readable by its owner only.
    mkdirSync(dir, { recursive: true, mode: 0o711 });
    accessSync(dir, constants.W_OK);
  } catch (error) {
    throw new PartError(
      `The data folder ${dir} can't be used (${messageOf(error)}): run this as the user who owns it, or set DATA_DIR.`,
    );
  }
}

/** A launcher whose own parent was killed takes a moment to notice, and then some time to stop. */
async function lockWhenFree(dir: string, stopping: string): Promise<Lock | undefined> {
  const started = Date.now();
  let lock: Lock | undefined;
  await until(() => {
    lock = lockRunFolder(dir);
    return lock !== undefined || (Date.now() - started > NOTICE_LIMIT_MS && !existsSync(stopping));
  }, STOPPING_LIMIT_MS);
  return lock;
}

export function lockRunFolder(dir: string): Lock | undefined {
  return tryLock(join(dir, "lock"));
}

async function endLeftovers(processes: string): Promise<void> {
  if (!existsSync(processes)) return;
  const leftovers = readFileSync(processes, "utf8")
    .split("\n")
    .map((line) => ({ pid: Number.parseInt(line, 10), birth: line.slice(line.indexOf(" ") + 1) }));
  const alive = () => leftovers.filter(({ pid, birth }) => pid > 0 && birthOf(pid) === birth);
  if (!(await until(() => alive().length === 0, LEFTOVER_LIMIT_MS))) {
    for (const { pid } of alive()) signal(pid, "SIGKILL");
    await until(() => alive().length === 0, LEFTOVER_LIMIT_MS);
  }
  rmSync(processes);
}
