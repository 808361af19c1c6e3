import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * `node packages/oncepaid/scripts/pages.ts` writes pages/* into a module: a package that is bundled into an app has no files of its
 * own to read when it runs.
 */
const FOLDER = join(import.meta.dirname, "..", "pages");
const MODULE = join(import.meta.dirname, "..", "src", "http", "docs", "assets.ts");

export function assetsModule(): string {
  const text = (file: string) => readFileSync(join(FOLDER, file), "utf8").replaceAll(/[\\`]|\$\{/g, "\\$&");
  return [
    "/** Made of pages/* by scripts/pages.ts. */\n",
    `export const STYLES = \`${text("api.css")}\`;\n\n`,
    `export const SCRIPT = \`${text("api.js")}\`;\n`,
  ].join("");
}

if (import.meta.main) writeFileSync(MODULE, assetsModule());
