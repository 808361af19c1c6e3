import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

/** They turn the clock back or forth, and the ids that a process makes never go back: each needs a process of its own. */
const ALONE = [
  "packages/oncepaid/src/recovery/old-rows.test.ts",
  "packages/oncepaid/test/ninety-days/**/*.test.ts",
  "test/upgrade/**/*.test.ts",
];
/** Milliseconds for a test and for a hook, on a machine that does much else. */
const LIMITS = { testTimeout: 90_000, hookTimeout: 120_000 };

/** Run through `npm test`, which brings the database and the summary line; arguments after `--` go to vitest. */
export default defineConfig({
  test: {
    environment: "node",
    // A process per file, but for `unit`, where each finds it as the first did.
    pool: "forks",
    // All projects in one row: what waits (the journeys, half of their time) stands beside what computes, and three at once keep two cores busy: four took no less.
    sequence: { sequencer: LongestFirst },
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "packages/*/{src,test}/**/*.test.ts",
            "shop/{src,embedded}/**/*.test.ts",
            "test/{commands,house,mistakes,properties,support}/**/*.test.ts",
          ],
          exclude: ["**/node_modules/**", ...ALONE],
          isolate: false,
          setupFiles: ["test/support/file-anew.ts"],
          ...LIMITS,
        },
      },
      { extends: true, test: { name: "alone", include: ALONE, ...LIMITS } },
      {
        extends: true,
        test: {
          name: "journeys",
          include: ["test/{journeys,crash}/**/*.test.ts"],
          globalSetup: ["test/support/build.ts"],
          // The longest take half a minute on an idle machine, and ten times that beside much else.
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "packages",
          include: ["test/packages/**/*.test.ts"],
          globalSetup: ["test/packages/packed.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
