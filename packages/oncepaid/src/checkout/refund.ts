import type { Engine } from "#/engine.ts";
import { shopIdOf } from "#/orders/shop-id.ts";
import type { RefundOrder } from "#/outbox/jobs.ts";
import { endCanceledBooking } from "#/purchases/rulings.ts";
import { refundPayment } from "#/stripe/refunds.ts";

/**
 * Gives an order's payment back. Its work is done when Stripe has the refund: what it means for the order is told by the
 * refund's own events, as for a refund that somebody makes in Stripe's dashboard. Throws when it is to be tried again.
 */
export async function refundOrder(
  engine: Engine,
  key: string,
  { orderId, reason }: RefundOrder,
): Promise<void> {
  const order = await engine.database.db
    .selectFrom("order")
    .select("stripe_payment_intent_id as paymentIntent")
    .where("id", "=", orderId)
    .executeTakeFirst();
  if (!order) throw new Error(`There is no order ${orderId}.`);
  // A purchase that cost nothing has no payment, so no refund will end what it gave.
  if (order.paymentIntent === null) {
    if (reason === "slot_canceled") await endCanceledBooking(engine, orderId);
    return;
  }
  await givePaymentBack(engine, key, order.paymentIntent, { orderId, reason });
}

/** What is left of one payment. Throws when it is to be tried again. */
export async function givePaymentBack(
  engine: Engine,
  key: string,
  paymentIntent: string,
  { orderId, reason }: { orderId: string; reason: string },
): Promise<void> {
  const metadata = { order_id: orderId, reason, shop: await shopIdOf(engine) };
  const refunded = await refundPayment(engine.stripe, paymentIntent, metadata, key);
  if (!refunded.ok) throw new Error(refunded.reason);
  engine.log.info({ order: orderId, reason }, "refunded");
}
