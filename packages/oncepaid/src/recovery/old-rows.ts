import type { Engine } from "#/engine.ts";

/** Rows of one statement, so that none holds its locks for long. */
const BATCH = 1_000;

/**
 * Removes facts that no order has claimed: Stripe sends for three days and tells events of the last 30 when asked. Tells how many
 * there were. Two machines at once share the rows.
 */
export async function removeOldRows(engine: Engine): Promise<number> {
  let removed = 0;
  for (let batch = BATCH; batch === BATCH; removed += batch) {
    const { rowCount } = await engine.database.query(
      `delete from oncepaid.stripe_link where stripe_id in
        (select stripe_id from oncepaid.stripe_link
          where order_id is null and created_at < now() - interval '90 days' limit $1 for update skip locked)`,
      [BATCH],
    );
    batch = rowCount;
  }
  return removed;
}
