import { validate as isUuid } from "uuid";
import { writeAct } from "#/audit/write.ts";
import { ENDS_FIRST, findSlot, found, invalid, type Managed, NOT_FOUND, takenIn } from "#/bookings/manage.ts";
import { tellBooked } from "#/bookings/tell-booked.ts";
import { type By, THE_APP } from "#/caller.ts";
import { inTransaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";

export type NewTime = {
  startsAt: Date;
  endsAt: Date;
  /** An IANA name; the date's own where nothing is said. */
  timeZone?: string | undefined;
};

/**
 * Moves a date with everybody who has booked it: they keep their places, and each is told `booking.changed` with `moved`, in the same
 * transaction. While places are held it is refused (409 `slot_in_use`): whoever pays for one has seen the old time.
 */
export async function rescheduleSlot(
  engine: Engine,
  id: string,
  time: NewTime,
  { by = THE_APP }: By,
): Promise<Managed> {
  if (!isUuid(id)) return NOT_FOUND;
  if (time.endsAt <= time.startsAt) return invalid("endsAt", ENDS_FIRST);
  if (time.startsAt.getTime() <= Date.now()) return invalid("startsAt", "A date is moved to a time to come.");
  if (!(await write(engine, id, time, by))) return whyNot(engine, id);
  engine.log.info({ slot: id, by, ...time }, "slot moved");
  return found(engine, id);
}

/** The slot's row lock is what every booking waits for: who books after it has read the new time. */
function write(
  engine: Engine,
  id: string,
  { startsAt, endsAt, timeZone }: NewTime,
  by: string,
): Promise<boolean> {
  return inTransaction(engine.database, async (transaction) => {
    const { rows } = await transaction.query<{ held: boolean; same: boolean }>(
      `select exists (select from oncepaid.booking b where b.slot_id = s.id and b.state = 'held') as held,
              (starts_at, ends_at, time_zone) = ($2::timestamptz, $3::timestamptz, coalesce($4::text, time_zone)) as same
         from (select * from oncepaid.slot where id = $1 and canceled_at is null for update) as s`,
      [id, startsAt, endsAt, timeZone ?? null],
    );
    const [slot] = rows;
    if (!slot || slot.held) return false;
    // Asked for once more: nobody is told twice.
    if (slot.same) return true;
    const written = await transaction.query<{ at: Date }>(
      `update oncepaid.slot set starts_at = $2, ends_at = $3, time_zone = coalesce($4::text, time_zone), updated_at = now()
        where id = $1 returning updated_at as at`,
      [id, startsAt, endsAt, timeZone ?? null],
    );
    await tellBooked(engine, transaction, id, {
      at: written.rows[0]?.at.getTime() ?? Date.now(),
      moved: true,
    });
    await writeAct(transaction, {
      by,
      what: "slot.moved",
      about: id,
      details: { startsAt, endsAt, ...(timeZone !== undefined && { timeZone }) },
    });
    return true;
  });
}

async function whyNot(engine: Engine, id: string): Promise<Failure> {
  const slot = await findSlot(engine, id);
  if (!slot) return NOT_FOUND;
  if (slot.canceledAt !== null) return failure("slot_in_use", "This date has been canceled; make a new one.");
  return failure(
    "slot_in_use",
    `${await takenIn(engine, id)}: close it for booking, and move it once nothing is held any more.`,
  );
}
