import type { PoolClient } from "pg";
import { inTransaction } from "#/database/database.ts";
import { isLostRace, isUniqueViolation } from "#/database/errors.ts";
import type { Engine } from "#/engine.ts";
import { jobsOf } from "#/outbox/follow-ups.ts";
import { enqueue } from "#/outbox/jobs.ts";

/**
 * An order changes hands, with what it gives. A move is one transaction and bumps the version of each order, so an event that
 * was read before it writes nothing, reads again and grants to the new owner.
 */

/** A mover that lost this many races in a row has met something other than a race. */
const MAX_TRIES = 20;

/** An order, locked for the transaction that moves it. */
export type Locked = { id: string; cart_id: string; paid: boolean };
/** `userId` is whose they are to be. */
export type Transfer = { userId: string; orders: Locked[] };

/** `which` is a condition on the order `o`, with `value` as $1. In one order of locking everywhere, so that two sign-ins at once wait for each other instead of dying. */
export async function lockOrders(client: PoolClient, which: string, value: string): Promise<Locked[]> {
  const { rows } = await client.query<Locked>(
    `select o.id, o.cart_id, o.paid_at is not null as paid from "order" o where ${which} order by o.id for update`,
    [value],
  );
  return rows;
}

/**
 * Moves the orders that `begin` locks, in the transaction it locks them in. Returns how many moved. Two accounts that become one
 * may each have the same cart or plan; who loses such a race
 * looks again.
 */
export async function moveOrders(
  engine: Engine,
  begin: (client: PoolClient) => Promise<Transfer>,
): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      return await inTransaction(engine.database, async (client) => {
        const { userId, orders } = await begin(client);
        for (const order of orders) await transferOne(engine, client, order, userId);
        return orders.length;
      });
    } catch (error) {
      if (tries >= MAX_TRIES || !(isUniqueViolation(error) || isLostRace(error))) throw error;
    }
  }
}

async function transferOne(
  engine: Engine,
  client: PoolClient,
  { id, paid, cart_id }: Locked,
  userId: string,
): Promise<void> {
  const { rows } = await client.query<Locked>(
    `select id, cart_id, paid_at is not null as paid from "order" where user_id = $1 and cart_id = $2 for update`,
    [userId, cart_id],
  );
  const other = rows[0];
  // Both purchases stay. The one that was paid keeps the cart's name, so that asking for the cart says it is paid.
  if (other) await renameCart(client, paid && !other.paid ? other.id : id);
  const moved = await client.query<{ version: number; locale: string }>(
    `update "order" set user_id = $2, moved_from = user_id, moved_at = now(), version = version + 1,
            updated_at = now() where id = $1 returning version, locale`,
    [id, userId],
  );
  const given = await client.query<{ id: string }>(
    `update entitlement e set user_id = $2, merged = e.merged or exists (
              select from entitlement o where o.user_id = $2 and o.product_key = e.product_key and o.kind = 'plan'
                 and o.state <> 'ended')
      where e.order_id = $1 returning e.id`,
    [id, userId],
  );
  const version = moved.rows[0]?.version ?? 0;
  await enqueue(
    engine,
    client,
    given.rows.flatMap((entitlement) =>
      jobsOf(
        engine,
        { type: "entitlement.changed", entitlementId: entitlement.id, version },
        { id, locale: moved.rows[0]?.locale ?? "" },
      ),
    ),
  );
}

/** A cart id has at most 200 characters. */
async function renameCart(client: PoolClient, orderId: string): Promise<void> {
  await client.query(
    `update "order" set cart_id = left(cart_id, 163) || ':' || id, version = version + 1 where id = $1`,
    [orderId],
  );
}
