import type { Locale } from "oncepaid-shop/locale.ts";
import type { PoolClient } from "pg";
import { validate as isUuid } from "uuid";
import {
  ENDS_FIRST,
  findSlot,
  found,
  invalid,
  type Managed,
  NOT_FOUND,
  type SlotChange,
  takenIn,
} from "#/bookings/manage.ts";
import { inTransaction, isCheckViolation } from "#/database/database.ts";
import { type Failure, failure } from "#/failure.ts";
import { log } from "#/log.ts";
import { enqueue } from "#/outbox/jobs.ts";

/**
 * Changes a date. Nobody who has a place is moved to another time, or out: 409 `slot_in_use`. Where it takes place may
 * change: whoever has booked is told by a mail that is queued in the same transaction. `by` names the operator.
 */
export async function changeSlot(id: string, change: SlotChange, by: string): Promise<Managed> {
  if (!isUuid(id)) return NOT_FOUND;
  try {
    if (!(await write(id, change))) return whyNot(id);
  } catch (error) {
    if (isCheckViolation(error, "slot_ends_after_start")) return invalid("endsAt", ENDS_FIRST);
    if (isCheckViolation(error, "slot_not_oversold")) {
      return failure("slot_in_use", `${await takenIn(id)}, so the capacity can't be lower than that.`);
    }
    throw error;
  }
  log().info({ slot: id, by, ...change }, "slot changed");
  return found(id);
}

/** The slot's row lock is what every booking waits for: who books after it reads the new place in the receipt. */
function write(id: string, change: SlotChange): Promise<boolean> {
  const { startsAt, endsAt, timeZone, place, capacity } = change;
  return inTransaction(async (client) => {
    const before = await client.query<{ place: string }>("select place from slot where id = $1 for update", [
      id,
    ]);
    const { rows } = await client.query<{ place: string; updated_at: Date }>(
      `update slot set
              starts_at = coalesce($2::timestamptz, starts_at), ends_at = coalesce($3::timestamptz, ends_at),
              time_zone = coalesce($4::text, time_zone), place = coalesce($5::text, place),
              capacity = coalesce($6::integer, capacity), updated_at = now()
        where id = $1 and canceled_at is null
          and (taken = 0 or (starts_at, ends_at, time_zone) = (coalesce($2::timestamptz, starts_at),
               coalesce($3::timestamptz, ends_at), coalesce($4::text, time_zone)))
       returning place, updated_at`,
      [id, startsAt, endsAt, timeZone, place, capacity],
    );
    const [slot] = rows;
    if (slot && slot.place !== before.rows[0]?.place) await tellBuyers(client, id, slot.updated_at);
    return slot !== undefined;
  });
}

async function tellBuyers(client: PoolClient, slotId: string, at: Date): Promise<void> {
  const { rows } = await client.query<{ orderId: string; locale: Locale }>(
    `select o.id as "orderId", o.locale from booking b join "order" o on o.id = b.order_id
      where b.slot_id = $1 and b.state = 'booked'`,
    [slotId],
  );
  await enqueue(
    client,
    rows.map(({ orderId, locale }) => ({
      queue: "mail",
      key: `booking_changed:${orderId}:${at.getTime()}`,
      data: { mail: "booking_changed", orderId, locale },
    })),
  );
}

async function whyNot(id: string): Promise<Failure> {
  const slot = await findSlot(id);
  if (!slot) return NOT_FOUND;
  if (slot.canceledAt !== null) return failure("slot_in_use", "This date has been canceled; make a new one.");
  return failure(
    "slot_in_use",
    `${await takenIn(id)}, so its time can't change; cancel it and make a new one.`,
  );
}
