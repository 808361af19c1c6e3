import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { messageOf } from "oncepaid/failure";
import { ConfigError, readConfig, readSettings, type Settings } from "#/config.ts";
import { migrate } from "#/migrate.ts";
import { checkWhole } from "#/whole.ts";
import type { AppOptions } from "./app.ts";
import { createExampleSlots } from "./example-slots.ts";
import type { Part, PartContext } from "./part.ts";
import { PartError } from "./part-error.ts";
import { parts } from "./parts.ts";
import { ROOT } from "./places.ts";
import { freePortsFrom, whyTaken } from "./ports.ts";
import { keptSecret } from "./postgres-cluster.ts";
import { takeRunFolder } from "./run-folder.ts";
import { listenForStop, type StopRequest } from "./stop-request.ts";
import { summary } from "./summary.ts";

type App = { url: string; exited: Promise<string>; stop(): Promise<void> };

export type LaunchOptions = {
  nodeEnv: "production" | "development";
  /** Runs beside the start of the parts and is done before the app starts. */
  prepare(stop: AbortSignal): Promise<void>;
  startApp(options: AppOptions): Promise<App>;
};

/**
 * Brings up everything the app needs, then the app, and holds on until somebody asks to stop or something dies.
 * Answers the exit code: 0 when it was asked to stop, 1 when something could not start or died.
 */
export async function launch(options: LaunchOptions): Promise<number> {
  // The terminal may be gone before everything has stopped; a message nobody reads must not interrupt that.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  const stop = listenForStop();
  try {
    return await run(options, stop);
  } catch (error) {
    if (stop.signal.aborted) return 0;
    console.error(error instanceof PartError || error instanceof ConfigError ? `\n${error.message}` : error);
    return 1;
  }
}

async function run(options: LaunchOptions, stop: StopRequest): Promise<number> {
  const started = performance.now();
  if (existsSync(join(ROOT, ".env"))) process.loadEnvFile(join(ROOT, ".env"));
  const settings = checkedSettings();
  const folder = await takeRunFolder(resolve(ROOT, settings.DATA_DIR), settings.PORT);
  const running: Part[] = [];
  try {
    await checkWebPort(settings.PORT);
    const context = { folder, settings, nextPort: freePortsFrom(settings.PORT + 1), giveUp: stop.signal };
    await allDone([options.prepare(stop.signal), startParts(context, running)]);
    if (stop.signal.aborted) return 0;
    const brought: Record<string, string> = Object.assign({}, ...running.map((part) => part.env));
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      AUTH_SECRET: settings.AUTH_SECRET ?? keptSecret(join(folder.dir, "auth-secret")),
      ...brought,
      NODE_ENV: options.nodeEnv,
      NEXT_TELEMETRY_DISABLED: "1",
      PORT: String(settings.PORT),
    };
    await bringUpToDate(env.DATABASE_URL);
    // Only beside the sandbox that came with it: with a real key the dates are the shop's own.
    if (brought.STRIPE_SECRET_KEY) await createExampleSlots(env.DATABASE_URL ?? "");
    const app = await options.startApp({ env, onSpawn: folder.note, giveUp: stop.signal });
    folder.publish(brought);
    running.push({ ...app, name: "The app", title: "", description: [], env: {} });
    console.log(
      summary({ settings, parts: running, url: app.url, dir: folder.dir, ms: performance.now() - started }),
    );
    const death = await firstDeath(running, stop);
    if (death) console.error(`\n${death}`);
    return death ? 1 : 0;
  } finally {
    folder.markStopping();
    for (const part of running.reverse()) await part.stop();
    folder.release();
  }
}

/** Every problem with the configuration is told before anything starts, so what will be brought is assumed here. */
function checkedSettings(): Settings {
  checkWhole();
  const settings = readSettings(process.env);
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value?.trim()));
  const previews = parts.filter((part) => !part.isConfigured(settings)).map((part) => part.preview);
  readConfig(Object.assign({ AUTH_SECRET: randomBytes(32).toString("base64url") }, given, ...previews));
  return settings;
}

async function checkWebPort(port: number): Promise<void> {
  const why = await whyTaken(port);
  if (why === undefined) return;
  const reason = why === "EACCES" ? "may only be opened by root" : "is taken by another program";
  throw new PartError(
    `The app can't start: port ${port} ${reason}; choose another one, for example PORT=${port + 100} npm start.`,
  );
}

/** Starts what is not configured, all at once; `running` holds, in their stopping order, those that have started. */
async function startParts(context: PartContext, running: Part[]): Promise<void> {
  const brought = parts.filter((part) => !part.isConfigured(context.settings));
  const started: (Part | undefined)[] = [];
  try {
    await allDone(
      brought.map(async (part, place) => {
        started[place] = await part.start(context);
      }),
    );
  } finally {
    running.push(...started.filter((part) => part !== undefined));
  }
}

/** Like Promise.all, but a failure waits for the others, so that nothing starts after the clearing up. */
async function allDone(promises: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(promises);
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

async function bringUpToDate(databaseUrl: string | undefined): Promise<void> {
  try {
    await migrate(databaseUrl ?? "");
  } catch (error) {
    throw new PartError(
      `The database can't be brought up to date: ${messageOf(error)}; check DATABASE_URL, or leave it out to use ` +
        "the PostgreSQL that comes with this project.",
    );
  }
}

async function firstDeath(running: Part[], stop: StopRequest): Promise<string | undefined> {
  const deaths = running.map(async ({ name, exited, log }) => {
    const ending = await exited;
    const where = log ? `look into ${log}` : "its last words stand above";
    return `${name} stopped unexpectedly (${ending}), so everything else is stopped too; ${where}, then run the command again: no data is lost.`;
  });
  return Promise.race([stop.requested.then(() => undefined), ...deaths]);
}
