import { retryFailedEvents } from "#/recovery/failed-events.ts";
import { settleOpenOrders } from "#/recovery/open-orders.ts";

/** Does one round and tells how many things it changed. */
export type Sweep = { name: string; everySeconds: number; runOnce: () => Promise<number> };

/** What heals by itself, and how often. Each runs once per interval, however many processes there are (work/). */
export const SWEEPS: Sweep[] = [
  { name: "failed events", everySeconds: 30, runOnce: retryFailedEvents },
  { name: "open orders", everySeconds: 60, runOnce: settleOpenOrders },
];
