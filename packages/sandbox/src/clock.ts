import type { Store } from "./store.ts";

/**
 * The sandbox's time: real time plus an offset that is stored, so a month can pass in a test and the sandbox
 * still knows after a restart. Seconds, like every timestamp of Stripe's. It only moves forward.
 */
export class Clock {
  readonly #store: Store;
  #offset: number;

  constructor(store: Store) {
    this.#store = store;
    this.#offset = 0;
    this.load();
  }

  /** As far ahead as the store says. */
  load(): void {
    this.#offset = Number(this.#store.setting("clock_offset") ?? 0);
  }

  now(): number {
    return Math.floor(Date.now() / 1000) + this.#offset;
  }

  /** Real milliseconds until a moment of the virtual clock. */
  millisecondsUntil(moment: number): number {
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
