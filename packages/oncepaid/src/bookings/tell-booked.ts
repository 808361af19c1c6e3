import type { Transaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { tell } from "#/outbox/tell.ts";

/** Tells everybody who has booked a date that it takes place somewhere else, or (`moved`) at another time. */
export async function tellBooked(
  engine: Engine,
  transaction: Transaction,
  slotId: string,
  { at, moved }: { at: number; moved: boolean },
): Promise<void> {
  const { rows } = await transaction.query<{ id: string; locale: string }>(
    `select o.id, o.locale from oncepaid.booking b join oncepaid."order" o on o.id = b.order_id
      where b.slot_id = $1 and b.state = 'booked'`,
    [slotId],
  );
  for (const order of rows) {
    const changed = { type: "booking.changed" as const, orderId: order.id, at, ...(moved && { moved }) };
    await tell(engine, transaction, [changed], order);
  }
}
