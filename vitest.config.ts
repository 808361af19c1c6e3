import { defineConfig } from "vitest/config";

/** Run through `npm test`, which brings the database and the summary line; arguments after `--` go to vitest. */
export default defineConfig({
  test: {
    environment: "node",
    // A failing test must not leave its processes to the next file.
    pool: "forks",
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
          maxWorkers: 3,
          testTimeout: 30_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "journeys",
          include: ["test/{journeys,crash}/**/*.test.ts"],
          globalSetup: ["test/support/build.ts"],
          // Each one runs a whole app, often with a browser, and waits for it half of the time: three at once keep two cores busy.
          maxWorkers: 3,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "packages",
          include: ["test/packages/**/*.test.ts"],
          globalSetup: ["test/packages/packed.ts"],
          maxWorkers: 3,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
