import { givePaymentBack } from "#/checkout/refund.ts";
import type { Engine } from "#/engine.ts";
import { mustBeAtStripe } from "#/orders/at-stripe.ts";
import type { FraudWarning } from "#/outbox/jobs.ts";
import type { Facts } from "#/rules/facts.ts";
import { cancelSubscription } from "#/stripe/subscriptions.ts";

type Order = { facts: Facts; subscription: string | null; items: string[] };

/**
 * What a product's policy says of a payment that its card's bank suspects to be fraud. Stripe gives back what is left and never more,
 * and refuses once a bank has taken the money itself. Throws when it is to be tried again.
 */
export async function answerFraudWarning(
  engine: Engine,
  key: string,
  { orderId, warningId }: FraudWarning,
): Promise<void> {
  const order = await read(engine, orderId);
  const warning = order?.facts.warnings?.[warningId];
  if (!order || !warning?.paymentIntent || !isToBeRefunded(engine, order)) return;
  const { charge } = warning;
  const isDisputed = Object.values(order.facts.disputes).some((dispute) => dispute.charge === charge);
  // What is disputed is the bank's to decide; the plan is paid with the same card.
  if (!isDisputed) {
    const reason = "early_fraud_warning";
    await givePaymentBack(engine, key, warning.paymentIntent, { orderId, reason });
  }
  if (order.subscription === null) return;
  if (!(await cancelSubscription(engine.stripe, order.subscription))) await mustBeAtStripe(engine, orderId);
}

async function read({ database }: Engine, orderId: string): Promise<Order | undefined> {
  const { rows } = await database.query<Order>(
    `select o.facts, o.stripe_subscription_id as subscription,
            array(select i.product_key from oncepaid.order_item i where i.order_id = o.id) as items
       from oncepaid."order" o where o.id = $1`,
    [orderId],
  );
  return rows[0];
}

/** One payment is for everything that was bought with it. */
function isToBeRefunded({ catalog }: Engine, { items }: Order): boolean {
  return items.some((productKey) => catalog.find(productKey)?.policy.onEarlyFraudWarning === "refund");
}
