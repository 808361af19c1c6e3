import type { Cause, Change } from "./events/cause.ts";
import { emit } from "./events/emit.ts";
import type { Store } from "./store.ts";
import type { EventType, Kind, Kinds, Told } from "./wire.ts";

type Follow = (act: Act, event: EventType, object: Told) => void;

/**
 * One atomic change of the sandbox: an API request, a payment on the page, a timer. Its objects, events, deliveries
 * and idempotency record are committed together or not at all. `now` is the same moment throughout.
 */
export class Act implements Change {
  readonly store: Store;
  readonly account: string;
  readonly now: number;
  readonly cause: Cause;
  /** Where the sandbox is reached, for the URLs that objects carry. */
  readonly origin: string;
  /** The `Stripe-Version` of the request. */
  readonly version: string;
  /** The test clock whose time `now` is, if it isn't the sandbox's own. */
  readonly testClock: string | null;
  /** What follows from an event at once, in the same transaction. */
  readonly #follow: Follow | undefined;
  /** The same moment on the sandbox's own clock. */
  readonly #ownNow: number;

  constructor(from: {
    store: Store;
    account: string;
    now: number;
    cause: Cause;
    origin: string;
    version: string;
    testClock?: { id: string; ownNow: number };
    follow?: Follow | undefined;
  }) {
    this.store = from.store;
    this.account = from.account;
    this.now = from.now;
    this.cause = from.cause;
    this.origin = from.origin;
    this.version = from.version;
    this.testClock = from.testClock?.id ?? null;
    this.#follow = from.follow;
    this.#ownNow = from.testClock?.ownNow ?? from.now;
  }

  /** The same act at the time of a test clock: what it plans waits for that clock. */
  on(testClock: string, now: number): Act {
    return this.#with({ now, testClock: { id: testClock, ownNow: this.#ownNow } });
  }

  /** The same act at another moment of its clock. */
  at(now: number): Act {
    const { testClock } = this;
    return testClock === null ? this.#with({ now }) : this.on(testClock, now);
  }

  #with(time: { now: number; testClock?: { id: string; ownNow: number } }): Act {
    const { store, account, cause, origin, version } = this;
    return new Act({ store, account, cause, origin, version, follow: this.#follow, ...time });
  }

  /** Stores a new object; `event` tells the endpoints about it. */
  create<T extends Kinds[Kind]>(object: T, event?: EventType): T {
    this.store.insert(object);
    if (event) this.emit(event, object);
    return object;
  }

  /** Changes an object; events whose type ends in `.updated` carry what the changed fields were before. */
  change<T extends Kinds[Kind]>(before: T, changes: Partial<T>, event?: EventType): T {
    const after = { ...before, ...changes };
    this.store.update(after);
    if (event) this.emit(event, after, event.endsWith(".updated") ? before : undefined);
    return after;
  }

  emit(event: EventType, object: Told, before?: Told): void {
    emit(this, event, object, before);
    this.#follow?.(this, event, object);
  }

  /** Does `name` with `subject` once the virtual clock has moved this far. */
  schedule(dueAt: number, name: string, subject: string): void {
    const own = this.#ownNow + (dueAt - this.now);
    this.store.run("INSERT INTO timer (due_at, name, subject) VALUES (?, ?, ?)", own, name, subject);
  }

  /** The same for what follows the calendar of a customer, who may live on a test clock. */
  plan(dueAt: number, name: string, subject: string): void {
    if (this.testClock === null) {
      this.schedule(dueAt, name, subject);
      return;
    }
    const sql = "INSERT INTO clock_timer (clock, due_at, name, subject) VALUES (?, ?, ?, ?)";
    this.store.run(sql, this.testClock, dueAt, name, subject);
  }
}
