import { type Executor, inTransaction, type Transaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { tell } from "#/outbox/tell.ts";
import type { Kind } from "#/rules/kinds.ts";

/**
 * Access without an order: a row says who gave it, why and until when, and once it is somebody's its entitlement has the same id.
 * Every change raises the row's version and is told as `entitlement.changed`.
 */

/** `userId` is null while nobody has proven to read `email`. */
export type NewGrant = {
  id: string;
  productKey: string;
  kind: Exclude<Kind, "booking">;
  userId: string | null;
  email: string | null;
  until: Date | null;
  by: string;
  note: string | null;
};

/** A row with its lock. */
type Granted = { id: string; userId: string | null; version: number };

export async function insertGrant(
  engine: Engine,
  transaction: Transaction,
  { id, productKey, kind, userId, email, until, by, note }: NewGrant,
): Promise<void> {
  // oncepaid-review-ignore access-on-success-page: an operator or the app gives this without a purchase, and says who and why
  await transaction.query(
    `insert into oncepaid.granted_access (id, product_key, kind, user_id, email, until, by, note)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, productKey, kind, userId, email, until, by, note],
  );
  if (userId !== null) await makeEntitlement(engine, transaction, { id, userId, version: 0 });
}

/** Locked; undefined where there is none. */
export async function lockGrant({ query }: Executor, id: string): Promise<Granted | undefined> {
  const { rows } = await query<Granted>(
    `select id, user_id as "userId", version from oncepaid.granted_access where id = $1 for update`,
    [id],
  );
  return rows[0];
}

/** Ends the access before its time, or takes that back: then `until` decides again. */
export async function ruleGrant(
  engine: Engine,
  transaction: Transaction,
  { id, userId, version }: Granted,
  access: "ended" | "restored",
): Promise<void> {
  await transaction.query(
    `update oncepaid.granted_access set version = version + 1, ended_at = case when $2 then now() end where id = $1`,
    [id, access === "ended"],
  );
  if (userId === null) return;
  await transaction.query(
    `update oncepaid.entitlement e
        set state = case when $2 or g.until <= now() then 'ended' else 'active' end,
            ends_at = case when $2 then least(now(), g.until) else g.until end,
            reason = case when $2 then 'operator' when g.until <= now() then 'until' end
       from oncepaid.granted_access g where g.id = $1 and e.grant_id = g.id`,
    [id, access === "ended"],
  );
  await tellOf(engine, transaction, id, version + 1);
}

/** What was given to an address becomes the user's who has proven to read it. Returns how many there were. */
export async function giveWaiting(
  engine: Engine,
  transaction: Transaction,
  email: string,
  userId: string,
): Promise<number> {
  const { rows } = await transaction.query<{ id: string; version: number }>(
    `update oncepaid.granted_access set user_id = $2, version = version + 1
      where id in (select id from oncepaid.granted_access where email = $1 and user_id is null order by id for update)
     returning id, version`,
    [email, userId],
  );
  for (const { id, version } of rows) await makeEntitlement(engine, transaction, { id, userId, version });
  return rows.length;
}

/** Everything that was given to one account is another's. Returns how many there were. */
export async function moveGrants(
  engine: Engine,
  transaction: Transaction,
  from: string,
  to: string,
): Promise<number> {
  const { rows } = await transaction.query<{ id: string; version: number }>(
    `update oncepaid.granted_access set user_id = $2, version = version + 1
      where id in (select id from oncepaid.granted_access where user_id = $1 order by id for update) returning id, version`,
    [from, to],
  );
  for (const { id, version } of rows) {
    await transaction.query("update oncepaid.entitlement set user_id = $2 where grant_id = $1", [id, to]);
    await tellOf(engine, transaction, id, version);
  }
  return rows.length;
}

/** How many one round ends; the next one goes on. */
const AT_ONCE = 500;

/** Ends what was given until a moment that is over. Each in a transaction of its own: a handler that throws stops no other. */
export async function endGrantsThatAreOver(engine: Engine): Promise<number> {
  const { rows } = await engine.database.query<{ id: string }>(
    `select grant_id as id from oncepaid.entitlement
      where grant_id is not null and state <> 'ended' and ends_at <= now() order by ends_at limit $1`,
    [AT_ONCE],
  );
  let ended = 0;
  for (const { id } of rows) {
    const done = await inTransaction(engine.database, (transaction) =>
      endIfOver(engine, transaction, id),
    ).catch((error: unknown) =>
      engine.log.error({ err: error, entitlement: id }, "access not ended; it is tried again"),
    );
    if (done) ended++;
  }
  return ended;
}

async function endIfOver(engine: Engine, transaction: Transaction, id: string): Promise<boolean> {
  const grant = await lockGrant(transaction, id);
  if (!grant) return false;
  const { rowCount } = await transaction.query(
    `update oncepaid.entitlement set state = 'ended', reason = 'until'
      where grant_id = $1 and state <> 'ended' and ends_at <= now()`,
    [id],
  );
  if (rowCount === 0) return false;
  await transaction.query("update oncepaid.granted_access set version = version + 1 where id = $1", [id]);
  await tellOf(engine, transaction, id, grant.version + 1);
  return true;
}

/** One that ended while it waited for its user is theirs as ended. */
async function makeEntitlement(
  engine: Engine,
  transaction: Transaction,
  { id, userId, version }: { id: string; userId: string; version: number },
): Promise<void> {
  await transaction.query(
    `insert into oncepaid.entitlement (id, grant_id, user_id, product_key, kind, state, quantity, starts_at, ends_at, reason)
     select id, id, $2, product_key, kind, case when least(ended_at, until) <= now() then 'ended' else 'active' end, 1, at,
            least(ended_at, until),
            case when ended_at is not null then 'operator' when until <= now() then 'until' end
       from oncepaid.granted_access where id = $1`,
    [id, userId],
  );
  await tellOf(engine, transaction, id, version);
}

/** There is no order to take a language from: it is the app's own. */
function tellOf(engine: Engine, transaction: Transaction, id: string, version: number): Promise<void> {
  const happening = { type: "entitlement.changed" as const, entitlementId: id, version };
  return tell(engine, transaction, [happening], { id, locale: engine.settings.locales[0] ?? "en" });
}
