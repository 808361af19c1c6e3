import {
  appendFileSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { showProgress } from "./progress.mjs";

/**
 * The owner touches the lock this often. A lock nobody has touched for much longer has lost its owner, whoever has the
 * owner's process number by now; a npm whose parent was killed may still be at work in between.
 */
const TOUCH_MS = 1000;
const STALE_MS = 180_000;
const LOOK_MS = 300;

/** Waits until nobody else installs into this clone. */
export async function takeInstallLock(file) {
  let progress;
  while (!created(file, String(process.pid))) {
    if (removeStale(file)) continue;
    progress ??= showProgress("Waiting for another command that installs packages here");
    await wait(LOOK_MS);
  }
  progress?.end();
  const touching = setInterval(() => utimesSync(file, new Date(), new Date()), TOUCH_MS);
  touching.unref();
  return {
    /** The lock lasts as long as this process too. */
    shareWith: (pid) => appendFileSync(file, ` ${pid}`),
    release: () => {
      clearInterval(touching);
      rmSync(file, { force: true });
    },
  };
}

function created(file, content) {
  try {
    writeFileSync(file, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** Two that find the same stale lock must not remove the fresh one that the quicker of them made meanwhile. */
function removeStale(file) {
  const aside = `${file}.${process.pid}`;
  try {
    const content = readFileSync(file, "utf8");
    if (!isStale(file, content)) return false;
    renameSync(file, aside);
    if (readFileSync(aside, "utf8") !== content) linkSync(aside, file);
    rmSync(aside);
    return true;
  } catch (error) {
    // Whoever was quicker has moved or removed it.
    if (error.code === "ENOENT" || error.code === "EEXIST") return true;
    throw error;
  }
}

function isStale(file, content) {
  const untouchedMs = Date.now() - statSync(file).mtimeMs;
  if (untouchedMs > STALE_MS) return true;
  // Made, but its owner's number is not yet written.
  if (content === "") return untouchedMs > 2 * TOUCH_MS;
  return content.split(" ").every((pid) => !isAlive(Number(pid)));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
