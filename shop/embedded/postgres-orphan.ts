import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { birthOf, signal, until } from "./alive.ts";
import { PartError } from "./part-error.ts";

const FAST_STOP_LIMIT_MS = 15_000;
const IMMEDIATE_STOP_LIMIT_MS = 10_000;

/**
 * Ends a server that outlived its launcher. The caller holds the folder's lock, so no living launcher wants it.
 * Stopped rather than taken over: its port, settings and log were chosen for another run.
 */
export async function stopOrphan(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, "postmaster.pid");
  const pid = postmasterOf(pidFile);
  if (pid === undefined) return;
  if (birthOf(pid) === undefined || !servesFrom(pid, dataDir)) {
    // PostgreSQL takes any process of that number for a server: a stranger who got the number after a reboot, or the
    // dead server itself where nobody reaps it. Safe: its check for leftover backends does not need this file.
    rmSync(pidFile, { force: true });
    return;
  }
  const gone = () => birthOf(pid) === undefined;
  signal(pid, "SIGINT");
  if (await until(gone, FAST_STOP_LIMIT_MS)) return;
  signal(pid, "SIGQUIT");
  if (await until(gone, IMMEDIATE_STOP_LIMIT_MS)) return;
  throw new PartError(
    `PostgreSQL can't start: an earlier server (process ${pid}) still uses ${dataDir} and does not stop; end it with kill ${pid}.`,
  );
}

function postmasterOf(pidFile: string): number | undefined {
  if (!existsSync(pidFile)) return undefined;
  const pid = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

/** A postmaster's working directory is its data directory. */
function servesFrom(pid: number, dataDir: string): boolean {
  if (process.platform !== "linux") {
    return spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout.includes(
      dataDir,
    );
  }
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDir);
  } catch {
    return false;
  }
}
