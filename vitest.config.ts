import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

/** Run through `npm test`, which brings the database and the summary line; arguments after `--` go to vitest. */
export default defineConfig({
  test: {
    environment: "node",
    // A failing test must not leave its processes to the next file.
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
            "test/{commands,house,mistakes,properties,support,upgrade}/**/*.test.ts",
          ],
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
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
