import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * `node packages/oncepaid/scripts/migrations.ts` writes migrations/*.sql into a module: a package that is bundled into an app
 * has no files of its own to read when it runs.
 */
const FOLDER = join(import.meta.dirname, "..", "migrations");
const MODULE = join(import.meta.dirname, "..", "src", "database", "migrations.ts");

export function migrationsModule(): string {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".sql"));
  const entries = files.sort().map((file) => {
    const text = readFileSync(join(FOLDER, file), "utf8").replaceAll(/[\\`]|\$\{/g, "\\$&");
    return `  "${file.replace(/\.sql$/, "")}": \`${text}\`,\n`;
  });
  return [
    "/** Made of migrations/*.sql by scripts/migrations.ts; by name, in the order they are applied. */\n",
    `export const MIGRATIONS: Readonly<Record<string, string>> = {\n${entries.join("")}};\n`,
  ].join("");
}

if (import.meta.main) writeFileSync(MODULE, migrationsModule());
