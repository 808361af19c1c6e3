import type { Engine } from "oncepaid/engine.ts";
import { lockOrders, moveOrders } from "oncepaid/purchases/move.ts";

/**
 * Who is to own a purchase: what a visitor bought moves to the account the visitor signs in to, and what was paid under an
 * address moves to the account that proved to own it. Only orders of anonymous accounts ever move: who signed in, or was
 * named by a server, keeps what they have.
 */

/** Everything of an anonymous account, its open carts too. Returns how many orders moved. */
export async function moveVisitor(engine: Engine, visitorId: string, userId: string): Promise<number> {
  return moveOrders(engine, async (client) => {
    await client.query(
      `insert into visitor_move (visitor_id, user_id)
       select id, $2 from "user" where id = $1 and "isAnonymous"
       on conflict (visitor_id) do nothing`,
      [visitorId, userId],
    );
    return { userId, orders: await lockOrders(client, `o.user_id = $1 and ${OF_A_VISITOR}`, visitorId) };
  });
}

/** What was paid under an address, as Stripe collected it, by visitors. Returns how many orders moved. */
export async function claimOrdersOf(engine: Engine, email: string, userId: string): Promise<number> {
  return moveOrders(engine, async (client) => ({
    userId,
    orders: await lockOrders(
      client,
      `lower(o.email) = $1 and o.paid_at is not null and ${OF_A_VISITOR}`,
      email,
    ),
  }));
}

/**
 * The owner of one paid order, asked after it was paid: a visitor may have signed in while the payment was on its way,
 * or have an account under the address since long. Safe to repeat. True when it was bought by a visitor, who may need a
 * code to see it where it is now.
 */
export async function claimOrder(engine: Engine, orderId: string): Promise<boolean> {
  const { rows } = await engine.database.pool.query<{ heir: string | null }>(
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
    await moveOrders(engine, async (client) => ({
      userId: heir,
      orders: await lockOrders(client, `o.id = $1::uuid and ${OF_A_VISITOR}`, orderId),
    }));
  }
  return rows.length > 0;
}

/** Whether an anonymous account bought something that has moved on: its browser is to sign in to see it. */
export async function hasMovedOrders(engine: Engine, visitorId: string): Promise<boolean> {
  const { rows } = await engine.database.pool.query(`select from "order" where moved_from = $1 limit 1`, [
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
