import { validate as isUuid } from "uuid";
import { writeAct } from "#/audit/write.ts";
import { findSlot, type ManagedSlot, NOT_FOUND, takenIn } from "#/bookings/manage.ts";
import { inTransaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { enqueue, refundJob } from "#/outbox/jobs.ts";
import { tell } from "#/outbox/tell.ts";

/** `refunding`: how many orders get their money back. */
export type Canceled = { ok: true; slot: ManagedSlot; refunding: number } | Failure;

/**
 * Cancels a date for good. With places in use it is refused (409 `slot_in_use`) unless everybody's money is to be given
 * back: then each booking's refund, and the mail that says why, are queued in the same transaction; what was bought with it stays. Who pays for a
 * held place after this is refunded too, because nothing can be booked in a canceled slot. Safe to repeat.
 */
export async function cancelSlot(engine: Engine, id: string, refund: boolean, by: string): Promise<Canceled> {
  if (!isUuid(id)) return NOT_FOUND;
  const refunding = await cancel(engine, id, refund, by);
  const slot = await findSlot(engine, id);
  if (!slot) return NOT_FOUND;
  if (refunding === undefined) {
    return failure(
      "slot_in_use",
      `${await takenIn(engine, id)}; cancel it with ?refund=true to give everybody's money back.`,
    );
  }
  engine.log.info({ slot: id, by, refund, refunding }, "slot canceled");
  return { ok: true, slot, refunding };
}

/** The slot's row lock is what every booking waits for: after it, the bookings that are there are all there will be. */
function cancel(engine: Engine, id: string, refund: boolean, by: string): Promise<number | undefined> {
  return inTransaction(engine.database, async (client) => {
    const { rows: slots } = await client.query<{ fresh: boolean }>(
      "select canceled_at is null as fresh from oncepaid.slot where id = $1 for update",
      [id],
    );
    const { rowCount } = await client.query(
      `update oncepaid.slot set canceled_at = coalesce(canceled_at, now()), updated_at = now()
        where id = $1 and (canceled_at is not null or taken = 0 or $2::boolean)`,
      [id, refund],
    );
    if (rowCount === 0) return undefined;
    const { rows } = await client.query<{ id: string; locale: string }>(
      `select o.id, o.locale from oncepaid.booking b join oncepaid."order" o on o.id = b.order_id
        where b.slot_id = $1 and b.state = 'booked' and o.status <> 'REFUNDED' and $2::boolean`,
      [id, refund],
    );
    await enqueue(
      engine,
      client,
      rows.map((order) => refundJob(order.id, "slot_canceled")),
    );
    // Canceling once more changes nothing, so nobody is told of it again.
    for (const order of slots[0]?.fresh ? rows : []) {
      await tell(engine, client, [{ type: "booking.canceled", orderId: order.id }], order);
    }
    await writeAct(client, { by, what: "slot.canceled", about: id, details: { refunding: rows.length } });
    return rows.length;
  });
}
