import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { installWhenNeeded, NODE, ROOT } from "./install.mjs";

/**
 * `node bin/bootstrap.mjs NAME …` runs bin/NAME.ts on the Node.js this project pins, and installs that and everything
 * else first when needed. Plain JavaScript: it has to run on whatever Node.js (18 or newer) the machine carries, with
 * nothing installed.
 *
 * Exit code: the command's own; 128 + the signal's number when the command was killed by one.
 */
const OLDEST_NODE = 18;
/** Node.js keeps there what it compiled: a command and the processes it starts load in half the time from then on. */
const COMPILE_CACHE = join(ROOT, "node_modules", ".cache", "node");
/** How often a bootstrap that npm started looks whether npm is still there. */
const PARENT_LOOK_MS = 500;

const [name = "", ...args] = process.argv.slice(2);
if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
  console.error(
    `Node.js ${process.versions.node} is too old to install with; use Node.js ${OLDEST_NODE} or newer.`,
  );
  process.exit(1);
}
await installWhenNeeded(name);
run();

function run() {
  const bin = join(ROOT, "node_modules", ".bin");
  const child = spawn(NODE, [join(ROOT, "bin", `${name}.ts`), ...args], {
    // The channel tells the command when this process dies without a word.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    // A session of its own: Ctrl-C reaches npm, a shell and this process at once and npm passes it on again, but the
    // command is to hear of it once, from here.
    detached: process.platform !== "win32",
    env: {
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`,
    },
  });
  let asked = false;
  const ask = (signal) => {
    if (!asked) child.kill(signal);
    asked = true;
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, ask);
  child.once("error", (error) => {
    console.error(
      `Node.js can't be started from ${bin}: ${error.message}. Remove node_modules and try again.`,
    );
    process.exit(1);
  });
  child.once("exit", (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
  if (process.env.npm_lifecycle_event) stopWithNpm(() => ask("SIGTERM"));
}

/** A killed npm tells nobody; without this, the command would go on with no one left to stop it. */
function stopWithNpm(stop) {
  const parent = process.ppid;
  const npm = parentOfShell(parent) ?? parent;
  const look = setInterval(() => {
    if (process.ppid === parent && isAlive(npm)) return;
    clearInterval(look);
    stop();
  }, PARENT_LOOK_MS);
  look.unref();
}

/** npm runs a script through a shell. Some shells stay in between, and others become the script. */
function parentOfShell(pid) {
  try {
    // "pid (name) state parent …"; the shell's arguments hold the script, npm's own do not.
    const [stat, args] = ["stat", "cmdline"].map((file) => readFileSync(`/proc/${pid}/${file}`, "utf8"));
    return args.includes("bootstrap.mjs")
      ? Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2])
      : undefined;
  } catch {
    // No /proc: there, only the death of the direct parent is noticed.
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
