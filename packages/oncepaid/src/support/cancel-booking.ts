import { validate as isUuid } from "uuid";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import {
  type Action,
  type Asking,
  act,
  type Call,
  type LockedOrder,
  readOrder,
  refundsUnderWay,
} from "#/support/action.ts";
import {
  type Booked,
  BY_HAND,
  bookedBy,
  changeableUntil,
  datedProduct,
  whyNot,
} from "#/support/buyer-booking.ts";
import { carryOutNow } from "#/support/carry-out.ts";
import { AMOUNT_UNKNOWN, decideRefund } from "#/support/refund.ts";

/**
 * `refund` is what goes back for it, in minor units; 0 where nothing does. `asked`: Stripe couldn't be reached, and a job goes on asking.
 */
export type BookingCanceled = { ok: true; refund: number; state: "asked" | "made" };

/** What a buyer may do about a booking at this moment, and what would come of it. */
export type BookingChoices = {
  /** Until when, ISO 8601 in UTC; null where only whoever offers it changes anything. */
  until: string | null;
  move: boolean;
  cancel: boolean;
  /** What canceling gives back, in minor units. */
  refund: number;
  /** It was asked for already, and Stripe has not told of it yet. */
  canceling: boolean;
};

const NO_ORDER = failure("not_found", "There is no such order.");

/**
 * A buyer gives a booking up, by the rules of its product (`changes`). What is given back is refunded as support's refunds are: written
 * with the job that carries it out before Stripe is asked, so that a process that dies in between neither forgets nor repeats it. The place is
 * free once Stripe has told of the refund, and at once where nothing is given back.
 */
export async function cancelBooking(
  engine: Engine,
  orderId: string,
  asking: Asking,
): Promise<BookingCanceled | Failure> {
  const request = { what: "cancel_booking" as const, asked: {}, ...asking };
  const written = await act(engine, orderId, request, async (transaction, order) => {
    const booked = await bookedBy(transaction, order.id);
    const product = datedProduct(engine, booked?.productKey ?? "");
    const problem = whyNot(booked, product, "cancel", new Date());
    if (problem || !booked) return problem ?? NO_ORDER;
    return decide(
      engine,
      order,
      await refundsUnderWay(transaction, order.id),
      booked,
      product?.changes?.cancel,
    );
  });
  if (!written.ok) return written;
  const { call, doneAt, refused } = await carryOutNow(engine, written.action);
  if (refused !== null) return failure("refused_by_stripe", refused);
  return {
    ok: true,
    refund: call.do === "refund" ? call.amount : 0,
    state: doneAt === null ? "asked" : "made",
  };
}

/** Pure. */
function decide(
  engine: Pick<Engine, "catalog">,
  order: LockedOrder,
  earlier: readonly Action[],
  { productKey }: Booked,
  cancel: "refund" | "no_refund" | undefined,
): Call | Failure {
  if (cancel === "refund" && order.amountTotal) {
    const refund = decideRefund(engine, order, earlier, {
      items: [{ productKey }],
      reason: "requested_by_customer",
    });
    if (refund === AMOUNT_UNKNOWN) return BY_HAND;
    // Stripe gives back nothing less than 1: what cost nothing beside something that did is only given up.
    if ("ok" in refund || refund.amount > 0) return refund;
  }
  return { do: "end_booking", productKey, at: Math.floor(Date.now() / 1000) };
}

/** Undefined where the order has no booking. */
export async function bookingChoices(engine: Engine, orderId: string): Promise<BookingChoices | undefined> {
  if (!isUuid(orderId)) return undefined;
  const booked = await bookedBy(engine.database, orderId);
  const order = booked && (await readOrder(engine.database, orderId));
  if (!order) return undefined;
  const product = datedProduct(engine, booked.productKey);
  const may = (what: "move" | "cancel") => whyNot(booked, product, what, new Date()) === undefined;
  const call = may("cancel")
    ? decide(engine, order, await refundsUnderWay(engine.database, orderId), booked, product?.changes?.cancel)
    : undefined;
  return {
    until: changeableUntil(booked, product)?.toISOString() ?? null,
    move: may("move"),
    cancel: call !== undefined && !("ok" in call),
    refund: call && "do" in call && call.do === "refund" ? call.amount : 0,
    canceling: booked.canceling && booked.state === "booked",
  };
}
