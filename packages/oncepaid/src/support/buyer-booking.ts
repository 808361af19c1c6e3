import type { BookingProduct } from "#/catalog/product.ts";
import type { Executor } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";

/** What a buyer may do about a booking without asking anybody, as its product says (`changes`). */

/** A booking as far as that depends on it. */
export type Booked = {
  slotId: string;
  productKey: string;
  places: number;
  state: string;
  startsAt: Date;
  canceledAt: Date | null;
  /** How often its buyer has moved it; what support did isn't counted. */
  moves: number;
  /** Its buyer has asked to cancel it, and what becomes of that isn't known yet. */
  canceling: boolean;
};

const HOUR_MS = 60 * 60 * 1000;
/** Each is told in a mail: nobody's mailbox is filled by going to and fro. */
const MOST_MOVES = 10;

const NOT_BOOKED = failure("not_changeable", "There is no booking that could be changed.");
const CANCELING = failure("not_changeable", "This booking is being canceled already.");
export const BY_HAND = failure("not_changeable", "Only whoever offers this date can do that: write to them.");
const TOO_OFTEN = failure("not_changeable", "This booking was moved many times; write to whoever offers it.");

export async function bookedBy({ query }: Executor, orderId: string): Promise<Booked | undefined> {
  const { rows } = await query<Booked>(
    `select b.slot_id as "slotId", b.product_key as "productKey", b.places, b.state, s.starts_at as "startsAt",
            s.canceled_at as "canceledAt",
            (select count(*)::integer from oncepaid.support_action a
              where a.order_id = b.order_id and a.what = 'move_booking' and not a.asked ? 'support') as moves,
            -- Until it is done, and where money goes back until Stripe tells of the refund: one that fails later leaves it booked.
            exists (select from oncepaid.support_action a
                     where a.order_id = b.order_id and a.what = 'cancel_booking' and a.refused is null
                       and (a.done_at is null
                            or a.call ->> 'do' = 'refund' and not coalesce(o.facts -> 'refunds' ? a.stripe_id, false))) as canceling
       from oncepaid.booking b join oncepaid.slot s on s.id = b.slot_id join oncepaid."order" o on o.id = b.order_id
      where b.order_id = $1`,
    [orderId],
  );
  return rows[0];
}

/** The product of a booking, if it is in the catalog still. */
export function datedProduct({ catalog }: Engine, productKey: string): BookingProduct | undefined {
  const product = catalog.find(productKey);
  return product?.kind === "booking" ? product : undefined;
}

/** Until when its buyer may change it; undefined where they never may. */
export function changeableUntil({ startsAt }: Booked, product: BookingProduct | undefined): Date | undefined {
  const { untilHours } = product?.changes ?? {};
  return untilHours === undefined ? undefined : new Date(startsAt.getTime() - untilHours * HOUR_MS);
}

/** Why nobody can change it: there is no booking, or its end was asked for. Pure. */
export function notBooked(booked: Booked | undefined): Failure | undefined {
  if (booked?.state !== "booked" || booked.canceledAt !== null) return NOT_BOOKED;
  return booked.canceling ? CANCELING : undefined;
}

/** Why its buyer can't do that, or not any more. Pure. */
export function whyNot(
  booked: Booked | undefined,
  product: BookingProduct | undefined,
  what: "move" | "cancel",
  now: Date,
): Failure | undefined {
  const problem = notBooked(booked);
  if (problem || !booked) return problem ?? NOT_BOOKED;
  const until = changeableUntil(booked, product);
  if (!product || until === undefined || !allows(product, what)) return BY_HAND;
  if (now > until) {
    const hours = product.changes?.untilHours ?? 0;
    return failure("not_changeable", `It could be changed until ${hours} hours before it begins.`);
  }
  return what === "move" && booked.moves >= MOST_MOVES ? TOO_OFTEN : undefined;
}

/** What is canceled is for sale again: where a place isn't, whoever offers it decides. */
function allows({ changes, policy }: BookingProduct, what: "move" | "cancel"): boolean {
  if (what === "move") return changes?.move === true;
  return changes?.cancel !== undefined && policy.spotOnRefund === "release";
}
