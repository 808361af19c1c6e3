import type { Engine } from "#/engine.ts";

/** Rows of one statement, so that none holds its locks for long. */
const BATCH_SIZE = 1_000;

/**
 * Removes facts that no order has claimed in 90 days: Stripe sends an event again for three days, and lists those of the last 30,
 * so no order will come for them. Returns how many there were. Two machines at once share the rows.
 */
export async function removeOldRows(engine: Engine): Promise<number> {
  let removed = 0;
  for (let batch = BATCH_SIZE; batch === BATCH_SIZE; removed += batch) {
    const { rowCount } = await engine.database.query(
      `delete from oncepaid.stripe_link where stripe_id in
        (select stripe_id from oncepaid.stripe_link
          where order_id is null and created_at < now() - interval '90 days' limit $1 for update skip locked)`,
      [BATCH_SIZE],
    );
    batch = rowCount;
  }
  return removed;
}
