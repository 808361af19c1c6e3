import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";

/**
 * More deliveries than can be stored are refused while that costs nearly nothing, instead of being kept in memory until all of them are
 * late: Stripe sends them again, for three days, and reconcile finds what is missed even then.
 */

/** About what a process stores in a second, and a small part of the time Stripe waits for an answer. */
const MOST_DELIVERIES = 1_000;
const MOST_BYTES = 64 * 1024 * 1024;

/** The refusal of a further delivery, where one process has as many as it can hold. */
export function overloaded({ shared }: Engine): Failure | undefined {
  const { count, bytes } = shared.deliveries;
  if (count < MOST_DELIVERIES && bytes < MOST_BYTES) return undefined;
  shared.meters.refusedDeliveries.inc({ reason: "overloaded" });
  return failure("overloaded", "More events are coming than can be stored now; send it again.");
}

/** Counts a delivery for as long as the work on it takes. */
export async function counted<T>({ shared }: Engine, bytes: number, work: () => Promise<T>): Promise<T> {
  shared.deliveries.count++;
  shared.deliveries.bytes += bytes;
  try {
    return await work();
  } finally {
    shared.deliveries.count--;
    shared.deliveries.bytes -= bytes;
  }
}
