import { validate as isUuid } from "uuid";
import { writeAct } from "#/audit/write.ts";
import { type By, THE_APP } from "#/caller.ts";
import { inTransaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";

const NOT_BOOKED = failure("not_found", "There is no order with a booked place under this id.");

export type CheckedIn = { ok: true; checkedInAt: string | null } | Failure;

/**
 * Says that whoever booked has come, or with `undo` that it was said by mistake. Again it changes nothing: the first moment stays.
 */
export function checkIn(
  engine: Engine,
  orderId: string,
  { by = THE_APP, undo = false }: By & { undo?: boolean },
): Promise<CheckedIn> {
  if (!isUuid(orderId)) return Promise.resolve(NOT_BOOKED);
  return inTransaction(engine.database, async (transaction) => {
    const { rows } = await transaction.query<{ before: Date | null }>(
      "select checked_in_at as before from oncepaid.booking where order_id = $1 and state = 'booked' for update",
      [orderId],
    );
    const [booking] = rows;
    if (!booking) return NOT_BOOKED;
    if ((booking.before === null) === undo)
      return { ok: true, checkedInAt: booking.before?.toISOString() ?? null };
    const written = await transaction.query<{ at: Date | null }>(
      `update oncepaid.booking set checked_in_at = case when $2 then null else now() end,
              checked_in_by = case when $2 then null else $3 end
        where order_id = $1 returning checked_in_at as at`,
      [orderId, undo, by],
    );
    await writeAct(transaction, {
      by,
      what: undo ? "booking.check_in_undone" : "booking.checked_in",
      about: orderId,
    });
    return { ok: true, checkedInAt: written.rows[0]?.at?.toISOString() ?? null };
  });
}
