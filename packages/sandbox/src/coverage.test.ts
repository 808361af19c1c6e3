import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { coverageTable } from "./test-coverage.ts";

test("the README says what is covered as it is: node packages/sandbox/bin/coverage.ts prints it", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  expect(readme).toContain(coverageTable());
});
