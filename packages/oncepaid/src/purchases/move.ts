import { type Executor, inTransaction, type Transaction } from "#/database/database.ts";
import { isLostRace, isUniqueViolation } from "#/database/errors.ts";
import type { Engine } from "#/engine.ts";
import { tell } from "#/outbox/tell.ts";

/**
 * An order changes hands, with what it gives. A move is one transaction and bumps the version of each order, so an event that
 * was read before it writes nothing, reads again and grants to the new owner.
 */

/** A mover that lost this many races in a row has met something other than a race. */
const MAX_TRIES = 20;

/** Everything `from` has, or one order of theirs, becomes `to`'s. Returns how many orders moved; safe to repeat. */
export type Move = { from: string; to: string; orderId?: string };

type Locked = { id: string; cart_id: string; paid: boolean };

/** Two accounts that become one may each have the same cart or plan; who loses such a race looks again. */
export async function moveOrders(engine: Engine, { from, to, orderId }: Move): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      return await inTransaction(engine.database, async (client) => {
        const orders = await lock(client, from, orderId);
        for (const order of orders) await transferOne(engine, client, order, to);
        return orders.length;
      });
    } catch (error) {
      if (tries >= MAX_TRIES || !(isUniqueViolation(error) || isLostRace(error))) throw error;
    }
  }
}

/** Whether something has moved away from somebody. */
export async function hasMovedOrders(engine: Engine, userId: string): Promise<boolean> {
  const { rows } = await engine.database.query(`select from oncepaid."order" where moved_from = $1 limit 1`, [
    userId,
  ]);
  return rows.length > 0;
}

/** In one order of locking everywhere, so that two moves at once wait for each other instead of dying. */
async function lock(client: Executor, from: string, orderId: string | undefined): Promise<Locked[]> {
  const { rows } = await client.query<Locked>(
    `select id, cart_id, paid_at is not null as paid from oncepaid."order"
      where user_id = $1 and ($2::uuid is null or id = $2::uuid) order by id for update`,
    [from, orderId ?? null],
  );
  return rows;
}

async function transferOne(
  engine: Engine,
  client: Transaction,
  { id, paid, cart_id }: Locked,
  userId: string,
): Promise<void> {
  const { rows } = await client.query<Locked>(
    `select id, cart_id, paid_at is not null as paid from oncepaid."order" where user_id = $1 and cart_id = $2 for update`,
    [userId, cart_id],
  );
  const other = rows[0];
  // Both purchases stay. The one that was paid keeps the cart's name, so that asking for the cart says it is paid.
  if (other) await renameCart(client, paid && !other.paid ? other.id : id);
  const moved = await client.query<{ version: number; locale: string }>(
    `update oncepaid."order" set user_id = $2, moved_from = user_id, moved_at = now(), version = version + 1,
            updated_at = now() where id = $1 returning version, locale`,
    [id, userId],
  );
  const given = await client.query<{ id: string }>(
    `update oncepaid.entitlement e set user_id = $2, merged = e.merged or exists (
              select from oncepaid.entitlement o where o.user_id = $2 and o.product_key = e.product_key and o.kind = 'plan'
                 and o.state <> 'ended')
      where e.order_id = $1 returning e.id`,
    [id, userId],
  );
  const version = moved.rows[0]?.version ?? 0;
  const order = { id, locale: moved.rows[0]?.locale ?? "" };
  await tell(
    engine,
    client,
    given.rows.map((entitlement) => ({
      type: "entitlement.changed",
      entitlementId: entitlement.id,
      version,
    })),
    order,
  );
}

/** A cart id has at most 200 characters. */
async function renameCart(client: Executor, orderId: string): Promise<void> {
  await client.query(
    `update oncepaid."order" set cart_id = left(cart_id, 163) || ':' || id, version = version + 1 where id = $1`,
    [orderId],
  );
}
