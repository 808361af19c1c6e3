import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { birthOf } from "../../../shop/embedded/alive.ts";
import { type Postgres, type PostgresOptions, startPostgres } from "../../../shop/embedded/postgres.ts";
import { openCluster } from "../../../shop/embedded/postgres-cluster.ts";
import { startServer } from "../../../shop/embedded/postgres-server.ts";
import { WORLD_DIR, type World } from "../world.ts";
import type { Trouble } from "./trouble.ts";

/**
 * The clocks of PostgreSQL and of the app's two processes jump, apart from each other and from Stripe's, by hours, forwards and
 * backwards. Made by Debian's package `faketime`.
 */
const LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
const MOST_HOURS = 12;
const HOUR_MS = 3_600_000;
/** Each reads the file of its own at every look at the clock. What is measured from a start on goes on as it is. */
const fakedBy = (file: string) => ({
  LD_PRELOAD: LIBRARY,
  FAKETIME_TIMESTAMP_FILE: file,
  FAKETIME_NO_CACHE: "1",
  FAKETIME_DONT_FAKE_MONOTONIC: "1",
});
const FILES = {
  app: join(WORLD_DIR, "clock-of-the-app"),
  database: join(WORLD_DIR, "clock-of-the-database"),
};
const set = (whose: keyof typeof FILES, hours: number) =>
  writeFileSync(FILES[whose], `${hours < 0 ? "" : "+"}${hours}h\n`);

export const clock: Trouble = {
  lacks: () => (existsSync(LIBRARY) ? undefined : "Debian's package faketime isn't installed"),
  buyers: 6,
  mayEnd: [],
  world: () => {
    mkdirSync(WORLD_DIR, { recursive: true, mode: 0o711 });
    for (const whose of ["app", "database"] as const) set(whose, 0);
    return { startDatabase, env: fakedBy(FILES.app) };
  },
  begin: async (world) => {
    const hours = { app: someHours(), database: someHours() };
    for (const whose of ["app", "database"] as const) set(whose, hours[whose]);
    return {
      isFelt: async () =>
        (await isOff(hours.app, clockOfWeb(world))) && (await isOff(hours.database, clockOfDatabase(world))),
      end: () => {
        for (const whose of ["app", "database"] as const) set(whose, 0);
      },
    };
  },
  // What was put off for a while by a clock that was ahead waits until then.
  settle: () => set("database", MOST_HOURS + 1),
  close: () => {
    // What the library shares between threads outlives a process that was killed, and is in the way of the next one of its number.
    for (const name of readdirSync("/dev/shm")) {
      const pid = Number(/faketime_s(?:hm|em)_(\d+)$/.exec(name)?.[1]);
      if (pid > 0 && birthOf(pid) === undefined) rmSync(join("/dev/shm", name), { force: true });
    }
  },
};

function someHours(): number {
  const hours = 1 + Math.floor(Math.random() * MOST_HOURS);
  return Math.random() < 0.5 ? hours : -hours;
}

async function isOff(hours: number, now: Promise<number>): Promise<boolean> {
  return Math.abs((await now) - Date.now() - hours * HOUR_MS) < HOUR_MS / 2;
}

async function clockOfWeb({ webUrl }: World): Promise<number> {
  const response = await fetch(`${webUrl}/products`);
  await response.arrayBuffer();
  return Date.parse(response.headers.get("date") ?? "");
}

async function clockOfDatabase({ rows }: World): Promise<number> {
  const [row] = await rows<{ now: Date }>("select clock_timestamp() as now");
  return row?.now.getTime() ?? 0;
}

/** The same server once more, with a clock that can be set. */
async function startDatabase(options: PostgresOptions): Promise<Postgres> {
  const first = await startPostgres(options);
  await first.stop();
  const cluster = await openCluster(options.dir);
  const faked = Object.entries(fakedBy(FILES.database)).map(([name, value]) => `${name}=${value}`);
  const command: typeof cluster.command = (binary, args) => {
    const whole = cluster.command(binary, args);
    // Behind the change of the user, who could not open what root has made for the clock.
    const own = whole.args.indexOf("--") + 1;
    if (own === 0) return { ...whole, command: "env", args: [...faked, whole.command, ...whole.args] };
    return { ...whole, args: whole.args.toSpliced(own, 0, "env", ...faked) };
  };
  const { port, log } = first;
  const server = await startServer({ ...cluster, command }, { ...options, port, log });
  return { ...first, ...server };
}
