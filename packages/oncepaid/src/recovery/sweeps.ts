import type { Engine, Sweep } from "#/engine.ts";
import { announceStuckDeliveries } from "#/notify/stuck.ts";
import { removeLatePayloads } from "#/orders/erase.ts";
import { endGrantsThatAreOver } from "#/purchases/granted.ts";
import { retryFailedEvents } from "#/recovery/failed-events.ts";
import { removeOldRows } from "#/recovery/old-rows.ts";
import { settleOpenOrders } from "#/recovery/open-orders.ts";
import { reconcileQuietly } from "#/recovery/reconcile/reconcile.ts";

/** A sweep of the engine's own. */
export type EngineSweep = Pick<Sweep, "name" | "everySeconds"> & {
  runOnce: (engine: Engine) => Promise<number>;
};

/** What heals by itself, and how often. Each runs once per interval, however many processes there are (work/). */
export const SWEEPS: readonly EngineSweep[] = [
  { name: "failed events", everySeconds: 30, runOnce: retryFailedEvents },
  { name: "open orders", everySeconds: 60, runOnce: settleOpenOrders },
  { name: "grants", everySeconds: 60, runOnce: endGrantsThatAreOver },
  // Three calls to Stripe when nothing was missed; what was missed at night is found before anybody asks.
  { name: "reconcile", everySeconds: 600, runOnce: reconcileQuietly },
  { name: "stuck webhooks", everySeconds: 600, runOnce: announceStuckDeliveries },
  {
    name: "erased persons",
    everySeconds: 24 * 60 * 60,
    runOnce: ({ database }) => removeLatePayloads(database),
  },
  { name: "old rows", everySeconds: 24 * 60 * 60, runOnce: removeOldRows },
];
