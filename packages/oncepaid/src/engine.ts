import type { Role } from "#/caller.ts";
import type { Catalog } from "#/catalog/catalog.ts";
import type { Database, Transaction } from "#/database/database.ts";
import type { Log } from "#/log.ts";
import { newMeters } from "#/meters.ts";
import { forgetShared, type Shared, sharedOf } from "#/registry.ts";
import type { Happening } from "#/rules/happenings.ts";
import type { OrderSnapshot } from "#/rules/snapshot.ts";
import type { Settings } from "#/settings.ts";
import { openStorage } from "#/storage/open.ts";
import type { Storage } from "#/storage/storage.ts";
import { connectStripe, type StripeClient } from "#/stripe/client.ts";

/** One engine: everything its rooms need, handed to each of their functions. Nothing of it is global. */
export type Engine = {
  readonly settings: Settings;
  readonly hooks: Hooks;
  readonly catalog: Catalog;
  readonly accounts: Accounts;
  readonly queues: AppQueues;
  readonly log: Log;
  readonly database: Database;
  readonly stripe: StripeClient;
  /** Where the files that are sold lie. */
  readonly storage: Storage;
  /** What all copies of the engine for this database share in this process. */
  readonly shared: Shared;
};

/** The app's own accounts. */
export type Accounts = {
  /** Who sent a request, by the app's own session. */
  identify(headers: Headers): Promise<Identity | null>;
  /**
   * Makes an account for a browser that has none and wants to buy, where the app has accounts for those; the cookies go back with
   * the answer.
   */
  newcomer?(headers: Headers): Promise<Newcomer>;
  /** Whether a browser without an account may buy as a guest of the engine's own (http/guest.ts). */
  guests: boolean;
};

export type Newcomer = { userId: string; setCookie: string[] };

/**
 * `email` is an address the user has proven to read, in lower case. `prefill` is what the payment page is filled in with, and proves
 * nothing. An operator may see everything, and do what their role lets them.
 */
export type Identity = {
  userId: string;
  email: string | null;
  prefill: string | null;
  operator: Role | boolean;
};

/** Queues of the app's own, for work that follows what happens to its orders: mails, for example. */
export type AppQueues = {
  /**
   * The work a happening causes; written with the change itself. Pure. `order` is the one it happened to; where access was given
   * without one, the grant's id with the app's own language.
   */
  after(happening: Happening, order: { id: string; locale: string }): AppJob[];
  /** Does one job of a queue. It may be called twice with one key; a thrown error means: again later, unless it is Hopeless. */
  work: Readonly<Record<string, (key: string, data: unknown) => Promise<void>>>;
  /** What the app looks after by itself, beside the engine's own sweeps. */
  sweeps: readonly Sweep[];
};

/** Does one round and tells how many things it changed. Runs once per interval, however many processes there are. */
export type Sweep = { name: string; everySeconds: number; runOnce: () => Promise<number> };

/** The app's own handlers of what happens (room hooks/). */
export type Hooks = {
  /** What a handler of the app runs for, in the transaction of the change that causes it. */
  on: ReadonlySet<string>;
  /** What a handler runs for once the change is written. */
  after: ReadonlySet<string>;
  /** Runs the handlers within the transaction; one that throws, or hangs, undoes the change. */
  runOn(engine: Engine, transaction: Transaction, happenings: readonly Told[]): Promise<void>;
  /** Runs the handler for what was written; one that throws is tried again. `key` is the same for every repetition. */
  runAfter(engine: Engine, key: string, happening: Happening): Promise<void>;
};

/** What happened, and the order before and after it, where it was a change of an order. */
export type Told = { happening: Happening; before: OrderSnapshot | null; after: OrderSnapshot | null };

/** `key` stays the same for every repetition, so that a receiver can tell. */
export type AppJob = { queue: string; key: string; data: object };

export type EngineOptions = Pick<Engine, "settings" | "catalog" | "accounts" | "queues" | "hooks" | "log">;

/** Opens nothing: the database, Stripe and the storage are connected at their first use. */
export function createEngine(options: EngineOptions): Engine {
  const { settings } = options;
  const shared = () => sharedOf(settings);
  let stripe: StripeClient | undefined;
  let storage: Storage | undefined;
  return {
    ...options,
    get shared() {
      return shared();
    },
    get database() {
      return shared().database;
    },
    get stripe() {
      stripe ??= connectStripe(settings.stripe, settings.hasDatabase ? shared().meters : newMeters());
      return stripe;
    },
    get storage() {
      storage ??= openStorage(settings.storageUrl);
      return storage;
    },
  };
}

/** Ends the engine's connections to its database. */
export async function closeEngine(engine: Engine): Promise<void> {
  if (!engine.settings.hasDatabase) return;
  const { pool } = engine.database;
  forgetShared(engine.settings);
  // An app's own pool is the app's to end.
  if (typeof engine.settings.database === "string") await pool.end();
}
