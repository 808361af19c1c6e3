import { readdirSync, readFileSync } from "node:fs";
import { parse } from "@babel/parser";
import { expect, test } from "vitest";
import { isJson } from "./wire.ts";

const MOST_LINES = 60;
const SOURCES = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).filter((name) =>
  /^(?!.*\.test\.ts$).*\.ts$/.test(name),
);

test("no function of the sandbox is longer than 60 lines", () => {
  const long = SOURCES.flatMap((name) => {
    const { program } = parse(readFileSync(`${import.meta.dirname}/${name}`, "utf8"), {
      plugins: ["typescript"],
      sourceType: "module",
    });
    return functionsIn(program).flatMap(({ end, start }) => {
      const lines = end - start + 1;
      return lines > MOST_LINES ? [`${name}:${start} has ${lines}`] : [];
    });
  });
  expect(long).toEqual([]);
  expect(SOURCES.length).toBeGreaterThan(300);
});

/** From which line to which each function goes. */
function functionsIn(node: unknown): { start: number; end: number }[] {
  if (Array.isArray(node)) return node.flatMap(functionsIn);
  if (!isJson(node)) return [];
  const inner = Object.entries(node).flatMap(([name, value]) => (name === "loc" ? [] : functionsIn(value)));
  const isFunction = /^(Arrow)?Function|Method$/.test(String(node.type)) && isJson(node.body);
  if (!isFunction) return inner;
  const { end, start } = Object(node.loc);
  return [{ end: Number(end.line), start: Number(start.line) }, ...inner];
}
