import { sql } from "kysely";
import { config } from "#/config.ts";
import { database } from "#/database.ts";
import type { Locale } from "#/locale.ts";

/** Who wants to be reminded of a cart they leave: nobody who hasn't asked for it, and nobody where the shop doesn't do it. */
export type Wish = { userId: string; locale: string; askedAt: Date };

/** Whether this shop sends such mails at all: with a setting of its own, and where it can send mail. */
export function remindsOfCarts(): boolean {
  return config().cartReminderHours !== undefined && config().mail !== undefined;
}

/** Again it changes the language alone: what was left before it was asked for the first time stays out. */
export async function wishReminders({ userId, locale }: { userId: string; locale: Locale }): Promise<void> {
  await sql`
    insert into shop.cart_reminder_wish (user_id, locale) values (${userId}, ${locale})
    on conflict (user_id) do update set locale = excluded.locale`.execute(database().db);
}

export async function stopReminders(userId: string): Promise<void> {
  await sql`delete from shop.cart_reminder_wish where user_id = ${userId}`.execute(database().db);
}

export async function wishOf(userId: string): Promise<Wish | undefined> {
  const { rows } = await sql<Wish>`
    select user_id as "userId", locale, asked_at as "askedAt" from shop.cart_reminder_wish
     where user_id = ${userId}`.execute(database().db);
  return rows[0];
}

export async function allWishes(): Promise<Wish[]> {
  const { rows } = await sql<Wish>`
    select user_id as "userId", locale, asked_at as "askedAt" from shop.cart_reminder_wish order by user_id`.execute(
    database().db,
  );
  return rows;
}
