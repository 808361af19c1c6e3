import type { Locale } from "oncepaid-shop/locale.ts";
import { validate as isUuid } from "uuid";
import { findSlot, type ManagedSlot, NOT_FOUND, takenIn } from "#/bookings/manage.ts";
import { inTransaction } from "#/database/database.ts";
import { type Failure, failure } from "#/failure.ts";
import { log } from "#/log.ts";
import { enqueue, type Job, refundJob } from "#/outbox/jobs.ts";

/** `refunding`: how many orders get their money back. */
export type Canceled = { ok: true; slot: ManagedSlot; refunding: number } | Failure;

/**
 * Cancels a date for good. With places in use it is refused (409 `slot_in_use`) unless everybody's money is to be given
 * back: then each booked order's refund, and the mail that says why, are queued in the same transaction. Who pays for a
 * held place after this is refunded too, because nothing can be booked in a canceled slot. Safe to repeat.
 */
export async function cancelSlot(id: string, refund: boolean, by: string): Promise<Canceled> {
  if (!isUuid(id)) return NOT_FOUND;
  const refunding = await cancel(id, refund);
  const slot = await findSlot(id);
  if (!slot) return NOT_FOUND;
  if (refunding === undefined) {
    return failure(
      "slot_in_use",
      `${await takenIn(id)}; cancel it with ?refund=true to give everybody's money back.`,
    );
  }
  log().info({ slot: id, by, refund, refunding }, "slot canceled");
  return { ok: true, slot, refunding };
}

/** The slot's row lock is what every booking waits for: after it, the bookings that are there are all there will be. */
function cancel(id: string, refund: boolean): Promise<number | undefined> {
  return inTransaction(async (client) => {
    const { rowCount } = await client.query(
      `update slot set canceled_at = coalesce(canceled_at, now()), updated_at = now()
        where id = $1 and (canceled_at is not null or taken = 0 or $2::boolean)`,
      [id, refund],
    );
    if (rowCount === 0) return undefined;
    const { rows } = await client.query<{ orderId: string; locale: Locale }>(
      `select o.id as "orderId", o.locale from booking b join "order" o on o.id = b.order_id
        where b.slot_id = $1 and b.state = 'booked' and o.status <> 'REFUNDED' and $2::boolean`,
      [id, refund],
    );
    await enqueue(
      client,
      rows.flatMap((order) => [refundJob(order.orderId, "slot_canceled"), canceledMail(order)]),
    );
    return rows.length;
  });
}

function canceledMail({ orderId, locale }: { orderId: string; locale: Locale }): Job {
  const data = { mail: "booking_canceled", orderId, locale } as const;
  return { queue: "mail", key: `booking_canceled:${orderId}`, data };
}
