import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { birthOf, signal, until } from "../../shop/embedded/alive.ts";
import { freePortsFrom } from "../../shop/embedded/ports.ts";
import { type Command, runCommand } from "../support/command.ts";
import { withoutSettings } from "../support/settings.ts";

const READY = "Oncepaid is running";
const GONE_LIMIT_MS = 15_000;

// Only its owner may enter it, as with a clone in root's home.
const dataDir = mkdtempSync(join(tmpdir(), "oncepaid-start-"));
const nextPort = freePortsFrom(21_000 + Math.floor(Math.random() * 8_000));
let port = 0;
const commands: Command[] = [];

beforeEach(async () => {
  port = await nextPort();
});
afterEach(async () => {
  for (const command of commands.splice(0)) {
    command.send("SIGTERM");
    await command.ended;
  }
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

function start(env: Record<string, string> = {}): Command {
  const command = runCommand("start", {
    ...withoutSettings(),
    PORT: String(port),
    DATA_DIR: dataDir,
    LOG_LEVEL: "warn",
    ...env,
  });
  commands.push(command);
  return command;
}

/** Starts a command that is expected to fail, and answers what it said. */
async function failure(env: Record<string, string> = {}): Promise<string> {
  const command = start(env);
  expect(await command.ended).toBe("exit code 1");
  return command.output();
}

function postmasterFile(): string[] {
  return readFileSync(join(dataDir, String(port), "postgres", "postmaster.pid"), "utf8").split("\n");
}

/** The app, the sandbox and PostgreSQL, while they run. */
function parts(): number[] {
  const noted = readFileSync(join(dataDir, String(port), "processes"), "utf8")
    .trim()
    .split("\n");
  return [...noted, ...postmasterFile().slice(0, 1)].map((line) => Number.parseInt(line, 10));
}

async function query(text: string): Promise<pg.QueryResult> {
  const password = readFileSync(join(dataDir, String(port), "postgres-app-password"), "utf8");
  const client = new pg.Client({
    host: "127.0.0.1",
    port: Number(postmasterFile()[3]),
    user: "oncepaid",
    database: "oncepaid",
    password,
  });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

async function keepSomething(): Promise<void> {
  await query("create table kept (what text)");
  await query("insert into kept values ('an order')");
}

async function expectItKept(): Promise<void> {
  expect((await query("select what from kept")).rows).toEqual([{ what: "an order" }]);
}

test("it serves the first page, and stops when asked with exit code 0 and nothing left running", async () => {
  const command = start();
  await command.says(READY);
  expect((await fetch(`http://localhost:${port}/`)).status).toBe(200);
  const health = await fetch(`http://localhost:${port}/api/health`);
  expect(health.status).toBe(200);
  expect(parts()).toHaveLength(3);
  const processes = parts();
  command.send("SIGTERM");
  expect(await command.ended).toBe("exit code 0");
  expect(processes.filter((pid) => birthOf(pid) !== undefined)).toEqual([]);
});

test("when only the launcher is killed, everything else ends and the next start has all the data", async () => {
  const killed = start();
  await killed.says(READY);
  await keepSomething();
  const left = parts();
  killed.send("SIGKILL");
  await killed.ended;
  // At once, while what is left may still be stopping.
  await start().says(READY);
  expect(left.filter((pid) => birthOf(pid) !== undefined)).toEqual([]);
  await expectItKept();
});

test("when the process that started it dies, it stops like one that was asked to", async () => {
  const command = start();
  await command.says(READY);
  const processes = parts();
  command.abandon();
  expect(await command.ended).toBe("exit code 0");
  expect(processes.filter((pid) => birthOf(pid) !== undefined)).toEqual([]);
});

test("a start right after the stop was asked for waits for the old one to finish", async () => {
  const old = start();
  await old.says(READY);
  old.send("SIGTERM");
  await start().says(READY);
  expect(await old.ended).toBe("exit code 0");
});

test("when every process is killed at the same moment, the next start has all the data", async () => {
  const killed = start();
  await killed.says(READY);
  await keepSomething();
  for (const pid of [killed.pid, ...parts()]) signal(pid, "SIGKILL");
  await killed.ended;
  await start().says(READY);
  await expectItKept();
});

test("when PostgreSQL is killed it says so and stops the rest, and the next start has all the data", async () => {
  const command = start();
  await command.says(READY);
  await keepSomething();
  const [postmaster = 0] = postmasterFile().map(Number);
  const others = parts().filter((pid) => pid !== postmaster);
  signal(postmaster, "SIGKILL");
  expect(await command.ended).toBe("exit code 1");
  expect(command.output()).toContain("PostgreSQL stopped unexpectedly (signal SIGKILL)");
  expect(await until(() => others.every((pid) => birthOf(pid) === undefined), GONE_LIMIT_MS)).toBe(true);
  await start().says(READY);
  await expectItKept();
});

test("a second start on the same port is refused in one sentence, and one on another port is not", async () => {
  const first = start();
  await first.says(READY);
  const said = await failure();
  expect(said.trim()).toMatch(/^Oncepaid already runs on port \d+ .* or start this one on another port.*\.$/);
  expect((await fetch(`http://localhost:${port}/api/health`)).status).toBe(200);
  port = await nextPort();
  await start().says(READY);
});

test("a port that another program listens on is named", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
  try {
    expect(await failure()).toContain(`The app can't start: port ${port} is taken by another program`);
  } finally {
    other.close();
  }
});

test("a wrong setting is named without its value, before anything starts", async () => {
  const said = await failure({ STRIPE_SECRET_KEY: "pk_live_notsecret", LOG_LEVEL: "loud" });
  expect(said).toContain("STRIPE_SECRET_KEY must start with sk_test_");
  expect(said).toContain("LOG_LEVEL must be one of");
  expect(said).not.toContain("pk_live_notsecret");
});

test("a real key without a webhook secret is refused instead of bringing the sandbox", async () => {
  expect(await failure({ STRIPE_SECRET_KEY: "sk_test_real" })).toContain("STRIPE_WEBHOOK_SECRET is missing");
});

test("the play-money sandbox is refused where others can reach the app", async () => {
  const said = await failure({ APP_URL: "https://shop.example.com" });
  expect(said).toContain("the play-money sandbox is refused there");
});

test("a database that can't be reached is named, and nothing stays behind", async () => {
  // Port 1 is reserved for a service that nobody runs.
  const said = await failure({ DATABASE_URL: "postgres://shop:secret@127.0.0.1:1/shop" });
  expect(said).toMatch(/The database can't be brought up to date: .*ECONNREFUSED/);
  expect(said).not.toContain("secret@");
});
