import { sql, type Transaction } from "kysely";
import { isCheckViolation } from "#/database/errors.ts";
import type { DB } from "#/database/schema.ts";

/**
 * The places of an order in a slot, as rows. How many are taken is counted by the database itself (0002_bookings.sql):
 * whoever would take one too many writes nothing.
 */

/** Places an attempt keeps from other buyers until its session ends; `until` is unix seconds. */
export type Hold = {
  slotId: string;
  productKey: string;
  places: number;
  until: number;
  /** Where a browser asked for it: how much it may hold is limited (hold-limits.ts). */
  browser?: { stranger: string | undefined } | undefined;
};

/** What a place runs into that can't be taken: no more of them, or a date that is canceled or has begun. */
const NO_SPOT = ["slot_not_oversold", "slot_open"];

export function isNoSpot(error: unknown): boolean {
  return NO_SPOT.some((constraint) => isCheckViolation(error, constraint));
}

/** The hold of an unpaid order as its next attempt has it: the same, another one, or none. */
export async function moveHold(trx: Transaction<DB>, orderId: string, hold: Hold | null): Promise<void> {
  if (hold === null) {
    await trx.deleteFrom("booking").where("order_id", "=", orderId).execute();
    return;
  }
  const held = {
    slot_id: hold.slotId,
    product_key: hold.productKey,
    places: hold.places,
    state: "held",
    stranger: hold.browser?.stranger ?? null,
    held_until: sql<Date>`to_timestamp(${hold.until}::double precision)`,
  };
  await trx
    .insertInto("booking")
    .values({ order_id: orderId, ...held })
    .onConflict((conflict) => conflict.column("order_id").doUpdateSet({ ...held, updated_at: sql`now()` }))
    .execute();
}
