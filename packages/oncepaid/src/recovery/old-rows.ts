import type { Engine } from "#/engine.ts";

/** Rows of one statement, so that none holds its locks for long. */
const BATCH = 1_000;

/**
 * What nobody can need any more, and the order in which it goes: a visitor can only be forgotten once their sessions are.
 * Each condition is said of a row `r`.
 */
const OLD = [
  { table: "session", key: "id", is: `r."expiresAt" < now()` },
  // A day, so that a code that has just run out is still known as such.
  { table: "verification", key: "id", is: `r."expiresAt" < now() - interval '1 day'` },
  {
    // A browser that never bought anything and can't come back. What is on its way to an account it moved to still needs it.
    table: "user",
    key: "id",
    is: `r."isAnonymous" and r."createdAt" < now() - interval '90 days'
         and not exists (select from "session" s where s."userId" = r.id)
         and not exists (select from "order" o where o.user_id = r.id)
         and not exists (select from entitlement e where e.user_id = r.id)
         and not exists (select from seat where seat.user_id = r.id)
         and not exists (select from visitor_move m
                          where m.user_id = r.id or (m.visitor_id = r.id and m.at > now() - interval '90 days'))`,
  },
  {
    // Facts no order has claimed. Stripe sends for three days and tells events of the last 30 when asked.
    table: "stripe_link",
    key: "stripe_id",
    is: "r.order_id is null and r.created_at < now() - interval '90 days'",
  },
];

/** Removes them in batches and tells how many there were. Two machines at once share the rows. */
export async function removeOldRows(engine: Engine): Promise<number> {
  let removed = 0;
  for (const { table, key, is } of OLD) {
    const statement = `delete from "${table}" where ${key} in
      (select r.${key} from "${table}" r where ${is} limit ${BATCH} for update skip locked)`;
    let batch = BATCH;
    while (batch === BATCH) {
      batch = (await engine.database.pool.query(statement)).rowCount ?? 0;
      removed += batch;
    }
  }
  return removed;
}
