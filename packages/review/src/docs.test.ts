import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ALL_RULES } from "./review.ts";
import { rulePage } from "./rule-page.ts";

const PACKAGE = join(import.meta.dirname, "..");
const PAGES = join(PACKAGE, "docs", "rules");

test("the guide lists every rule in the words the command prints, in the same order", () => {
  const [, sections = ""] = readFileSync(join(PACKAGE, "README.md"), "utf8").split("## The rules");
  const expected = ALL_RULES.map(
    ({ id, level, title }) => `| [${id}](docs/rules/${id}.md) | ${level} | ${title} |`,
  );
  expect(sections.split("\n").filter((line) => line.startsWith("| ["))).toEqual(expected);
});

test("every rule has a page that says why and how, with the fault it is tested with and its corrected twin", () => {
  expect(readdirSync(PAGES).sort()).toEqual(ALL_RULES.map(({ id }) => `${id}.md`).sort());
  for (const rule of ALL_RULES) {
    const page = readFileSync(join(PAGES, `${rule.id}.md`), "utf8");
    expect(page).toBe(rulePage(rule));
    const [, wrong = "", right = ""] = page.split(/## Wrong|## Right/);
    expect(wrong).toContain("```");
    expect(right).toContain("```");
    expect(wrong).not.toBe(right);
  }
});

test("every rule has planted faults to find, or tests of its own", () => {
  const folders = readdirSync(join(PACKAGE, "fixtures", "rules"));
  const elsewhere = ["secret-in-source", "suppression-incomplete"];
  expect([...folders, ...elsewhere].sort()).toEqual(ALL_RULES.map(({ id }) => id).sort());
});
