import { sql } from "kysely";
import type { Ownership } from "oncepaid";
import type { ShopOncepaid } from "#/catalog/products.ts";
import { database } from "#/database.ts";

/**
 * Who is to own a purchase: what a visitor bought moves to the account the visitor signs in to, and what was paid under an
 * address moves to the account that proved to own it. Only orders of anonymous accounts ever move: who signed in, or was
 * named by a server, keeps what they have.
 */

/** Everything of an anonymous account, its open carts too. Returns how many orders moved. */
export async function moveVisitor(
  oncepaid: ShopOncepaid,
  visitorId: string,
  userId: string,
): Promise<number> {
  // Written first: whatever still reaches the visitor's account afterwards finds its way by this row.
  const { rows } = await sql<{ id: string }>`
    insert into shop.visitor_move (visitor_id, user_id)
    select id, ${userId}::text from shop."user" where id = ${visitorId} and "isAnonymous"
    on conflict (visitor_id) do update set visitor_id = excluded.visitor_id
    returning visitor_id as id`.execute(database().db);
  return rows.length === 0 ? 0 : oncepaid.move({ from: visitorId, to: userId });
}

/**
 * What was paid under an address, as Stripe collected it, by visitors, and what the shop gave to the address without an order. Returns
 * how many of them moved.
 */
export async function claimOrdersOf(oncepaid: ShopOncepaid, email: string, userId: string): Promise<number> {
  let moved = await oncepaid.move({ email, to: userId });
  for (const order of await oncepaid.owners.under(email)) {
    if (await isVisitors(order)) moved += await give(oncepaid, order, userId);
  }
  return moved;
}

/**
 * The owner of one paid order, asked after it was paid: a visitor may have signed in while the payment was on its way,
 * or have an account under the address since long. Safe to repeat. True when it was bought by a visitor, who may need a
 * code to see it where it is now.
 */
export async function claimOrder(oncepaid: ShopOncepaid, orderId: string): Promise<boolean> {
  const order = await oncepaid.owners.of(orderId);
  if (!order) return false;
  const isOfVisitor = await isVisitors(order);
  const heir = isOfVisitor ? await heirOf(order) : undefined;
  if (heir !== undefined) await give(oncepaid, order, heir);
  return isOfVisitor || order.moved;
}

/** One order, if it is still whose it was. */
function give(oncepaid: ShopOncepaid, { orderId, userId }: Ownership, to: string): Promise<number> {
  return oncepaid.move({ from: userId, to, orderId });
}

/** The account the visitor signed in to, else the one that has proven to own the address. */
async function heirOf({ userId, email }: Ownership): Promise<string | undefined> {
  const { db } = database();
  const move = await db
    .selectFrom("visitor_move")
    .select("user_id")
    .where("visitor_id", "=", userId)
    .executeTakeFirst();
  if (move || email === null) return move?.user_id;
  const owner = await db
    .selectFrom("user")
    .select("id")
    .where("email", "=", email)
    .where("emailVerified", "=", true)
    .executeTakeFirst();
  return owner?.id;
}

/** Accounts of the shop have ids like this; who a server names is no row of ours. */
const OUR_ID = /^[A-Za-z0-9]{32}$/;

/**
 * Whether an order belongs to an anonymous account, or was made again after the database was restored for an account that is lost
 * with the time it was made in.
 */
async function isVisitors({ userId, restored }: Ownership): Promise<boolean> {
  const user = await database()
    .db.selectFrom("user")
    .select("isAnonymous")
    .where("id", "=", userId)
    .executeTakeFirst();
  return user ? user.isAnonymous === true : restored && OUR_ID.test(userId);
}
