import { existsSync } from "node:fs";
import { join } from "node:path";
import nextEnv from "@next/env";
import { createJiti } from "jiti";
import { messageOf } from "#/failure.ts";
import { type AnyOncepaid, isOncepaid } from "#/oncepaid.ts";

/** Where a config may lie, in the folder of the app. */
const NAMES = ["oncepaid.config.ts", "oncepaid.config.mts", "oncepaid.config.js", "oncepaid.config.mjs"];
const FOLDERS = ["", "src"];

/** What can't be found or loaded; its sentence is all that is shown. */
export class ConfigProblem extends Error {
  override name = "ConfigProblem";
}

/**
 * The engine of the app in a folder: its `oncepaid.config.ts`, with the environment that Next would give it, imports by the
 * paths of its tsconfig, and `server-only` as nothing.
 */
export async function loadOncepaid(folder: string): Promise<AnyOncepaid> {
  const file = configIn(folder);
  if (file === undefined) {
    throw new ConfigProblem(`There is no oncepaid.config.ts in ${folder}; \`npx oncepaid init\` makes one.`);
  }
  nextEnv.loadEnvConfig(folder, process.env.NODE_ENV !== "production", {
    info: () => {},
    error: console.error,
  });
  const jiti = createJiti(import.meta.url, {
    interopDefault: true,
    tsconfigPaths: true,
    // It is a mark for bundlers, and throws wherever none looks at it.
    alias: { "server-only": "data:text/javascript," },
  });
  const loaded: unknown = await jiti.import(file).catch((error: unknown) => {
    throw new ConfigProblem(`${file} can't be loaded: ${messageOf(error)}`);
  });
  const found = Object.values(Object(loaded)).find(isOncepaid);
  if (found) return found;
  throw new ConfigProblem(`${file} exports no engine: export const oncepaid = createOncepaid({ … }).`);
}

function configIn(folder: string): string | undefined {
  const places = FOLDERS.flatMap((sub) => NAMES.map((name) => join(folder, sub, name)));
  return places.find((file) => existsSync(file));
}
