import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { Hopeless } from "#/outbox/jobs.ts";
import { endCanceledBooking } from "#/purchases/rulings.ts";
import {
  type Action,
  act,
  type Call,
  type LockedOrder,
  readOrder,
  refundsUnderWay,
} from "#/support/action.ts";
import { bookedBy } from "#/support/buyer-booking.ts";
import { carryOut } from "#/support/carry-out.ts";
import { NOT_PAID } from "#/support/newest-payment.ts";
import { decideRefund, NOTHING_LEFT, quantityLeft } from "#/support/refund.ts";

/** Whom the timeline names for what follows from a canceled date. */
const DATE_CANCELED = "slot_canceled";
const COSTS_NOTHING = failure("not_refundable", "Nothing is to be given back for this booking.");

type Written = { ok: true; action: Action };

/**
 * Gives back what a canceled date was of an order that has other lines too: those stay with their buyer. It is a refund as support's are,
 * written before Stripe is asked; its events end the booking. Where nothing goes back, the booking ends at once. Answers false where
 * the order has no other line. Throws when it is to be tried again, and Hopeless where a person has to look how much goes back.
 */
export async function refundBookingLine(engine: Engine, orderId: string): Promise<boolean> {
  const order = await readOrder(engine.database, orderId);
  if (!order || order.items.length <= 1) return false;
  const written = await writeRefund(engine, orderId);
  const problem = written.ok ? (await carryOut(engine, written.action.id)).refused : written.error;
  if (problem === null) return true;
  await endCanceledBooking(engine, orderId);
  if (!isNothing(written)) throw new Hopeless(problem);
  return true;
}

function isNothing(written: Written | Failure): boolean {
  return [NOT_PAID, NOTHING_LEFT, COSTS_NOTHING].some((nothing) => nothing === written);
}

/** Once, however often the job runs: a refund that Stripe has refused, or a bank sent back, is the only one that another may follow. */
async function writeRefund(engine: Engine, orderId: string): Promise<Written | Failure> {
  const found: Action[] = [];
  const request = { what: "refund" as const, asked: { because: DATE_CANCELED }, by: DATE_CANCELED };
  const written = await act(engine, orderId, request, async (transaction, order) => {
    const earlier = await refundsUnderWay(transaction, order.id);
    found.push(...earlier.filter((action) => stands(order, action)));
    if (found.length > 0) return COSTS_NOTHING;
    const booked = await bookedBy(transaction, order.id);
    return decide(engine, order, earlier, booked?.productKey);
  });
  const [action] = found;
  return action ? { ok: true, action } : written;
}

function stands({ facts }: LockedOrder, { by, stripeId }: Action): boolean {
  return by === DATE_CANCELED && facts.refunds[stripeId ?? ""]?.failedAt === undefined;
}

/** Pure. */
function decide(
  engine: Pick<Engine, "catalog">,
  order: LockedOrder,
  earlier: readonly Action[],
  productKey: string | undefined,
): Call | Failure {
  if (productKey === undefined || quantityLeft(order, earlier, productKey) <= 0) return COSTS_NOTHING;
  const refund = decideRefund(engine, order, earlier, { items: [{ productKey }] });
  return "ok" in refund || refund.amount > 0 ? refund : COSTS_NOTHING;
}
