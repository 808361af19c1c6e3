import { sql } from "kysely";
import type { ShopOncepaid } from "#/catalog/products.ts";
import { config } from "#/config.ts";
import { database } from "#/database.ts";
import { type LeftCart, leftCartsOf } from "#/reminders/left-carts.ts";
import { allWishes, remindsOfCarts, type Wish } from "#/reminders/wishes.ts";

const HOUR_MS = 60 * 60 * 1000;
/** What was left longer ago than that is forgotten, not asked about: so nothing old is told once the shop begins with it. */
const LATEST_HOURS = 3 * 24;

/**
 * One round: everybody who wants it is reminded of each cart they left so many hours ago. Tells how many mails were asked for. The mail
 * looks again when it is written. A process that dies between the mail's job and its mark, and two at once, write the same job again, which
 * is queued once.
 */
export async function remindOfCarts(oncepaid: ShopOncepaid): Promise<number> {
  if (!remindsOfCarts()) return 0;
  let reminded = 0;
  for (const wish of await allWishes()) {
    const carts = (await leftCartsOf(oncepaid, wish.userId)).filter((cart) => isDue(cart, wish));
    for (const cart of await notToldOf(wish.userId, carts)) {
      await oncepaid.jobs.add([jobOf(cart, wish)]);
      await markTold(wish.userId, cart.cartId);
      reminded += 1;
    }
  }
  return reminded;
}

function isDue({ expiredAt }: LeftCart, { askedAt }: Wish): boolean {
  const left = Date.parse(expiredAt);
  const hours = config().cartReminderHours ?? 0;
  const due = Date.now() - hours * HOUR_MS;
  return left <= due && left > due - LATEST_HOURS * HOUR_MS && left >= askedAt.getTime();
}

function jobOf({ id: orderId, cartId }: LeftCart, { userId, locale }: Wish) {
  return {
    queue: "mail",
    key: `cart_left:${userId}:${cartId}`,
    data: { mail: "cart_left", locale, userId, orderId },
  };
}

async function notToldOf(userId: string, carts: readonly LeftCart[]): Promise<LeftCart[]> {
  if (carts.length === 0) return [];
  const { rows } = await sql<{ cartId: string }>`
    select cart_id as "cartId" from shop.cart_reminder where user_id = ${userId}`.execute(database().db);
  const told = new Set(rows.map(({ cartId }) => cartId));
  return carts.filter(({ cartId }) => !told.has(cartId));
}

async function markTold(userId: string, cartId: string): Promise<void> {
  await sql`
    insert into shop.cart_reminder (user_id, cart_id) values (${userId}, ${cartId})
    on conflict do nothing`.execute(database().db);
}
