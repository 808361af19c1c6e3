import { Act } from "./act.ts";
import { ApiError } from "./api/errors.ts";
import { Clock } from "./clock.ts";
import { Courier } from "./delivery/courier.ts";
import { entitle } from "./entitlements/entitle.ts";
import { type Cause, NOBODY } from "./events/cause.ts";
import { Faults } from "./faults/faults.ts";
import { MOST_SNAPSHOTS, Store } from "./store.ts";
import { Listeners } from "./stripe-listen/listeners.ts";
import { Timers } from "./timers.ts";
import { API_VERSION } from "./version.ts";

/** Where its state is kept, if anywhere, and whether its time moves by itself. */
export interface Kept {
  dataDir?: string | undefined;
  frozenClock?: boolean | undefined;
}

/** One account of a running sandbox: its store, its clock, and the one way to change anything, `act`. */
export class World {
  readonly account: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly courier: Courier;
  readonly timers: Timers;
  readonly listeners: Listeners;
  /** Where it is reached; known once it listens. */
  origin = "";

  constructor(account: string, { dataDir, frozenClock = false }: Kept = {}) {
    this.account = account;
    this.store = new Store(dataDir);
    this.clock = new Clock(this.store, { frozen: frozenClock });
    this.faults = new Faults(this.store);
    this.courier = new Courier(this.store, this.clock, this.faults, () => this.timers.arm());
    this.timers = new Timers(this);
    this.listeners = new Listeners(this.store);
  }

  /** Runs `work` as one transaction; what it emitted is sent, and what it scheduled is awaited, after the commit. */
  act<T>(how: { cause?: Cause; version?: string; now?: number }, work: (act: Act) => T): T {
    const act = new Act({
      store: this.store,
      account: this.account,
      now: how.now ?? this.clock.now(),
      cause: how.cause ?? NOBODY,
      origin: this.origin,
      version: how.version ?? API_VERSION,
      follow: entitle,
    });
    const result = this.store.transaction(() => work(act));
    this.courier.wake();
    this.listeners.tell();
    this.timers.arm();
    return result;
  }

  /** Moves time forward; everything that falls due on the way happens in its order. */
  advance(seconds: number): void {
    this.clock.advance(seconds);
    this.timers.run();
    this.courier.wake();
  }

  /** As if nothing had happened yet: real time, no objects, no faults. Endpoints stay, with their secrets. */
  reset(): void {
    this.timers.stop();
    this.store.empty();
    this.clock.reset();
    this.faults.load();
    this.courier.restart();
    this.listeners.restart();
  }

  /** Keeps everything as it is now under a name, for as long as the process runs. */
  snapshot(name: string): void {
    if (!this.store.snapshot(name)) throw new ApiError(400, `There can be ${MOST_SNAPSHOTS} snapshots.`);
  }

  /** Everything as it was when the snapshot was taken, the clock and what was still to be sent included. */
  restore(name: string): boolean {
    this.timers.stop();
    const known = this.store.restore(name);
    this.clock.load();
    this.faults.load();
    this.courier.restart();
    this.listeners.restart();
    this.timers.run();
    this.courier.wake();
    return known;
  }

  close(): void {
    this.timers.stop();
    this.listeners.close();
    this.courier.close();
    this.store.close();
  }
}
