import type { Store } from "../store.ts";

const HOUR = 3600;

/**
 * Seconds before each retry. Stripe says how many and for how long, not when: three within a few hours in a sandbox,
 * and up to three days, further and further apart, in live mode.
 */
export const SCHEDULES = {
  sandbox: [300, 1800, 2 * HOUR],
  live: [300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, ...Array<number>(4).fill(12 * HOUR)],
};

export function retriesOf(store: Store): number[] {
  const setting = store.setting("webhook_retries");
  return setting === undefined ? SCHEDULES.sandbox : JSON.parse(setting);
}

export function setRetries(store: Store, seconds: readonly number[]): void {
  store.setSetting("webhook_retries", JSON.stringify(seconds));
}

/** The same schedule in a fraction of its time, in whole seconds. */
export function compressed(seconds: readonly number[], factor: number): number[] {
  return seconds.map((wait) => Math.ceil(wait / factor));
}
