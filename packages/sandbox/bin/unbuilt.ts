import { writeFileSync } from "node:fs";
import { unbuiltParameters } from "../src/test-coverage.ts";

/**
 * `node packages/sandbox/bin/unbuilt.ts` writes which parameters the SDK declares for the operations that are there and that
 * the sandbox doesn't know: to be run after a parameter was built, or another SDK was installed.
 */
writeFileSync(
  new URL("../src/api/unbuilt.json", import.meta.url),
  `${JSON.stringify(unbuiltParameters(), null, 2)}\n`,
);
