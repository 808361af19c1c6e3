import type { Database } from "oncepaid/database/database.ts";
import { sharedOf } from "oncepaid/registry.ts";
import { config } from "#/config.ts";

/** The shop's accounts lie in the engine's database and share its connections. */
export function database(): Database {
  return sharedOf(config().databaseUrl).database;
}
