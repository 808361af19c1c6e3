import { sql } from "kysely";
import type { ManagedSlot } from "oncepaid";
import { type Failure, failure } from "oncepaid/failure";
import type { ShopOncepaid } from "#/catalog/products.ts";
import { config } from "#/config.ts";
import { database } from "#/database.ts";
import type { Locale } from "#/locale.ts";

/**
 * Who waits for a place on a date that is sold out. Only accounts with a proven address do: the code that signs in is what an address
 * is proven by, and its limits are those of bots here too.
 */

/** Far more than anybody waits for; a list isn't filled by one account. */
const MOST_DATES = 20;
/** Of one date in one round: a large date that opens doesn't put thousands of mails before a code to sign in with. */
const MOST_TOLD = 200;

const NO_DATE = failure("not_found", "There is no such date to come.");
const MANY = failure("too_many_requests", "You wait for many dates already; leave one of them first.");
const NO_MAIL = failure(
  "mail_unavailable",
  "This shop can't send mail, so it can't tell you of a free place.",
);

export type Waiting = { userId: string; slotId: string; locale: Locale };

/** Again for the same date nothing happens, and who was told already is told once more when a place is free. */
export async function waitFor(
  oncepaid: ShopOncepaid,
  { userId, slotId, locale }: Waiting,
): Promise<{ ok: true } | Failure> {
  if (!config().mail) return NO_MAIL;
  const slot = await oncepaid.slots.find(slotId);
  if (!slot || !isOpen(slot)) return NO_DATE;
  if (slot.placesLeft > 0) {
    const message = "There is a place on that date: book it.";
    return failure("invalid_request", `slotId: ${message}`, [{ path: "slotId", message }]);
  }
  const { numAffectedRows } = await sql`
    insert into shop.waiting (slot_id, user_id, locale)
    select ${slotId}::uuid, ${userId}, ${locale}
     where (select count(*) from shop.waiting
             where user_id = ${userId} and slot_id <> ${slotId}::uuid and told_at is null) < ${MOST_DATES}
    on conflict (slot_id, user_id) do update set locale = excluded.locale, told_at = null,
       asked_at = case when waiting.told_at is null then waiting.asked_at else now() end`.execute(
    database().db,
  );
  return numAffectedRows === 0n ? MANY : { ok: true };
}

export async function stopWaiting({ userId, slotId }: Omit<Waiting, "locale">): Promise<void> {
  await sql`delete from shop.waiting where user_id = ${userId} and slot_id = ${slotId}::uuid`.execute(
    database().db,
  );
}

/** The dates an account waits for and wasn't told of yet. */
export async function waitedFor(userId: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ slot_id: string }>`
    select slot_id from shop.waiting where user_id = ${userId} and told_at is null`.execute(database().db);
  return new Set(rows.map(({ slot_id }) => slot_id));
}

type Waiter = { email: string; askedAt: Date; toldAt: Date | null };

/** `waiting` counts those who weren't told yet, on all pages; `next` asks for the page that follows, null where there is none. */
export type WaiterPage = { waiters: Waiter[]; waiting: number; next: string | null };

type WaitersRequest = {
  /** `next` of the page before. */
  after?: string | undefined;
  limit?: number;
};

const USUAL_PAGE = 100;

/** Who waits for a date, in the order in which they are told, and after them who was told already. */
export async function waitersOf(
  slotId: string,
  { after, limit = USUAL_PAGE }: WaitersRequest = {},
): Promise<WaiterPage> {
  const { db } = database();
  // A page after somebody who has left the list meanwhile is the first one. One row more shows whether another page follows.
  const { rows } = await sql<Waiter & { userId: string }>`
    with before as (select told_at is not null, asked_at, user_id from shop.waiting
                     where slot_id = ${slotId}::uuid and user_id = ${after ?? null})
    select u.id as "userId", u.email, w.asked_at as "askedAt", w.told_at as "toldAt"
      from shop.waiting w join shop."user" u on u.id = w.user_id
     where w.slot_id = ${slotId}::uuid
       and (not exists (select from before) or (w.told_at is not null, w.asked_at, w.user_id) > (select * from before))
     order by w.told_at is not null, w.asked_at, w.user_id limit ${limit + 1}`.execute(db);
  const counted = await sql<{ waiting: number }>`
    select count(*)::integer as waiting from shop.waiting where slot_id = ${slotId}::uuid and told_at is null`.execute(
    db,
  );
  const page = rows.slice(0, limit);
  return {
    waiters: page.map(({ email, askedAt, toldAt }) => ({ email, askedAt, toldAt })),
    waiting: counted.rows[0]?.waiting ?? 0,
    next: rows.length > limit ? (page.at(-1)?.userId ?? null) : null,
  };
}

/**
 * One round: of each date as many are told as it has places free, so that a place isn't promised to a crowd; whoever doesn't take it is
 * followed by the next ones in the next round. Tells how many were told. A process that dies between the mail's job and its mark writes the same
 * job again, which is queued once.
 */
export async function tellWaiting(oncepaid: ShopOncepaid): Promise<number> {
  if (!config().mail) return 0;
  const { rows } = await sql<{ slotId: string }>`
    select distinct slot_id as "slotId" from shop.waiting`.execute(database().db);
  let told = 0;
  for (const { slotId } of rows) {
    const slot = await oncepaid.slots.find(slotId);
    if (slot && isOpen(slot)) told += await tellOf(oncepaid, slotId, slot.placesLeft);
    else if (!slot || isOver(slot)) await forget(slotId);
  }
  return told;
}

async function tellOf(oncepaid: ShopOncepaid, slotId: string, places: number): Promise<number> {
  if (places <= 0) return 0;
  const { db } = database();
  const { rows } = await sql<{ userId: string; locale: string; askedAt: Date }>`
    select user_id as "userId", locale, asked_at as "askedAt" from shop.waiting
     where slot_id = ${slotId}::uuid and told_at is null
     order by asked_at, user_id limit ${Math.min(places, MOST_TOLD)}`.execute(db);
  await oncepaid.jobs.add(
    rows.map(({ userId, locale, askedAt }) => ({
      queue: "mail",
      key: `place_free:${slotId}:${userId}:${askedAt.getTime()}`,
      data: { mail: "place_free", locale, slotId, userId },
    })),
  );
  await sql`
    update shop.waiting set told_at = now()
     where slot_id = ${slotId}::uuid and user_id = any (${rows.map(({ userId }) => userId)})`.execute(db);
  return rows.length;
}

/**
 * Somebody was to be told of a place that can't be booked any more when the mail is written, because the date is full again or closed:
 * they wait on, where they were in the row. A millisecond later, because the time is in the key of the mail's job, and the next mail is
 * another one.
 */
export async function waitOn({ userId, slotId }: Omit<Waiting, "locale">): Promise<void> {
  await sql`
    update shop.waiting set told_at = null, asked_at = asked_at + interval '1 millisecond'
     where slot_id = ${slotId}::uuid and user_id = ${userId} and told_at is not null`.execute(database().db);
}

async function forget(slotId: string): Promise<void> {
  await sql`delete from shop.waiting where slot_id = ${slotId}::uuid`.execute(database().db);
}

/** It can be booked, if there is a place. */
export function isOpen(slot: ManagedSlot): boolean {
  return !isOver(slot) && slot.closedAt === null;
}

/** Nobody can come any more; one that is only closed may be opened again. */
function isOver({ canceledAt, startsAt }: ManagedSlot): boolean {
  return canceledAt !== null || Date.parse(startsAt) <= Date.now();
}
