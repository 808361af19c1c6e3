import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { birthOf, signal } from "./alive.ts";
import { freePortsFrom } from "./ports.ts";
import { type Postgres, startPostgres } from "./postgres.ts";
import { reasonIn } from "./postgres-cluster.ts";

let dir = "";
let running: Postgres | undefined;
const nextPort = freePortsFrom(11_000 + Math.floor(Math.random() * 8_000));

beforeAll(() => {
  // Only its owner may enter it: PostgreSQL's own user, where we are root, may not.
  dir = mkdtempSync(join(tmpdir(), "oncepaid-postgres-"));
});
afterEach(async () => {
  await running?.stop();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function start(): Promise<Postgres> {
  running = await startPostgres({ dir, nextPort, durable: true });
  return running;
}

async function rows(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test("it starts in a folder only we may enter, as an owner of its database who is no superuser", async () => {
  const { url } = await start();
  const [role] = await rows(url, "select rolsuper, rolcreatedb from pg_roles where rolname = current_user");
  expect(role).toEqual({ rolsuper: false, rolcreatedb: true });
  const [database] = await rows(
    url,
    `select pg_get_userbyid(datdba) as owner, pg_encoding_to_char(encoding) as encoding, datlocprovider, datlocale
     from pg_database where datname = current_database()`,
  );
  expect(database).toEqual({
    owner: "oncepaid",
    encoding: "UTF8",
    datlocprovider: "b",
    datlocale: "C.UTF-8",
  });
});

test("its commits survive a power cut, and nobody else reaches it or its passwords", async () => {
  const { url } = await start();
  const settings = "('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses')";
  const found = await rows(url, `select name, setting from pg_settings where name in ${settings}`);
  expect(Object.fromEntries(found.map(({ name, setting }) => [name, setting]))).toEqual({
    fsync: "on",
    full_page_writes: "on",
    synchronous_commit: "on",
    listen_addresses: "127.0.0.1",
  });
  for (const file of ["postgres-password", "postgres-app-password", "postgres.log"]) {
    expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600);
  }
  const wrong = new URL(url);
  wrong.password = "wrong";
  await expect(rows(wrong.href, "select 1")).rejects.toThrow("password authentication failed");
});

test("whoever reads the environment of PostgreSQL's processes learns no secret of this one", async () => {
  process.env.STRIPE_SECRET_KEY = "sk_live_of-this-process";
  process.env.SECRET_OF_SOMETHING_ELSE = "sk_live_of-this-process";
  const { pid } = await start();
  const server = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  expect(server.some((line) => line.startsWith("PATH="))).toBe(true);
  // Its backends are forks of it.
  expect(server.join("\n")).not.toContain("sk_live_of-this-process");
});

test("after kill -9 of the server the next one has what was committed", async () => {
  const killed = await start();
  await rows(killed.url, "create table kept as select 'an order' as what");
  signal(killed.pid, "SIGKILL");
  expect(await killed.exited).toBe("signal SIGKILL");
  expect(await rows((await start()).url, "select what from kept")).toEqual([{ what: "an order" }]);
});

test("a server that outlived its launcher is stopped, and a new one takes its place", async () => {
  const orphan = await start();
  await rows(orphan.url, "create table orphaned as select 'committed' as what");
  const next = await start();
  expect(birthOf(orphan.pid)).toBeUndefined();
  expect(readFileSync(join(dir, "postgres.previous.log"), "utf8")).toContain("database system is shut down");
  expect(await rows(next.url, "select what from orphaned")).toEqual([{ what: "committed" }]);
});

test("a process number that belongs to somebody else by now does not keep it from starting", async () => {
  const stopped = await start();
  const pidFile = join(dir, "postgres", "postmaster.pid");
  const lines = readFileSync(pidFile, "utf8").split("\n");
  await stopped.stop();
  writeFileSync(pidFile, [process.pid, ...lines.slice(1)].join("\n"));
  expect(await rows((await start()).url, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("a lost app password is replaced at the next start", async () => {
  await (await start()).stop();
  rmSync(join(dir, "postgres-app-password"));
  expect(await rows((await start()).url, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("a lost superuser password is named instead of waiting for a server that lets nobody in", async () => {
  await (await start()).stop();
  const file = join(dir, "postgres-password");
  const password = readFileSync(file, "utf8");
  writeFileSync(file, "another");
  await expect(start()).rejects.toThrow(
    /PostgreSQL can't start: the password kept beside .* is not the server's/,
  );
  writeFileSync(file, password);
});

test.each([
  [
    `Command failed: initdb
creating configuration files ... ok
running bootstrap script ... 2026-11-24 13:10:02.658 UTC [5435] FATAL:  could not extend file "base/1/2691": No space left on device
2026-11-24 13:10:02.658 UTC [5435] HINT:  Check free disk space.
child process exited with exit code 134
initdb: removing data directory "/data/postgres"`,
    'could not extend file "base/1/2691": No space left on device',
  ],
  [
    `Command failed: initdb
initdb: error: could not access directory "/data/postgres": Permission denied`,
    'could not access directory "/data/postgres": Permission denied',
  ],
  ["spawn initdb ENOENT", "spawn initdb ENOENT"],
])(
  "what initdb says of a folder it can't make is told by its reason, not by its clearing up",
  (output, reason) => {
    expect(reasonIn(output)).toBe(reason);
  },
);
