import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../shop/embedded/alive.ts";
import { ROOT } from "../../shop/embedded/places.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { runCommand } from "../support/command.ts";
import { runFolder } from "../support/database.ts";

/** What the commands of recovery say and answer where something is wrong. */

/** Milliseconds. */
const PATIENCE = 20_000;

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

type Run = { code: number; stdout: string; stderr: string };

function run(command: string, args: string[], env: Record<string, string> = {}): Promise<Run> {
  const script = [join(ROOT, "bin", `${command}.ts`), ...args];
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      script,
      { cwd: ROOT, env: { ...process.env, ...env } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

const GONE = { DATABASE_URL: "postgres://shop:p4ssw0rd@127.0.0.1:1/gone" };

test.each([
  ["reconcile", []],
  ["reconcile", ["--dry-run"]],
  ["reconcile", ["--last"]],
  ["replay", ["evt_any"]],
  ["replay", ["--failed"]],
  ["replay", ["--jobs"]],
  ["worker", []],
])("%s %j says in one line that the database is gone, without its password", async (command, args) => {
  const { code, stdout, stderr } = await run(command, args, GONE);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^[^\n]*ECONNREFUSED 127\.0\.0\.1:1[^\n]*\n$/);
  expect(stderr).not.toContain("p4ssw0rd");
});

test("reconcile says in Stripe's words why it was refused, and promises to go on only from what it did", async () => {
  app.stripe.script.status = 401;
  const { code, stderr } = await run("reconcile", []);
  app.stripe.script.status = undefined;
  expect({ code, stderr }).toEqual({ code: 1, stderr: "An error that was asked for.\n" });
});

test("reconcile stops when it is told to, although Stripe doesn't answer", async () => {
  app.stripe.script.latencyMs = 60_000;
  const calls = app.stripe.calls.length;
  const command = runCommand("reconcile", process.env);
  expect(await until(() => app.stripe.calls.length > calls, PATIENCE)).toBe(true);
  command.send("SIGINT");
  expect(await command.ended).toBe("exit code 1");
  app.stripe.script.latencyMs = undefined;
  expect(command.output()).toBe(
    "Stopped. What was done stays done; run it again and it goes on from there.\n",
  );
});

test.each(["3x", "2999-01-01", "99999999d", "2026-13-45", "yesterday"])(
  "a time nothing can be compared since is refused: %s",
  async (since) => {
    const { code, stdout, stderr } = await run("reconcile", ["--since", since]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`such as 2026-10-01, not "${since}".`);
  },
);

test("verify says that the shop it is to walk through doesn't answer", async () => {
  const { code, stdout } = await run("verify", [], {
    STRIPE_SECRET_KEY: "sk_test_verify",
    STRIPE_API_BASE: "",
    APP_URL: "http://127.0.0.1:1",
  });
  expect(code).toBe(1);
  expect(stdout).toMatch(/✗ test payment +The app at http:\/\/127\.0\.0\.1:1 doesn't answer; start it/);
});

test("reset removes nothing where nobody is there to answer", async () => {
  const dir = mkdtempSync(join(runFolder(), "reset-"));
  mkdirSync(join(dir, "3000"));
  writeFileSync(join(dir, "3000", "lock"), "");
  const { code, stdout, stderr } = await run("reset", [], { DATA_DIR: dir });
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(stdout).toMatch(/Type yes to go on: \nNothing was removed\.\n$/);
  expect(existsSync(join(dir, "3000", "lock"))).toBe(true);
  const file = await run("reset", [], { DATA_DIR: join(dir, "3000", "lock") });
  expect(file).toMatchObject({ code: 1, stderr: expect.stringMatching(/^ENOTDIR[^\n]*\n$/) });
  rmSync(dir, { recursive: true });
});
