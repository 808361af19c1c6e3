import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { showProgress } from "../embedded/progress.mjs";

/** The owner touches the lock this often; a lock left untouched for much longer has lost its owner. */
const TOUCH_MS = 1000;
const STALE_MS = 60_000;
const LOOK_MS = 300;

/** Waits until nobody else installs into this clone; answers the function that lets the next one in. */
export async function takeInstallLock(file) {
  const mine = `${process.pid} ${Date.now()}`;
  let progress;
  while (!created(file, mine)) {
    if (removeStale(file)) continue;
    progress ??= showProgress("Waiting for another command that installs packages here");
    await wait(LOOK_MS);
  }
  progress?.end();
  const touching = setInterval(() => utimesSync(file, new Date(), new Date()), TOUCH_MS);
  touching.unref();
  return () => {
    clearInterval(touching);
    rmSync(file, { force: true });
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
  const pid = Number(content.split(" ")[0]);
  // Made, but its owner's number is not yet written.
  if (!pid) return untouchedMs > 2 * TOUCH_MS;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}
