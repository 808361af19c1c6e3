import { validate as isUuid } from "uuid";
import { writeAct } from "#/audit/write.ts";
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
import { tellBooked } from "#/bookings/tell-booked.ts";
import { inTransaction } from "#/database/database.ts";
import { isCheckViolation } from "#/database/errors.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";

/**
 * Changes a date. Nobody who has a place is moved to another time, or out: 409 `slot_in_use`, and `rescheduleSlot` moves a date with
 * everybody in it. Where it takes place may change: whoever has booked is told by a mail that is queued in the same transaction.
 * `closed` ends or begins its sale; who has booked stays. `by` names the operator.
 */
export async function changeSlot(
  engine: Engine,
  id: string,
  change: SlotChange,
  by: string,
): Promise<Managed> {
  if (!isUuid(id)) return NOT_FOUND;
  try {
    if (!(await write(engine, id, change, by))) return whyNot(engine, id);
  } catch (error) {
    if (isCheckViolation(error, "slot_ends_after_start")) return invalid("endsAt", ENDS_FIRST);
    if (isCheckViolation(error, "slot_not_oversold")) {
      return failure(
        "slot_in_use",
        `${await takenIn(engine, id)}, so the capacity can't be lower than that.`,
      );
    }
    throw error;
  }
  engine.log.info({ slot: id, by, ...change }, "slot changed");
  return found(engine, id);
}

/** The slot's row lock is what every booking waits for: who books after it reads the new place in the receipt. */
function write(engine: Engine, id: string, change: SlotChange, by: string): Promise<boolean> {
  const { startsAt, endsAt, timeZone, place, capacity, closed } = change;
  return inTransaction(engine.database, async (client) => {
    const before = await client.query<{ place: string }>(
      "select place from oncepaid.slot where id = $1 for update",
      [id],
    );
    const { rows } = await client.query<{ place: string; updated_at: Date }>(
      `update oncepaid.slot set
              starts_at = coalesce($2::timestamptz, starts_at), ends_at = coalesce($3::timestamptz, ends_at),
              time_zone = coalesce($4::text, time_zone), place = coalesce($5::text, place),
              capacity = coalesce($6::integer, capacity), updated_at = now(),
              closed_at = case when $7::boolean then coalesce(closed_at, now()) when not $7 then null else closed_at end
        where id = $1 and canceled_at is null
          and (taken = 0 or (starts_at, ends_at, time_zone) = (coalesce($2::timestamptz, starts_at),
               coalesce($3::timestamptz, ends_at), coalesce($4::text, time_zone)))
       returning place, updated_at`,
      [id, startsAt, endsAt, timeZone, place, capacity, closed],
    );
    const [slot] = rows;
    if (!slot) return false;
    if (slot.place !== before.rows[0]?.place) {
      await tellBooked(engine, client, id, { at: slot.updated_at.getTime(), moved: false });
    }
    await writeAct(client, { by, what: "slot.changed", about: id, details: change });
    return true;
  });
}

async function whyNot(engine: Engine, id: string): Promise<Failure> {
  const slot = await findSlot(engine, id);
  if (!slot) return NOT_FOUND;
  if (slot.canceledAt !== null) return failure("slot_in_use", "This date has been canceled; make a new one.");
  return failure(
    "slot_in_use",
    `${await takenIn(engine, id)}, so its time can't change; cancel it and make a new one.`,
  );
}
