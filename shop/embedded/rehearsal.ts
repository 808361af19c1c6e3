import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { settingNames } from "#/config.ts";
import { migrate } from "#/migrate.ts";
import { startApp } from "./app.ts";
import { buildWhenNeeded } from "./next-build.ts";
import { CLONE_DATA } from "./places.ts";
import { freePortsFrom } from "./ports.ts";
import { startPostgres } from "./postgres.ts";
import { sandboxEnv, startSandbox } from "./sandbox.ts";

/** Away from the ports people give to servers, so that it runs beside `npm start`. */
const FIRST_PORT = 41_000;

export type Rehearsal = {
  url: string;
  env: Record<string, string>;
  /** The processes that may be asked what they used. */
  pids: { app: number; postgres: number };
  stop(): Promise<void>;
};

export type RehearsalOptions = {
  /** What it is for, in the name of its folder. */
  name: string;
  giveUp: AbortSignal;
  /** Whether PostgreSQL waits for the disk, as it does for a real shop. */
  durable?: boolean;
  /** Other settings than the usual ones, made from those. */
  change?: (env: Record<string, string>) => Promise<Record<string, string>>;
};

/** The whole app with a database and a sandbox of its own, all of it gone afterwards; nothing of a running one is touched. */
export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const { name, giveUp, durable = false, change } = options;
  const dir = join(CLONE_DATA, `${name}-${process.pid}`);
  // Enterable by PostgreSQL's own user.
  mkdirSync(dir, { recursive: true, mode: 0o711 });
  const stops: (() => Promise<void>)[] = [async () => rmSync(dir, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of stops.reverse()) await end();
  };
  try {
    await buildWhenNeeded(giveUp);
    const nextPort = freePortsFrom(FIRST_PORT);
    const port = await nextPort();
    const onSpawn = () => undefined;
    const postgres = await startPostgres({ dir, nextPort, durable });
    stops.push(postgres.stop);
    await migrate(postgres.url);
    const sandbox = await startSandbox({ dir, nextPort, onSpawn, giveUp });
    stops.push(sandbox.stop);
    const usual = {
      PORT: String(port),
      DATABASE_URL: postgres.url,
      AUTH_SECRET: randomBytes(32).toString("hex"),
      LOG_LEVEL: "warn",
      ...(await sandboxEnv(sandbox.url, port, dir)),
    };
    const env = change ? await change(usual) : usual;
    const others = Object.entries(process.env).filter(([name]) => !settingNames.includes(name));
    const app = await startApp({
      env: { ...Object.fromEntries(others), ...env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
      onSpawn,
      giveUp,
      log: join(dir, "app.log"),
    });
    stops.push(app.stop);
    return { url: app.url, env, pids: { app: app.pid, postgres: postgres.pid }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
