import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { until } from "./alive.ts";
import { type Lock, tryLock } from "./lock.ts";

const dir = mkdtempSync(join(tmpdir(), "oncepaid-lock-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("only one holds it, and the next one gets it once it is released", () => {
  const file = join(dir, "folder", "released");
  const lock = tryLock(file);
  expect(lock).toBeDefined();
  expect(tryLock(file)).toBeUndefined();
  lock?.release();
  const next = tryLock(file);
  expect(next).toBeDefined();
  next?.release();
});

test("it ends with the process that holds it, even by kill -9", async () => {
  const file = join(dir, "killed");
  const script = `
    import { tryLock } from ${JSON.stringify(join(import.meta.dirname, "lock.ts"))};
    console.log(tryLock(${JSON.stringify(file)}) !== undefined);
    setInterval(() => {}, 1000);
  `;
  const holder = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = await once(holder.stdout, "data");
  expect(String(said).trim()).toBe("true");
  expect(tryLock(file)).toBeUndefined();
  holder.kill("SIGKILL");
  let lock: Lock | undefined;
  await until(() => {
    lock = tryLock(file);
    return lock !== undefined;
  }, 5_000);
  expect(lock).toBeDefined();
  lock?.release();
});
