import { existsSync, readdirSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import type { Hono } from "hono";
import { ACCOUNT, accountNamedBy, isAccount, keyIn } from "./account-id.ts";
import type { Store } from "./store.ts";
import { cliSession } from "./stripe-listen/session.ts";
import { type Kept, World } from "./world.ts";

/** One account with all that answers for it. */
interface Opened {
  world: World;
  app: Hono;
}

/** Which account's dashboard a browser looks at. */
export const CHOICE = "oncepaid_sandbox_account";

/** Pages of objects, whose addresses hold an id or a secret that only one account knows. */
const OBJECT_PAGES = /^\/(?:b|c|invoices|p|receipts)\//;
const DASHBOARD = /^\/(?:dashboard(?:\/.*)?)?$/;

/**
 * The accounts of one running sandbox, each a world of its own: that of ordinary keys, and those that a key has named,
 * which are made when their key is first seen.
 */
export class Accounts {
  readonly #opened = new Map<string, Opened>();
  readonly #appOf: (world: World, accounts: Accounts) => Hono;
  readonly #kept: Kept;
  readonly main: World;
  #origin = "";

  constructor(appOf: (world: World, accounts: Accounts) => Hono, kept: Kept = {}) {
    this.#appOf = appOf;
    this.#kept = kept;
    this.main = this.#open(ACCOUNT, kept.dataDir).world;
    const folder = this.#folder();
    const known = folder && existsSync(folder) ? readdirSync(folder).filter(isAccount) : [];
    for (const id of known) this.worldOf(id);
  }

  get ids(): string[] {
    return [...this.#opened.keys()];
  }

  worldOf(id: string): World {
    return this.#of(id).world;
  }

  /** Who answers: the account of the key, of the page's object, or the one whose dashboard was chosen. */
  appFor(request: Request): Hono {
    const id = accountNamedBy(keyIn(request.headers.get("authorization") ?? ""));
    if (id !== undefined) return this.#of(id).app;
    // Almost always there is only the one.
    if (this.#opened.size === 1) return this.#of(ACCOUNT).app;
    const owner = this.#ownerOf(new URL(request.url).pathname, request.headers.get("cookie") ?? "");
    return this.#of(owner ?? ACCOUNT).app;
  }

  /** The account that the CLI's listener listens to. */
  worldForListener(request: IncomingMessage): World {
    const session = String(request.headers["websocket-id"] ?? "");
    const found = [...this.#opened.values()].find(({ world }) => cliSession(world.store, session));
    return found?.world ?? this.main;
  }

  /** Where all of them are reached, once that is known; what fell due while no process ran is done then. */
  listenAt(origin: string): void {
    this.#origin = origin;
    for (const { world } of this.#opened.values()) this.#begin(world);
  }

  /** Forgets an account with all it has, its folder included. The ordinary keys' own stays. */
  remove(id: string): boolean {
    const opened = this.#opened.get(id);
    if (!opened || id === ACCOUNT) return false;
    this.#opened.delete(id);
    opened.world.close();
    const folder = this.#folder(id);
    if (folder) rmSync(folder, { recursive: true, force: true });
    return true;
  }

  closeListeners(): void {
    for (const { world } of this.#opened.values()) world.listeners.close();
  }

  close(): void {
    for (const { world } of this.#opened.values()) world.close();
  }

  #of(id: string): Opened {
    return this.#opened.get(id) ?? this.#open(id, this.#folder(id));
  }

  #open(id: string, dataDir?: string): Opened {
    const world = new World(id, { ...this.#kept, dataDir });
    const opened = { world, app: this.#appOf(world, this) };
    this.#opened.set(id, opened);
    if (this.#origin !== "") this.#begin(world);
    return opened;
  }

  #begin(world: World): void {
    world.origin = this.#origin;
    world.timers.run();
    world.courier.wake();
  }

  #folder(id = ""): string | undefined {
    return this.#kept.dataDir && join(this.#kept.dataDir, "accounts", id);
  }

  #ownerOf(path: string, cookies: string): string | undefined {
    if (OBJECT_PAGES.test(path)) {
      for (const [id, { world }] of this.#opened) if (knows(world.store, `${this.#origin}${path}`)) return id;
    }
    if (!DASHBOARD.test(path)) return undefined;
    const chosen = new RegExp(`(?:^|;\\s*)${CHOICE}=(\\w+)`).exec(cookies)?.[1];
    return chosen !== undefined && this.#opened.has(chosen) ? chosen : undefined;
  }
}

/** Whether an address names something of this store's: an object, a portal's token, a payment link as a whole. */
function knows(store: Store, address: string): boolean {
  const link = address.replace(/\/thanks$/, "");
  const parts = new URL(address).pathname.split("/").map((part) => part.split("_secret_")[0] ?? "");
  const known =
    "SELECT 1 FROM object WHERE id = ?1 AND deleted = 0 UNION ALL SELECT 1 FROM note WHERE id = ?1 LIMIT 1";
  return [link, ...parts].some((name) => name !== "" && store.row(known, name) !== undefined);
}
