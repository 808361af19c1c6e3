import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { birthOf, signal, until } from "./alive.ts";
import { type Lock, tryLock } from "./lock.ts";
import { PartError } from "./part-error.ts";

/** Our programs end themselves when their launcher dies, and may finish what they are doing for this long. */
const LEFTOVER_LIMIT_MS = 12_000;

/** Everything one running app keeps on disk: `DATA_DIR/<port>/`. One launcher at a time owns it. */
export type RunFolder = {
  dir: string;
  /** Notes a process of ours, so that the next launcher waits for it should this one be killed. */
  note(pid: number): void;
  release(): void;
};

/** Takes the folder, after what a killed launcher left has ended. Throws PartError when a living one owns it. */
export async function takeRunFolder(dataDir: string, port: number): Promise<RunFolder> {
  const dir = join(dataDir, String(port));
  // Enterable by PostgreSQL's own user; what is secret in it is readable by its owner only.
  mkdirSync(dir, { recursive: true, mode: 0o711 });
  const lock = lockRunFolder(dir);
  if (!lock) {
    throw new PartError(
      `Oncepaid already runs on port ${port} with the data in ${dir}: stop it with Ctrl-C where it was started, ` +
        `or start this one on another port, for example PORT=${port + 100} npm start.`,
    );
  }
  const processes = join(dir, "processes");
  await endLeftovers(processes);
  return {
    dir,
    note: (pid) => appendFileSync(processes, `${pid} ${birthOf(pid)}\n`),
    release: () => {
      rmSync(processes, { force: true });
      lock.release();
    },
  };
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
