import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The page of a rule: why, the way out, a wrong and a right example. It comes with the package, so it fits its version. */
export function helpOf(rule: string): string {
  return pathToFileURL(join(import.meta.dirname, "..", "..", "docs", "rules", `${rule}.md`)).href;
}
