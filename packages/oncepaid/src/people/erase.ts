import { v4 as uuidv4, v7 as uuidv7 } from "uuid";
import { writeAct } from "#/audit/write.ts";
import { type By, THE_APP } from "#/caller.ts";
import { type Executor, inTransaction, type Transaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { eraseOrders, lockOrders } from "#/orders/erase.ts";
import { tell } from "#/outbox/tell.ts";
import { type Kept, keptOf, named, type Person } from "#/people/person.ts";

/** Who asks for it, for the timeline of each order. */
export type EraseRequest = Person & By;

/** How many of each were found. `events` are those that wait for a person and keep their payload until they are settled. */
export type Erased = { ok: true; orders: number; grants: number; seats: number; events: number };

const PLAN_GOES_ON = failure(
  "plan_active",
  "A plan of this person still goes on, and Stripe would charge for it: cancel it now, then erase.",
);

/**
 * Takes a person out of everything that is kept. What the books need stays, the orders with their amounts, items and times, under an
 * id that stands for nobody. Access and seats end with it, because nobody has that id. Safe to repeat.
 */
export async function erasePerson(
  engine: Engine,
  { by = THE_APP, ...person }: EraseRequest,
): Promise<Erased | Failure> {
  const whom = named(person);
  if ("ok" in whom) return whom;
  const kept = await keptOf(engine.database, whom);
  const counts = { orders: kept.orders.length, grants: kept.grants.length, seats: kept.seats.length };
  const as = `erased_${uuidv4()}`;
  const refused = await inTransaction(engine.database, async (transaction) => {
    await lockOrders(transaction, kept.orders);
    if (await isBilled(transaction, kept)) return PLAN_GOES_ON;
    await eraseSeats(transaction, kept.seats, as);
    await eraseGrants(engine, transaction, kept.grants, as);
    await eraseFromOrders(engine, transaction, kept.orders, { as, by });
    await forgetInviter(transaction, whom.email);
    await forgetNamed(transaction, whom.userId);
    // Under the id that stands for nobody: who it was is what is forgotten.
    await writeAct(transaction, { by, what: "person.erased", about: as, details: counts });
    return undefined;
  });
  return refused ?? { ok: true, ...counts, events: await waiting(engine.database, kept.orders) };
}

/**
 * Whether a plan gives access, or a subscription that gives none goes on: where its owner is told instead of canceling it for example, or
 * while its cancellation waits. One that Stripe has told nothing of yet may go on.
 */
async function isBilled({ query }: Executor, { orders }: Kept): Promise<boolean> {
  const { rows } = await query(
    `select from oncepaid.entitlement where order_id = any ($1::uuid[]) and kind = 'plan' and state <> 'ended'
     union all
     select from oncepaid."order" o cross join lateral jsonb_each(o.facts -> 'subscriptions') s
      where o.id = any ($1::uuid[]) and s.value ->> 'status' not in ('canceled', 'incomplete_expired')
     union all
     select from oncepaid."order" o
      where o.id = any ($1::uuid[]) and o.status in ('PAID', 'FULFILLED') and o.stripe_subscription_id is not null
        and not o.facts -> 'subscriptions' ? o.stripe_subscription_id
     limit 1`,
    [orders],
  );
  return rows.length > 0;
}

async function eraseSeats({ query }: Executor, ids: string[], as: string): Promise<void> {
  await query(
    `update oncepaid.seat set email = $2 || '.' || number || '@erased.invalid', user_id = case when user_id is not null then $2 end,
            ended_at = coalesce(ended_at, now()), end_reason = coalesce(end_reason, 'removed')
      where id = any ($1::uuid[])`,
    [ids, as],
  );
}

async function forgetInviter({ query }: Executor, email: string | null): Promise<void> {
  await query("update oncepaid.seat set invited_by = null where lower(invited_by) = $1", [email]);
}

/** A subscription that nobody has claimed names the user in its metadata; at Stripe it still does. */
async function forgetNamed({ query }: Executor, userId: string | null): Promise<void> {
  await query("update oncepaid.unclaimed_subscription set user_id = null where user_id = $1", [userId]);
}

async function eraseGrants(
  engine: Engine,
  transaction: Transaction,
  ids: string[],
  as: string,
): Promise<void> {
  const { rows } = await transaction.query<{ id: string; version: number }>(
    `with erased as (
       update oncepaid.granted_access set user_id = $2, email = null, note = null, version = version + 1
        where id = any ($1::uuid[]) returning id, version
     ), actions as (
       update oncepaid.support_action set note = null, asked = '{}' where entitlement_id = any ($1::uuid[])
     )
     update oncepaid.entitlement e set user_id = $2 from erased where e.grant_id = erased.id returning e.id, erased.version`,
    [ids, as],
  );
  await eraseTries(transaction, ids);
  for (const { id, version } of rows) {
    const affected = { id, locale: engine.settings.locales[0] ?? "en" };
    await tell(engine, transaction, [{ type: "entitlement.changed", entitlementId: id, version }], affected);
  }
}

async function eraseFromOrders(
  engine: Engine,
  transaction: Transaction,
  ids: string[],
  { as, by }: { as: string; by: string },
): Promise<void> {
  const orders = await eraseOrders(transaction, ids, as);
  await transaction.query(
    "update oncepaid.support_action set note = null, asked = '{}' where order_id = any ($1::uuid[])",
    [ids],
  );
  await eraseTries(transaction, ids);
  for (const { id, version, locale } of orders) {
    await noteErasure(transaction, id, by);
    const { rows } = await transaction.query<{ id: string }>(
      "update oncepaid.entitlement set user_id = $2 where order_id = $1 returning id",
      [id, as],
    );
    const changed = rows.map((row) => ({
      type: "entitlement.changed" as const,
      entitlementId: row.id,
      version,
    }));
    await tell(engine, transaction, changed, { id, locale });
  }
}

/** What other servers were sent names the app's id of the person. */
async function eraseTries({ query }: Executor, subjects: string[]): Promise<void> {
  await query(
    `delete from oncepaid.webhook_attempt where delivery_id in
       (select id from oncepaid.webhook_delivery where subject = any ($1::text[]))`,
    [subjects],
  );
}

async function noteErasure({ query }: Executor, orderId: string, by: string): Promise<void> {
  await query(
    `insert into oncepaid.support_action (id, order_id, what, asked, call, by, done_at)
     values ($1, $2, 'erase', '{}', '{"do": "nothing"}', $3, now())`,
    [uuidv7(), orderId, by],
  );
}

async function waiting({ query }: Executor, orders: string[]): Promise<number> {
  const { rows } = await query<{ count: number }>(
    `select count(*)::integer as count from oncepaid.stripe_event
      where order_id = any ($1::uuid[]) and payload_removed_at is null`,
    [orders],
  );
  return rows[0]?.count ?? 0;
}
