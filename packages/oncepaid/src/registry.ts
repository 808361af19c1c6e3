import type { RateLimiterAbstract } from "rate-limiter-flexible";
import { type Database, databaseOn, openPool } from "#/database/database.ts";
import type { Price } from "#/stripe/prices.ts";

/**
 * What all copies of this package share in one process, by database. Next gives a route and a page two copies of a module; both
 * have to use one pool, wake one relay, and know the prices the other has shown.
 */
export type Shared = {
  database: Database;
  /** Prices as Stripe has them, by id. */
  prices: Map<string, KnownPrice>;
  /** Sessions that Stripe was asked about a moment ago, and when; milliseconds. */
  asked: Map<string, number>;
  /** Tells the relay of this process, if there is one, that the outbox may have something. */
  wakeRelay: (() => void) | undefined;
  /** Once true it stays true: this code's migrations are never undone. */
  migrated: boolean;
  /** Counters of the rate limits. */
  limiters: Map<string, Pick<RateLimiterAbstract, "consume">>;
};

export type KnownPrice = { price: Price | undefined; askAgainAt: number };

const KEY = Symbol.for("oncepaid");

/** The one global of this package. */
export function sharedOf({ databaseUrl, schema }: Ground): Shared {
  const key = keyOf({ databaseUrl, schema });
  const registry: typeof globalThis & { [KEY]?: Map<string, Shared> } = globalThis;
  registry[KEY] ??= new Map();
  const known = registry[KEY].get(key);
  if (known) return known;
  const shared: Shared = {
    database: databaseOn(openPool(databaseUrl), schema),
    prices: new Map(),
    asked: new Map(),
    wakeRelay: undefined,
    migrated: false,
    limiters: new Map(),
  };
  registry[KEY].set(key, shared);
  return shared;
}

/** Forgets a database whose pool was closed. */
export function forgetShared(ground: Ground): void {
  const registry: typeof globalThis & { [KEY]?: Map<string, Shared> } = globalThis;
  registry[KEY]?.delete(keyOf(ground));
}

type Ground = { databaseUrl: string; schema: string };

function keyOf({ databaseUrl, schema }: Ground): string {
  return JSON.stringify([databaseUrl, schema]);
}
