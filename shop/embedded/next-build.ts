import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { showProgress } from "../../bin/progress.mjs";
import { until } from "./alive.ts";
import { endingOf } from "./child.ts";
import { writeLanguages } from "./languages.ts";
import { type Lock, tryLock } from "./lock.ts";
import { PartError } from "./part-error.ts";
import { CLONE_DATA, ROOT, SHOP } from "./places.ts";
import { precompress } from "./precompress.ts";

const BUILD = join(SHOP, ".next");
/** The fingerprint of what was built, written when the build is complete. */
const MARKER = join(BUILD, "oncepaid-build");
const LOG = join(CLONE_DATA, "build.log");
const SHOWN_LOG_LINES = 40;
/** What the pages are made of. */
const SOURCES = ["shop", join("packages", "oncepaid")];
/** Far above any build; whoever holds the lock longer is stuck. */
const OTHER_BUILD_LIMIT_MS = 15 * 60_000;

/** Builds the pages for production unless they are built from exactly these sources. Throws PartError. */
export async function buildWhenNeeded(stop?: AbortSignal): Promise<void> {
  writeLanguages();
  if (isBuilt()) return;
  const lock = await takeBuildLock(stop);
  try {
    if (!isBuilt() && !stop?.aborted) await build(stop);
  } finally {
    lock?.release();
  }
}

function isBuilt(): boolean {
  return existsSync(MARKER) && readFileSync(MARKER, "utf8") === fingerprint();
}

/** Contents instead of times: a fresh clone's files are all new, and a branch switched back and forth needs no build. */
function fingerprint(): string {
  // A build knows where it lies, so a moved or copied clone builds again.
  const hash = createHash("sha256").update(ROOT);
  for (const file of sources()) hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, file)));
  return hash.digest("hex");
}

function sources(): string[] {
  const settings = ["package-lock.json", "tsconfig.base.json"].concat(
    ...SOURCES.map((folder) =>
      readdirSync(join(ROOT, folder))
        .filter((file) => /^(next\.config\..*|tsconfig\.json|package\.json)$/.test(file))
        .map((file) => join(folder, file)),
    ),
  );
  const code = SOURCES.flatMap((folder) => filesIn(join(folder, "src"))).filter(
    (file) => !/\.test\.tsx?$/.test(file),
  );
  return [...settings, ...code].sort();
}

function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

async function takeBuildLock(stop: AbortSignal | undefined): Promise<Lock | undefined> {
  const file = join(CLONE_DATA, "build.lock");
  let lock = tryLock(file);
  if (lock) return lock;
  const progress = showProgress("Waiting for another command that builds the pages here");
  await until(() => {
    lock = tryLock(file);
    return lock !== undefined || stop?.aborted === true;
  }, OTHER_BUILD_LIMIT_MS);
  progress.end();
  if (lock || stop?.aborted) return lock;
  throw new PartError(
    "Another command has been building the pages here for 15 minutes; end it and try again.",
  );
}

async function build(stop: AbortSignal | undefined): Promise<void> {
  // Taken before the build: a file saved while it runs is in the next one.
  const built = fingerprint();
  rmSync(MARKER, { force: true });
  const log = openSync(LOG, "w");
  const child = spawn(
    process.execPath,
    [join(ROOT, "node_modules", "next", "dist", "bin", "next"), "build"],
    {
      cwd: SHOP,
      stdio: ["ignore", log, log],
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    },
  );
  closeSync(log);
  const end = () => child.kill("SIGTERM");
  stop?.addEventListener("abort", end);
  const progress = showProgress("Building the pages");
  const ending = await endingOf(child);
  stop?.removeEventListener("abort", end);
  const success = ending === "exit code 0";
  if (success) await precompress(join(BUILD, "static"));
  progress.end(success ? "Built the pages" : undefined);
  if (success) writeFileSync(MARKER, built);
  else if (!stop?.aborted) throw new PartError(failure(ending));
}

function failure(ending: string): string {
  const lines = readFileSync(LOG, "utf8").trimEnd().split("\n").slice(-SHOWN_LOG_LINES);
  return `${lines.join("\n")}\n\nBuilding the pages failed (${ending}); the whole output is in ${LOG}.`;
}
