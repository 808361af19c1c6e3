import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statfsSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { birthOf } from "../../shop/embedded/alive.ts";
import { TEST_DATA } from "../../shop/embedded/places.ts";
import { stopOrphan } from "../../shop/embedded/postgres-orphan.ts";

/**
 * Where each run of `npm test` keeps what is gone when it is over: databases, files, mails. In memory where there is plenty. A copy of
 * the template is hundreds of files, and to make those on a disk costs ten times as much as the copying.
 */
const RUNS = join(TEST_DATA, "runs");
/** Linux keeps in memory what is written there. */
const MEMORY = "/dev/shm";
/** A run has taken up to 2 GiB. */
const PLENTY_BYTES = 6 * 1024 ** 3;

/** The folder of this process's run, empty. */
export function openRunFolder(): string {
  mkdirSync(RUNS, { recursive: true });
  const run = join(RUNS, String(process.pid));
  if (hasPlentyOfMemory()) symlinkSync(folderInMemory(), run);
  else mkdirSync(run);
  return realpathSync(run);
}

export function removeRunFolder(pid: number | string = process.pid): void {
  const run = join(RUNS, String(pid));
  const inMemory = linkAt(run);
  if (inMemory !== undefined) rmSync(inMemory, { recursive: true, force: true });
  rmSync(run, { recursive: true, force: true });
}

/** A run that was killed leaves its folder, and where nothing ends the server with its launcher, that too. */
export async function clearFinishedRuns(): Promise<void> {
  mkdirSync(RUNS, { recursive: true });
  for (const pid of readdirSync(RUNS)) {
    // In a container a killed run may have had this very number.
    if (Number(pid) !== process.pid && birthOf(Number(pid)) !== undefined) continue;
    await stopOrphan(join(RUNS, pid, "postgres"));
    removeRunFolder(pid);
  }
}

/** Where it leads; after a restart of the machine nothing is there any more. */
function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function hasPlentyOfMemory(): boolean {
  if (process.availableMemory() < PLENTY_BYTES) return false;
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= PLENTY_BYTES;
  } catch {
    return false;
  }
}

/** PostgreSQL's own user has to get through it. */
function folderInMemory(): string {
  const folder = mkdtempSync(join(MEMORY, "oncepaid-test-"));
  chmodSync(folder, 0o711);
  return folder;
}
