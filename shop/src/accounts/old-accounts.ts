import { sql } from "kysely";
import type { ShopOncepaid } from "#/catalog/products.ts";
import { database } from "#/database.ts";

/** Rows of one statement, so that none holds its locks for long. */
const BATCH_ROWS = 1_000;

/**
 * Removes sessions and codes that ran out, then visitors whom nothing needs any more; tells how many rows went. Two machines at once
 * share them.
 */
export async function removeOldAccounts(oncepaid: ShopOncepaid): Promise<number> {
  const sessions = await removeAll("shop.session", sql`r."expiresAt" < now()`);
  const codes = await removeAll("shop.sign_in_code", sql`r.expires_at < now()`);
  const links = await removeAll("shop.sign_in_link", sql`r.expires_at < now()`);
  const challenges = await removeAll("shop.passkey_challenge", sql`r.expires_at < now()`);
  return sessions + codes + links + challenges + (await removeVisitors(oncepaid));
}

async function removeAll(table: string, condition: ReturnType<typeof sql>): Promise<number> {
  let removed = 0;
  for (let batch = BATCH_ROWS; batch === BATCH_ROWS; removed += batch) {
    const { numAffectedRows } = await sql`
      delete from ${sql.table(table)} where ctid in
        (select r.ctid from ${sql.table(table)} r where ${condition} limit ${BATCH_ROWS} for update skip locked)`.execute(
      database().db,
    );
    batch = Number(numAffectedRows ?? 0n);
  }
  return removed;
}

/** A browser that never bought anything and can't come back. What is on its way to an account it moved to still needs it. */
async function removeVisitors(oncepaid: ShopOncepaid): Promise<number> {
  let removed = 0;
  for (let after = "", batch = BATCH_ROWS; batch === BATCH_ROWS; ) {
    const { rows } = await sql<{ id: string }>`
      select id from shop."user" r
       where id > ${after} and "isAnonymous" and "createdAt" < now() - interval '90 days'
         and not exists (select from shop."session" s where s."userId" = r.id)
         and not exists (select from shop.visitor_move m
                          where m.user_id = r.id or (m.visitor_id = r.id and m.at > now() - interval '90 days'))
       order by id limit ${BATCH_ROWS}`.execute(database().db);
    const ids = rows.map(({ id }) => id);
    const owners = await oncepaid.owners.among(ids);
    const free = ids.filter((id) => !owners.has(id));
    if (free.length > 0) await database().db.deleteFrom("user").where("id", "in", free).execute();
    removed += free.length;
    batch = ids.length;
    after = ids.at(-1) ?? "";
  }
  return removed;
}
