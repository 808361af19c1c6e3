import { candidatesFor, chooseSlot } from "#/bookings/choose.ts";
import type { Executor, Transaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { isNoSpot } from "#/orders/holds.ts";
import { tell } from "#/outbox/tell.ts";
import { type Asking, act, type LockedOrder, type Request } from "#/support/action.ts";
import { type Booked, bookedBy, datedProduct, notBooked, whyNot } from "#/support/buyer-booking.ts";

const SOLD_OUT = failure("sold_out", "That date has no room for it any more; the booking stays where it is.");
const GONE = failure("not_changeable", "This date has been canceled.");

type MoveRequest = Asking & { slotId: string };

/**
 * A buyer chooses another date of the same product, by its rules (`changes`): all places of the booking move, or none. Places are counted
 * by the database, so that two who want the last one don't both get it. Asked for the date it is booked for, nothing happens.
 */
export function moveBooking(engine: Engine, orderId: string, { slotId, ...asking }: MoveRequest) {
  const request = { what: "move_booking" as const, asked: { slotId }, ...asking };
  return moveTo(engine, orderId, slotId, request, (booked) =>
    whyNot(booked, datedProduct(engine, booked?.productKey ?? ""), "move", new Date()),
  );
}

/**
 * Support moves it, also where its product lets buyers change nothing, or not any more. `support` keeps it from being counted among the
 * moves a buyer has.
 */
export function moveForBuyer(engine: Engine, orderId: string, { slotId, ...asking }: MoveRequest) {
  const asked = { slotId, note: asking.note, support: true };
  const request = { what: "move_booking" as const, asked, ...asking };
  return moveTo(engine, orderId, slotId, request, notBooked);
}

async function moveTo(
  engine: Engine,
  orderId: string,
  slotId: string,
  request: Request,
  refuses: (booked: Booked | undefined) => Failure | undefined,
): Promise<{ ok: true } | Failure> {
  const byBuyer = !("support" in request.asked);
  try {
    const written = await act(engine, orderId, request, async (transaction, order) => {
      const booked = await bookedBy(transaction, order.id);
      const problem = refuses(booked);
      if (problem || !booked) return problem ?? GONE;
      if (booked.slotId === slotId) return SAME;
      const choice = await chooseOther(transaction, booked, slotId);
      return choice ?? move(engine, transaction, { order, booked, slotId, byBuyer });
    });
    return written.ok || written === SAME ? { ok: true } : written;
  } catch (error) {
    // The last place went to somebody else, or the date was canceled or has begun, between the look and the write.
    if (isNoSpot(error)) return SOLD_OUT;
    throw error;
  }
}

/** It is booked for that date already, by a request whose answer was lost: nobody is told twice. */
const SAME = failure("invalid_request", "It is booked for that date.");

async function chooseOther(
  executor: Executor,
  { productKey, places }: Booked,
  slotId: string,
): Promise<Failure | undefined> {
  const candidates = await candidatesFor(executor, productKey, slotId);
  const choice = chooseSlot(candidates, { productKey, spots: places, slotId }, undefined);
  if (choice.ok) return choice.soldOut && SOLD_OUT;
  // It was one of the dates to choose from, and isn't any more.
  const wasOne = candidates.some(({ product_key }) => product_key === productKey);
  return wasOne ? failure("not_changeable", choice.error.replace("slotId: ", "")) : choice;
}

type Move = { order: LockedOrder; booked: Booked; slotId: string; byBuyer: boolean };

/**
 * Both dates are locked in the order of their ids, as the trigger on bookings touches them: two who change places with each other don't
 * wait for one another, and a date that is being canceled has either this booking to refund or doesn't know it.
 */
async function move(engine: Engine, transaction: Transaction, { order, booked, slotId, byBuyer }: Move) {
  const { rows } = await transaction.query<{ canceled: boolean }>(
    `select canceled_at is not null as canceled from oncepaid.slot where id = any ($1::uuid[]) order by id for update`,
    [[booked.slotId, slotId]],
  );
  if (rows.some(({ canceled }) => canceled)) return GONE;
  const moved = await transaction.query<{ at: Date }>(
    `update oncepaid.booking set slot_id = $2, checked_in_at = null, checked_in_by = null, updated_at = now()
      where order_id = $1 and state = 'booked' returning updated_at as at`,
    [order.id, slotId],
  );
  const at = moved.rows[0]?.at.getTime();
  if (at === undefined) return GONE;
  const changed = {
    type: "booking.changed" as const,
    orderId: order.id,
    at,
    moved: true,
    ...(byBuyer && { byBuyer }),
  };
  await tell(engine, transaction, [changed], order);
  return { do: "nothing" as const };
}
