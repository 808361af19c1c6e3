import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ALL_RULES } from "./review.ts";

const [, sections = ""] = readFileSync(join(import.meta.dirname, "../README.md"), "utf8").split(
  "## The rules",
);

test("the guide explains every rule in the words the command prints, in the same order", () => {
  const written = sections.slice(sections.indexOf("### "));
  const expected = ALL_RULES.map(
    ({ id, level, title, why, fix }) =>
      `### ${id}\n\n${title} *(${level})*\n\n**Why:** ${why}\n\n**Fix:** ${fix}\n`,
  );
  expect(written).toBe(expected.join("\n"));
});

test("every rule has planted faults to find, or tests of its own", () => {
  const folders = readdirSync(join(import.meta.dirname, "..", "fixtures"));
  const elsewhere = ["secret-in-source", "suppression-incomplete"];
  expect([...folders, ...elsewhere].sort()).toEqual(ALL_RULES.map(({ id }) => id).sort());
});
