/**
 * Connections to the database as the engine makes them, for tables of an app's own in the same one: of several addresses the one
 * that can be written is found, also after a standby took over.
 */

export type { OwnPool, Pool } from "#/database/connection.ts";
export { addressesIn, isPooled, openPool, type PoolOptions, withoutNames } from "#/database/pool.ts";
