import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "oncepaid/failure";
import { WORLD_DIR, type WorldOptions } from "../world.ts";
import type { Trouble } from "./trouble.ts";

/**
 * A disk that is full: PostgreSQL's own, or that of everything an app on one machine keeps in `.data`. It is a small one in this
 * machine's memory.
 */

const MEBIBYTES = 400;
const CHUNK = Buffer.alloc(1024 * 1024);
/** So that the write-ahead log doesn't take the whole disk by itself. */
const settings = { max_wal_size: "64MB", min_wal_size: "32MB" };
/** Answers that are refused before it counts as felt: several kinds of writing are tried then. */
const FELT = 20;

export const databaseDisk = fullDisk(join(WORLD_DIR, "disk"), ["PostgreSQL"], (databaseDir) => ({
  databaseDir,
  settings,
}));
/** The sandbox, a tool, ends where it can't write down what is due. */
export const dataDisk = fullDisk(WORLD_DIR, ["PostgreSQL", "the sandbox"], () => ({ settings }));

function fullDisk(dir: string, mayEnd: Trouble["mayEnd"], world: (dir: string) => WorldOptions): Trouble {
  return {
    lacks: () => (process.getuid?.() === 0 ? undefined : "only root mounts a small disk"),
    buyers: 6,
    mayEnd,
    world: () => {
      mkdirSync(dir, { recursive: true, mode: 0o711 });
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${MEBIBYTES}m,mode=711`, "tmpfs", dir]);
      return world(dir);
    },
    begin: async () => ({ isFelt: (refused) => refused >= FELT, end: fill(dir) }),
    close: () => execFileSync("umount", ["--lazy", dir]),
  };
}

/** Writes until nothing more fits; answers how it is taken away again. */
function fill(dir: string): () => void {
  const ballast = join(dir, "ballast");
  const file = openSync(ballast, "w");
  for (const size of [CHUNK.length, 4096, 1]) {
    try {
      for (;;) writeSync(file, CHUNK, 0, size);
    } catch (error) {
      if (codeOf(error) !== "ENOSPC") throw error;
    }
  }
  closeSync(file);
  return () => rmSync(ballast);
}
