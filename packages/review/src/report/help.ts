import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const PAGES = join(import.meta.dirname, "..", "..", "docs", "rules");

/** The address of a rule's page: why, the way out, a wrong and a right example. It comes with the package, so it fits its version. */
export function helpOf(rule: string): string {
  return pathToFileURL(join(PAGES, `${rule}.md`)).href;
}

/** The page itself, for programs that show it without having the package. */
export function helpPage(rule: string): string {
  return readFileSync(join(PAGES, `${rule}.md`), "utf8");
}
