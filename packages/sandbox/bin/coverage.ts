import { coverageTable } from "../src/test-coverage.ts";

/** `node packages/sandbox/bin/coverage.ts`: the table of the README, counted in the SDK's declarations. */
console.log(coverageTable());
