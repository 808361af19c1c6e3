import { sql, type Transaction } from "kysely";
import type { DB } from "#/database/schema.ts";
import type { Engine } from "#/engine.ts";
import type { Hold } from "#/orders/holds.ts";
import type { HoldLimits } from "#/settings.ts";

/**
 * Opening a checkout costs nothing and keeps places from others for forty minutes. So one browser holds a few at a time, and
 * whoever has not proven an address, a stranger, shares further limits: with everybody on the same network, in all dates and in
 * one, and with all strangers in one date. Places that are paid for don't count: a date can be sold out to strangers alone.
 */

/** As many of a date strangers may hold, whatever the share, and as many those of one network: a small date stays sellable. */
const ALWAYS_PLACES = 4;
const ALWAYS_PLACES_OF_NETWORK = 2;

export type TooMuchHeld = "held_by_visitor" | "held_by_network" | "held_by_strangers";

/** Places that are held and not paid for, beside those of the order that asks. */
type Held = { visitor: number; network: number; networkInSlot: number; inSlot: number; capacity: number };

/**
 * Why a browser can't hold these places; undefined where it may, and where a server asks. Within the transaction that takes
 * them: what others hold is counted once everybody who takes some of the same date, network or account has committed.
 */
export async function tooMuchHeld(
  trx: Transaction<DB>,
  limits: HoldLimits,
  { orderId, userId, hold }: { orderId: string; userId: string; hold: Hold | null },
): Promise<TooMuchHeld | undefined> {
  if (!hold?.browser) return undefined;
  const { stranger } = hold.browser;
  await lock(trx, [...(stranger ? [`slot ${hold.slotId}`, `network ${stranger}`] : []), `visitor ${userId}`]);
  const held = await count(trx, hold, { orderId, userId, stranger: stranger ?? null });
  if (held.visitor + hold.places > limits.visitor) return "held_by_visitor";
  return stranger ? tooMuchOfStrangers(limits, held, hold.places) : undefined;
}

/** The same before anything is ended for it. */
export async function heldTooMuch(
  { database, settings }: Engine,
  asked: { orderId: string; userId: string; hold: Hold | null },
): Promise<TooMuchHeld | undefined> {
  if (!asked.hold?.browser) return undefined;
  return database.db.transaction().execute((trx) => tooMuchHeld(trx, settings.holds, asked));
}

/** Always in this order, the date first: two that wait for each other would wait for ever. */
async function lock(trx: Transaction<DB>, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`oncepaid hold ${key}`}, 0))`.execute(trx);
  }
}

async function count(
  trx: Transaction<DB>,
  { slotId }: Hold,
  { orderId, userId, stranger }: { orderId: string; userId: string; stranger: string | null },
): Promise<Held> {
  const { rows } = await sql<Held>`
    select coalesce(sum(b.places) filter (where o.user_id = ${userId}), 0)::integer as visitor,
           coalesce(sum(b.places) filter (where b.stranger = ${stranger}), 0)::integer as network,
           coalesce(sum(b.places) filter (where b.stranger = ${stranger} and b.slot_id = ${slotId}), 0)::integer as "networkInSlot",
           coalesce(sum(b.places) filter (where b.stranger is not null and b.slot_id = ${slotId}), 0)::integer as "inSlot",
           (select capacity from oncepaid.slot where id = ${slotId}) as capacity
      from oncepaid.booking b join oncepaid."order" o on o.id = b.order_id
     where b.state = 'held' and b.order_id <> ${orderId}
       and (o.user_id = ${userId} or b.stranger = ${stranger} or (b.slot_id = ${slotId} and b.stranger is not null))`.execute(
    trx,
  );
  const [held] = rows;
  if (!held) throw new Error("What is held could not be counted.");
  return held;
}

function tooMuchOfStrangers(limits: HoldLimits, held: Held, places: number): TooMuchHeld | undefined {
  const shareOf = (share: number, always: number) => Math.max(always, Math.floor(held.capacity * share));
  if (held.network + places > limits.network) return "held_by_network";
  if (held.networkInSlot + places > shareOf(limits.networkShare, ALWAYS_PLACES_OF_NETWORK)) {
    return "held_by_network";
  }
  return held.inSlot + places > shareOf(limits.share, ALWAYS_PLACES) ? "held_by_strangers" : undefined;
}
