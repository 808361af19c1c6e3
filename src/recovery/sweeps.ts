import { setTimeout as pause } from "node:timers/promises";
import { log } from "#/log.ts";
import { retryFailedEvents } from "#/recovery/failed-events.ts";
import { settleOpenOrders } from "#/recovery/open-orders.ts";

/** What heals by itself, and how often. Each runs once at a time per process; any number of processes may run them. */
const SWEEPS: Sweep[] = [
  { name: "failed events", everySeconds: 30, runOnce: retryFailedEvents },
  { name: "open orders", everySeconds: 60, runOnce: settleOpenOrders },
];

/** Does one round and tells how many things it changed. */
type Sweep = { name: string; everySeconds: number; runOnce: () => Promise<number> };

export function startSweeps(): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const running = SWEEPS.map((sweep) => run(sweep, stopping.signal));
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function run({ name, everySeconds, runOnce }: Sweep, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const changed = await runOnce();
      if (changed > 0) log().info({ sweep: name, changed }, "swept");
    } catch (error) {
      log().error({ sweep: name, err: error }, "sweep failed");
    }
    await pause(everySeconds * 1000, undefined, { signal }).catch(() => {});
  }
}
