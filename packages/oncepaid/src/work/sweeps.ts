import { z } from "zod";
import { keepReport, readReports } from "#/database/last-report.ts";
import type { Engine } from "#/engine.ts";
import { messageOf } from "#/failure.ts";
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

/** What a sweep said the last time: how much it changed, or why it failed. Times are ISO 8601 in UTC. */
export type SweepReport = {
  name: string;
  everySeconds: number;
  /** Null where it never ran here. */
  at: string | null;
  changed: number;
  error: string | null;
};

/** Does one sweep, and writes down what came of it. Throws what the sweep throws. */
export async function runSweep(engine: Engine, sweep: EngineSweep): Promise<number> {
  try {
    const changed = await sweep.runOnce(engine);
    await keep(engine, sweep, { changed, error: null });
    return changed;
  } catch (error) {
    await keep(engine, sweep, { changed: 0, error: messageOf(error) });
    throw error;
  }
}

/** In the order in which they stand. */
export async function sweepReports(engine: Engine): Promise<SweepReport[]> {
  const sweeps = sweepsOf(engine);
  const kept = await readReports(engine.database, sweeps.map(keyOf));
  return sweeps.map((sweep) => {
    const report = kept.find(({ what }) => what === keyOf(sweep));
    const { changed, error } = result.parse(report?.result ?? {});
    return { name: sweep.name, everySeconds: sweep.everySeconds, at: report?.at ?? null, changed, error };
  });
}

const result = z.object({ changed: z.number().default(0), error: z.string().nullable().default(null) });

const keyOf = ({ name }: Pick<EngineSweep, "name">) => `sweep: ${name}`;

/** That it can't be written down is no reason to do the sweep again. */
async function keep(engine: Engine, sweep: EngineSweep, said: z.infer<typeof result>): Promise<void> {
  await keepReport(engine.database, keyOf(sweep), said).catch((error: unknown) =>
    engine.log.warn({ err: error, sweep: sweep.name }, "what a sweep said not written down"),
  );
}
