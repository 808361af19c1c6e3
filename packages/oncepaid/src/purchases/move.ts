import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { type Executor, inTransaction, type Transaction } from "#/database/database.ts";
import { isLostRace, isUniqueViolation } from "#/database/errors.ts";
import type { Engine } from "#/engine.ts";
import { tell } from "#/outbox/tell.ts";
import { giveWaiting, moveGrants } from "#/purchases/granted.ts";

/**
 * Orders change hands, with what they give. A move is one transaction and raises the version of each order: an event that was
 * read before it then writes nothing, reads again, and grants to the new owner.
 */

/**
 * What moves to whom: everything of an account or one order of it, one order whoever has it, or what was given to an address that
 * `to` has proven to read.
 */
export type Move = { to: string; by?: string; note?: string } & (
  | { from: string; orderId?: string; email?: undefined }
  | { orderId: string; from?: undefined; email?: undefined }
  | { email: string; from?: undefined; orderId?: undefined }
);

type Locked = { id: string; cart_id: string; user_id: string; paid: boolean };

/** Whoever lost this many races in a row has met something other than a race. */
const MAX_TRIES = 20;

/**
 * Returns how many orders and grants moved; safe to repeat. Two accounts that become one may each have the same cart or plan at this
 * very moment: who loses such a race reads again.
 */
export async function move(engine: Engine, what: Move): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      return await inTransaction(engine.database, (transaction) => moveAll(engine, transaction, what));
    } catch (error) {
      if (tries >= MAX_TRIES || !(isUniqueViolation(error) || isLostRace(error))) throw error;
    }
  }
}

async function moveAll(engine: Engine, transaction: Transaction, what: Move): Promise<number> {
  const { to, from, orderId, email } = what;
  if (email !== undefined) return giveWaiting(engine, transaction, email.trim().toLowerCase(), to);
  if (orderId !== undefined && !isUuid(orderId)) return 0;
  const orders = await lock(transaction, { from, to, orderId });
  for (const order of orders) await moveOne(engine, transaction, order, what);
  const grants =
    from !== undefined && orderId === undefined ? await moveGrants(engine, transaction, from, to) : 0;
  return orders.length + grants;
}

/** Whether anything of this user's is another's now. */
export async function hasMovedOrders(engine: Engine, userId: string): Promise<boolean> {
  const { rows } = await engine.database.query(`select from oncepaid."order" where moved_from = $1 limit 1`, [
    userId,
  ]);
  return rows.length > 0;
}

/** Always in the order of the ids, so that two moves at once wait for each other instead of ending each other. */
async function lock(client: Executor, { from, to, orderId }: Omit<Move, "by" | "note">): Promise<Locked[]> {
  const { rows } = await client.query<Locked>(
    `select id, cart_id, user_id, paid_at is not null as paid from oncepaid."order"
      where ${orderId === undefined ? "user_id = $1" : "id = $1::uuid and ($3::text is null or user_id = $3)"}
        and user_id <> $2 order by id for update`,
    orderId === undefined ? [from, to] : [orderId, to, from ?? null],
  );
  return rows;
}

async function moveOne(
  engine: Engine,
  client: Transaction,
  order: Locked,
  { to, by, note }: Pick<Move, "to" | "by" | "note">,
): Promise<void> {
  await makeRoomForCart(client, order, to);
  const { version, locale } = await moveOrder(client, order.id, to);
  if (by !== undefined) await noteMove(client, order, { to, by, note });
  const entitlements = await moveEntitlements(client, order.id, to);
  const changed = entitlements.map((entitlementId) => ({
    type: "entitlement.changed" as const,
    entitlementId,
    version,
  }));
  await tell(engine, client, changed, { id: order.id, locale });
}

/**
 * A user has a cart once, so where both accounts have it one of the two gets another name. Both purchases stay; the one that was
 * paid keeps the name, so that asking for the cart says that it is paid.
 */
async function makeRoomForCart(client: Executor, { id, cart_id, paid }: Locked, to: string): Promise<void> {
  const { rows } = await client.query<Locked>(
    `select id, cart_id, paid_at is not null as paid from oncepaid."order" where user_id = $1 and cart_id = $2 for update`,
    [to, cart_id],
  );
  const theirs = rows[0];
  if (theirs) await renameCart(client, paid && !theirs.paid ? theirs.id : id);
}

/** A cart id has at most 200 characters. */
async function renameCart(client: Executor, orderId: string): Promise<void> {
  await client.query(
    `update oncepaid."order" set cart_id = left(cart_id, 163) || ':' || id, version = version + 1 where id = $1`,
    [orderId],
  );
}

async function moveOrder(client: Executor, orderId: string, to: string) {
  const { rows } = await client.query<{ version: number; locale: string }>(
    `update oncepaid."order" set user_id = $2, moved_from = user_id, moved_at = now(), version = version + 1,
            updated_at = now() where id = $1 returning version, locale`,
    [orderId, to],
  );
  const [moved] = rows;
  if (!moved) throw new Error(`Order ${orderId} was locked and is gone.`);
  return moved;
}

/** For the timeline, where a person moved it; without one it moved because its buyer signed in. */
async function noteMove(
  client: Executor,
  { id, user_id: from }: Locked,
  { to, by, note }: { to: string; by: string; note: string | undefined },
): Promise<void> {
  await client.query(
    `insert into oncepaid.support_action (id, order_id, what, asked, call, by, note, done_at)
     values ($1, $2, 'move', $3, '{"do": "nothing"}', $4, $5, now())`,
    [uuidv7(), id, JSON.stringify({ from, to }), by, note ?? null],
  );
}

/** A plan that both accounts have is paid twice: both stay until one is canceled, which `merged` allows. */
async function moveEntitlements(client: Executor, orderId: string, to: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `update oncepaid.entitlement e set user_id = $2, merged = e.merged or exists (
              select from oncepaid.entitlement o where o.user_id = $2 and o.product_key = e.product_key and o.kind = 'plan'
                 and o.state <> 'ended' and o.order_id is not null)
      where e.order_id = $1 returning e.id`,
    [orderId, to],
  );
  return rows.map(({ id }) => id);
}
