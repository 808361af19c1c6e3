import type { Store } from "./store.ts";

/**
 * The sandbox's time: real time plus an offset that is stored, so a month can pass in a test and the sandbox
 * still knows after a restart. Seconds, like every timestamp of Stripe's. It only moves forward. A frozen one moves by
 * `advance` alone, so that nothing happens by itself in the middle of a slow test.
 */
export class Clock {
  readonly #store: Store;
  /** The real time, in milliseconds, at which a frozen clock stands. */
  readonly #frozenAt: number | undefined;
  #offset: number;

  constructor(store: Store, { frozen = false } = {}) {
    this.#store = store;
    this.#frozenAt = frozen ? Date.now() : undefined;
    this.#offset = 0;
    this.load();
  }

  /** As far ahead as the store says. */
  load(): void {
    this.#offset = Number(this.#store.setting("clock_offset") ?? 0);
  }

  now(): number {
    return Math.floor((this.#frozenAt ?? Date.now()) / 1000) + this.#offset;
  }

  /** Real milliseconds until a moment of the virtual clock. `Infinity` for one that a frozen clock doesn't reach by itself. */
  millisecondsUntil(moment: number): number {
    if (this.#frozenAt !== undefined) return moment <= this.now() ? 0 : Number.POSITIVE_INFINITY;
    return (moment - this.#offset) * 1000 - Date.now();
  }

  /** Back to real time, when all that happened is forgotten. */
  reset(): void {
    this.#offset = 0;
  }

  advance(seconds: number): void {
    this.#offset += seconds;
    this.#store.setSetting("clock_offset", String(this.#offset));
  }
}
