import { writeFileSync } from "node:fs";
import { unbuiltOperations, unbuiltParameters } from "../src/test-coverage.ts";

/**
 * `node packages/sandbox/bin/unbuilt.ts` writes which operations the SDK declares that the sandbox doesn't have, and which parameters of
 * those it has: to be run after something was built, or another SDK was installed.
 */
write("unbuilt.json", unbuiltParameters());
write("unbuilt-operations.json", unbuiltOperations());

function write(name: string, list: object): void {
  const file = new URL(`../src/api/${name}`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(list, null, 2)}\n`);
}
