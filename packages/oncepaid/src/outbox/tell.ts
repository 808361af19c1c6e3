import type { Transaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { type Affected, jobsOf } from "#/outbox/follow-ups.ts";
import { enqueue } from "#/outbox/jobs.ts";
import type { Happening } from "#/rules/happenings.ts";

/**
 * Tells of something that happened within the transaction that writes it: its work goes to the outbox, and the app's own
 * handlers run. All of it is written, or nothing.
 */
export async function tell(
  engine: Engine,
  transaction: Transaction,
  happenings: readonly Happening[],
  order: Affected,
): Promise<void> {
  await enqueue(
    engine,
    transaction,
    happenings.flatMap((happening) => jobsOf(engine, happening, order)),
  );
  const wanted = happenings.filter(({ type }) => engine.hooks.on.has(type));
  if (wanted.length === 0) return;
  await engine.hooks.runOn(
    engine,
    transaction,
    wanted.map((happening) => ({ happening, before: null, after: null })),
  );
}
