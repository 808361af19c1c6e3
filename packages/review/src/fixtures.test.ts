import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { review } from "./review.ts";

const FIXTURES = join(import.meta.dirname, "..", "fixtures");
/** A planted fault is marked at the end of its line: `// expect: rule, rule`. */
const MARK = /\/\/ expect: ([\w\-, ]+)$/;

/** `rules` has a folder for each rule, `patterns` one for each way of writing that was once misread. */
describe.each(["rules", "patterns"])("%s", (kind) => {
  describe.each(readdirSync(join(FIXTURES, kind)))("%s", (name) => {
    test("finds each planted fault where it stands, and nothing else", () => {
      const root = join(FIXTURES, kind, name, "bad");
      const planted = plantedIn(root);
      const isPlanted = (fault: string) => kind === "patterns" || fault.endsWith(` ${name}`);
      expect(planted.some(isPlanted)).toBe(true);
      expect(found(root)).toEqual(planted);
    });

    test("is quiet about the corrected twin", () => {
      expect(found(join(FIXTURES, kind, name, "good"))).toEqual([]);
    });
  });
});

function found(root: string): string[] {
  return review(root)
    .findings.map(({ path, line, rule }) => `${path}:${line} ${rule.id}`)
    .sort();
}

function plantedIn(root: string): string[] {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .flatMap(({ parentPath, name }) => {
      const file = join(parentPath, name);
      const lines = readFileSync(file, "utf8").split("\n");
      return lines.flatMap((line, index) =>
        (MARK.exec(line)?.[1] ?? "")
          .split(", ")
          .filter(Boolean)
          .map((rule) => `${file.slice(root.length + 1)}:${index + 1} ${rule}`),
      );
    })
    .sort();
}
