import type { PoolClient } from "pg";
import { database, inTransaction, isLostRace, isUniqueViolation } from "#/database/database.ts";
import { enqueue, entitlementChanged } from "#/outbox/jobs.ts";

/**
 * Whose an order is, when that changes: what a visitor bought moves to the account the visitor signs in to, and what
 * was paid under an address moves to the account that proved to own it. Only orders of anonymous accounts ever
 * move: who signed in, or was named by a server, keeps what they have.
 *
 * A move is one transaction and bumps the version of each order, so an event that was read before it writes nothing,
 * reads again and grants to the new owner.
 */

/** A mover that lost this many races in a row has met something other than a race. */
const MAX_TRIES = 20;

/** Everything of an anonymous account, its open carts too. Returns how many orders moved. */
export async function moveOrders(visitorId: string, userId: string): Promise<number> {
  return transfer(async (client) => {
    await client.query(
      `insert into visitor_move (visitor_id, user_id)
       select id, $2 from "user" where id = $1 and "isAnonymous"
       on conflict (visitor_id) do nothing`,
      [visitorId, userId],
    );
    return { userId, orders: await lock(client, `o.user_id = $1 and ${OF_A_VISITOR}`, visitorId) };
  });
}

/** What was paid under an address, as Stripe collected it, by visitors. Returns how many orders moved. */
export async function claimOrdersOf(email: string, userId: string): Promise<number> {
  return transfer(async (client) => ({
    userId,
    orders: await lock(client, `lower(o.email) = $1 and o.paid_at is not null and ${OF_A_VISITOR}`, email),
  }));
}

/**
 * The owner of one paid order, asked after it was paid: a visitor may have signed in while the payment was on its way,
 * or have an account under the address since long. Safe to repeat. True when it was bought by a visitor, who may need a
 * code to see it where it is now.
 */
export async function claimOrder(orderId: string): Promise<boolean> {
  const { rows } = await database().pool.query<{ heir: string | null }>(
    `select case when v.id is not null or ${OF_A_LOST_ACCOUNT} then coalesce(m.user_id, u.id) end as heir
       from "order" o
       left join "user" v on v.id = o.user_id and v."isAnonymous"
       left join visitor_move m on m.visitor_id = v.id
       left join "user" u on u.email = lower(o.email) and u."emailVerified"
      where o.id = $1 and o.paid_at is not null and (v.id is not null or o.moved_from is not null or ${OF_A_LOST_ACCOUNT})`,
    [orderId],
  );
  const heir = rows[0]?.heir;
  if (heir) {
    await transfer(async (client) => ({
      userId: heir,
      orders: await lock(client, `o.id = $1::uuid and ${OF_A_VISITOR}`, orderId),
    }));
  }
  return rows.length > 0;
}

/** Whether an anonymous account bought something that has moved on: its browser is to sign in to see it. */
export async function hasMovedOrders(visitorId: string): Promise<boolean> {
  const { rows } = await database().pool.query(`select from "order" where moved_from = $1 limit 1`, [
    visitorId,
  ]);
  return rows.length > 0;
}

/**
 * Made again after the database was restored, for an account of ours that is lost with the time it was made in. Ours have ids
 * like this; who a server named is no row here either, and keeps what they have.
 */
const OF_A_LOST_ACCOUNT = `(o.restored_at is not null and o.user_id ~ '^[A-Za-z0-9]{32}$'
                            and not exists (select from "user" gone where gone.id = o.user_id))`;
const OF_A_VISITOR = `(exists (select from "user" v where v.id = o.user_id and v."isAnonymous") or ${OF_A_LOST_ACCOUNT})`;

type Locked = { id: string; cart_id: string; paid: boolean };
type Transfer = { userId: string; orders: Locked[] };

/** In one order of locking everywhere, so that two sign-ins at once wait for each other instead of dying. */
async function lock(client: PoolClient, which: string, value: string): Promise<Locked[]> {
  const { rows } = await client.query<Locked>(
    `select o.id, o.cart_id, o.paid_at is not null as paid from "order" o where ${which} order by o.id for update`,
    [value],
  );
  return rows;
}

/** Two accounts that become one may each have the same cart or plan; who loses such a race looks again. */
async function transfer(begin: (client: PoolClient) => Promise<Transfer>): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      return await inTransaction(async (client) => {
        const { userId, orders } = await begin(client);
        for (const order of orders) await transferOne(client, order, userId);
        return orders.length;
      });
    } catch (error) {
      if (tries >= MAX_TRIES || !(isUniqueViolation(error) || isLostRace(error))) throw error;
    }
  }
}

async function transferOne(client: PoolClient, { id, paid, cart_id }: Locked, userId: string): Promise<void> {
  const { rows } = await client.query<Locked>(
    `select id, cart_id, paid_at is not null as paid from "order" where user_id = $1 and cart_id = $2 for update`,
    [userId, cart_id],
  );
  const other = rows[0];
  // Both purchases stay. The one that was paid keeps the cart's name, so that asking for the cart says it is paid.
  if (other) await renameCart(client, paid && !other.paid ? other.id : id);
  const moved = await client.query<{ version: number }>(
    `update "order" set user_id = $2, moved_from = user_id, moved_at = now(), version = version + 1,
            updated_at = now() where id = $1 returning version`,
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
    client,
    given.rows.map((entitlement) => entitlementChanged(entitlement.id, version)),
  );
}

/** A cart id has at most 200 characters. */
async function renameCart(client: PoolClient, orderId: string): Promise<void> {
  await client.query(
    `update "order" set cart_id = left(cart_id, 163) || ':' || id, version = version + 1 where id = $1`,
    [orderId],
  );
}
