import { emit } from "./events/emit.ts";
import type { Store } from "./store.ts";
import type { EventType, Kind, Kinds } from "./wire.ts";

/** Who caused an event: the API request, or nobody (`null`s) when time or a customer on the page did. */
export interface Cause {
  id: string | null;
  idempotency_key: string | null;
}

export const NOBODY: Cause = { id: null, idempotency_key: null };

/**
 * One atomic change of the sandbox: an API request, a payment on the page, a timer. Its objects, events, deliveries
 * and idempotency record are committed together or not at all. `now` is the same moment throughout.
 */
export class Act {
  readonly store: Store;
  readonly now: number;
  readonly cause: Cause;
  /** Where the sandbox is reached, for the URLs that objects carry. */
  readonly origin: string;
  /** The `Stripe-Version` of the request. */
  readonly version: string;

  constructor(from: { store: Store; now: number; cause: Cause; origin: string; version: string }) {
    this.store = from.store;
    this.now = from.now;
    this.cause = from.cause;
    this.origin = from.origin;
    this.version = from.version;
  }

  /** Stores a new object; `event` tells the endpoints about it. */
  create<T extends Kinds[Kind]>(object: T, event?: EventType): T {
    this.store.insert(object);
    if (event) emit(this, event, object);
    return object;
  }

  /** Changes an object; events whose type ends in `.updated` carry what the changed fields were before. */
  change<T extends Kinds[Kind]>(before: T, changes: Partial<T>, event?: EventType): T {
    const after = { ...before, ...changes };
    this.store.update(after);
    if (event) emit(this, event, after, event.endsWith(".updated") ? before : undefined);
    return after;
  }

  emit(event: EventType, object: Kinds[Kind], before?: Kinds[Kind]): void {
    emit(this, event, object, before);
  }

  /** Does `name` with `subject` once the virtual clock has moved this far. */
  schedule(dueAt: number, name: string, subject: string): void {
    this.store.run("INSERT INTO timer (due_at, name, subject) VALUES (?, ?, ?)", dueAt, name, subject);
  }
}
