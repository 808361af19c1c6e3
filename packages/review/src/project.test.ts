import { join } from "node:path";
import { expect, test } from "vitest";
import { review } from "./review.ts";

test("this project has nothing to find", { timeout: 120_000 }, () => {
  const { findings, filesRead, skipped } = review(join(import.meta.dirname, "..", "..", ".."));
  expect(findings.map(({ path, line, rule }) => `${path}:${line} ${rule.id}`)).toEqual([]);
  expect(skipped).toEqual([]);
  expect(filesRead).toBeGreaterThan(400);
});
