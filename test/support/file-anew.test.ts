import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../../shop/embedded/places.ts";
import { run } from "../packages/stranger.ts";
import { runFolder } from "./database.ts";

/** Three files in one process, as the project `unit` has them: two that change all they can, and one that leaves a server. */
const CONFIG = `export default { test: {
  isolate: false, maxWorkers: 1, globals: true, pool: "forks", include: ["*.test.ts"], root: import.meta.dirname,
  setupFiles: ["${join(ROOT, "test", "support", "file-anew.ts")}"],
} };`;
const STATE = "export const state = { uses: 0 };";
const CHANGES = `import { state } from "./state.ts";
globalThis.files = (globalThis.files ?? 0) + 1;
test("it finds all as the first one did", () => {
  expect(process.env).toMatchObject({ GIVEN: "by who runs the tests" });
  expect([state.uses, process.env.ADDED, process.cwd()]).toEqual([0, undefined, import.meta.dirname]);
  state.uses++;
  Object.assign(process.env, { GIVEN: "changed", ADDED: "by a file" });
  process.chdir("/");
  vi.useFakeTimers();
  console.log("file", globalThis.files, "of one process");
});`;
const LEAVES = `import { createServer } from "node:net";
test("a server is left", () => new Promise((done) => createServer().listen(0, "127.0.0.1", done)));`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(runFolder(), "file-anew-"));
  const files = {
    "vitest.config.mjs": CONFIG,
    "state.ts": STATE,
    "a.test.ts": CHANGES,
    "b.test.ts": CHANGES,
  };
  for (const [name, text] of Object.entries({ ...files, "c.test.ts": LEAVES })) {
    writeFileSync(join(folder, name), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("in one process each file finds modules, environment, folder and clock as the first did; one that leaves a server fails", async () => {
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const { code, output } = await run("node", [vitest, "run"], {
    cwd: folder,
    env: { GIVEN: "by who runs the tests", NO_COLOR: "1" },
  });
  expect(output).toContain("file 2 of one process");
  expect(output).toContain("This file leaves to the next one: TCPServerWrap.");
  expect(output).toMatch(/Test Files +1 failed \| 2 passed/);
  expect(output).toMatch(/Tests +3 passed/);
  expect(code).toBe(1);
});
