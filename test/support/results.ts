import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

const vitestResults = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

/** "12 passed, 0 failed", from the file of vitest's JSON reporter. What failed outside a test counts as a failure too. */
export function countTests(file: string, success: boolean): string {
  if (!existsSync(file)) return `0 passed, ${success ? 0 : 1} failed`;
  const results = vitestResults.parse(JSON.parse(readFileSync(file, "utf8")));
  const brokenFiles = results.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((assertion) => assertion.status !== "failed"),
  ).length;
  const failed = results.numFailedTests + brokenFiles;
  const skipped = results.numPendingTests + results.numTodoTests;
  const line = `${results.numPassedTests} passed, ${failed === 0 && !success ? 1 : failed} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}
