import { expect, test } from "vitest";
import { filesOf, textOf } from "./documents.ts";

/** The sandbox is another program, so it is read here and not imported. */
const LIST = /^export const (\w+)(?:: \w+\[\])? = \[/gm;
const ROUTES = "packages/sandbox/src/v1/routes.ts";

const sources = filesOf("packages/sandbox/src")
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file): [string, string] => [file, textOf(file)]);
const resources = sources
  .filter(([file, text]) => file !== ROUTES && / endpoint\(/.test(text))
  .flatMap(([file, text]) => [...text.matchAll(LIST)].map(([, name = ""]): [string, string] => [file, name]));

test("there are resources to look at", () => {
  expect(resources.length).toBeGreaterThan(30);
});

test.each(resources)("what %s answers (%s) is mounted, or part of what is", (_, name) => {
  const isTaken = new RegExp(`\\.\\.\\.${name}\\b`);
  expect(sources.filter(([, text]) => isTaken.test(text))).not.toEqual([]);
});

test("everything that is mounted is listed once", () => {
  const mounted = [...textOf(ROUTES).matchAll(/^ {2}\.\.\.(\w+),$/gm)].map(([, name]) => name);
  expect(new Set(mounted).size).toBe(mounted.length);
});
