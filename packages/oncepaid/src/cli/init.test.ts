import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { init } from "#/cli/init.ts";

let folder: string;
let printed: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "oncepaid-init-"));
  printed = [];
});

afterEach(() => rmSync(folder, { recursive: true }));

test("writes the config, the route and the environment's example; a second time changes nothing", () => {
  mkdirSync(join(folder, "app"));
  expect(run()).toBe(0);
  const written = everything();
  expect(Object.keys(written)).toEqual([
    ".env.example",
    join("app", "api", "oncepaid", "[[...path]]", "route.ts"),
    "oncepaid.config.ts",
  ]);
  expect(run()).toBe(0);
  expect(everything()).toEqual(written);
});

test("the route finds the config where the app lies in src/", () => {
  mkdirSync(join(folder, "src", "app"), { recursive: true });
  run();
  const route = readFileSync(
    join(folder, "src", "app", "api", "oncepaid", "[[...path]]", "route.ts"),
    "utf8",
  );
  expect(route).toContain('from "../../../../oncepaid.config"');
  expect(Object.keys(everything())).toContain(join("src", "oncepaid.config.ts"));
});

test("keeps what is in .env.example, and adds its lines once", () => {
  mkdirSync(join(folder, "app"));
  writeFileSync(join(folder, ".env.example"), "MINE=1");
  run();
  run();
  const text = readFileSync(join(folder, ".env.example"), "utf8");
  expect(text.startsWith("MINE=1\n")).toBe(true);
  expect(text.match(/DATABASE_URL/g)).toHaveLength(1);
});

test("without an App Router it writes nothing and says what to do", () => {
  expect(run()).toBe(1);
  expect(everything()).toEqual({});
  expect(printed.join()).toContain("toNodeListener");
});

function run(): number {
  return init(folder, (text) => printed.push(text));
}

function everything(): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(files.map((file) => [file.slice(folder.length + 1), readFileSync(file, "utf8")]));
}
