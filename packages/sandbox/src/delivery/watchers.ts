/** Those who wait for something to become true, and look again whenever something has happened. */
export class Watchers {
  readonly #waiting = new Set<{ check(): void; finish(): void }>();

  /** Resolves once the condition holds, or when the time is over. */
  until(milliseconds: number, condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(limit);
        this.#waiting.delete(watcher);
        resolve();
      };
      const check = () => {
        if (condition()) finish();
      };
      const limit = setTimeout(finish, milliseconds);
      const watcher = { check, finish };
      this.#waiting.add(watcher);
      check();
    });
  }

  look(): void {
    for (const { check } of this.#waiting) check();
  }

  /** Nothing will happen any more. */
  letGo(): void {
    for (const { finish } of this.#waiting) finish();
  }
}
