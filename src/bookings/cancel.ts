import { validate as isUuid } from "uuid";
import { findSlot, type ManagedSlot, NOT_FOUND, takenIn } from "#/bookings/manage.ts";
import { database } from "#/db.ts";
import { type Failure, failure } from "#/errors.ts";
import { log } from "#/log.ts";

export type Canceled = { ok: true; slot: ManagedSlot; refunding: number } | Failure;

export async function cancelSlot(id: string, refund: boolean, by: string): Promise<Canceled> {
  const slot = isUuid(id) ? await findSlot(id) : undefined;
  if (!slot) return NOT_FOUND;
  const canceled = await database()
    .db.updateTable("slot")
    .set(({ fn }) => ({
      canceled_at: fn.coalesce("canceled_at", fn<Date>("now")),
      updated_at: fn<Date>("now"),
    }))
    .where("id", "=", id)
    .where("taken", "=", 0)
    .executeTakeFirst();
  if (canceled.numUpdatedRows === 0n) return failure("slot_in_use", `${await takenIn(id)}.`);
  log().info({ slot: id, by, refund }, "slot canceled");
  return { ok: true, slot, refunding: 0 };
}
