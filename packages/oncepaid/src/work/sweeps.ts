import type { Engine } from "#/engine.ts";
import { type EngineSweep, SWEEPS } from "#/recovery/sweeps.ts";
import { claimKnown } from "#/support/claim-known.ts";

/** What is looked for once per interval: what recovery heals, what support would else do by hand, and the app's own. */
export function sweepsOf({ queues }: Engine): EngineSweep[] {
  return [
    ...SWEEPS,
    { name: "unclaimed subscriptions", everySeconds: 60, runOnce: claimKnown },
    ...queues.sweeps,
  ];
}
