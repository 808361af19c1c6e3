import type { RateLimiterAbstract } from "rate-limiter-flexible";
import { type Database, type Ground, openDatabase } from "#/database/database.ts";
import { type Meters, newMeters } from "#/meters.ts";
import type { Price } from "#/stripe/prices.ts";

/**
 * What all copies of this package share in one process, by database. Next gives a route and a page two copies of a module; both
 * have to use one pool, wake one relay, and know the prices the other has shown.
 */
export type Shared = {
  database: Database;
  meters: Meters;
  /** Prices as Stripe has them, by id. */
  prices: Map<string, KnownPrice>;
  /** What lookup keys were found to be; undefined before Stripe was asked. */
  lookups: Lookups | undefined;
  /** The ids of prices that are known to stand in the database. */
  remembered: Set<string>;
  /** Sessions that Stripe was asked about a moment ago, and when; milliseconds. */
  asked: Map<string, number>;
  /** Buyers' customers that the account of the key turned out not to have; another key may have them, so it isn't written down. */
  customersElsewhere: Set<string>;
  /** Tells the relay of this process, if there is one, that the outbox may have something. */
  wakeRelay: (() => void) | undefined;
  /** Something was written to the outbox that no relay of this process has been told of. */
  jobsWaiting: boolean;
  /** This shop's id, once it was read. */
  shopId: string | undefined;
  /** The secret of this database, once it was read. */
  secret: string | undefined;
  /** Once true it stays true: this code's migrations are never undone. */
  migrated: boolean;
  /** Deliveries of Stripe's that are being applied, and the bytes of their bodies. */
  deliveries: { count: number; bytes: number };
  /** Counters of the rate limits. */
  limiters: Map<string, Pick<RateLimiterAbstract, "consume">>;
  /** When it was last said that a buyer came through fewer proxies than are trusted: milliseconds, as Date.now() counts them. */
  saidOfProxiesAt: number | undefined;
};

export type KnownPrice = { price: Price | undefined; askAgainAt: number };

/** What Stripe was asked and when it is asked again (milliseconds); `answer`, price ids by key, comes once for all who wait for it. */
export type Lookups = {
  keys: readonly string[];
  answer: Promise<ReadonlyMap<string, string> | undefined>;
  askAgainAt: number;
};

const KEY = Symbol.for("oncepaid");

/** By the URL of a database or the pool of an app, then by schema. */
type Registry = Map<Ground["database"], Map<string, Shared>>;

/** The one global of this package. */
function registry(): Registry {
  const global: typeof globalThis & { [KEY]?: Registry } = globalThis;
  global[KEY] ??= new Map();
  return global[KEY];
}

export function sharedOf(ground: Ground): Shared {
  const bySchema = registry().get(ground.database) ?? new Map<string, Shared>();
  registry().set(ground.database, bySchema);
  const shared = bySchema.get(ground.schema) ?? newShared(openDatabase(ground));
  bySchema.set(ground.schema, shared);
  return shared;
}

/** Forgets a database whose connections are ended. */
export function forgetShared({ database, schema }: Ground): void {
  const bySchema = registry().get(database);
  bySchema?.delete(schema);
  if (bySchema?.size === 0) registry().delete(database);
}

function newShared(database: Database): Shared {
  return {
    database,
    meters: newMeters(),
    prices: new Map(),
    lookups: undefined,
    remembered: new Set(),
    asked: new Map(),
    customersElsewhere: new Set(),
    wakeRelay: undefined,
    jobsWaiting: false,
    shopId: undefined,
    secret: undefined,
    migrated: false,
    deliveries: { count: 0, bytes: 0 },
    limiters: new Map(),
    saidOfProxiesAt: undefined,
  };
}
