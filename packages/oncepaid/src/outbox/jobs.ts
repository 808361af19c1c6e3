import type { Executor } from "#/database/database.ts";
import type { AppJob, Engine } from "#/engine.ts";
import type { Happening } from "#/rules/happenings.ts";
import type { OutboundEvent } from "#/rules/outbound-event.ts";

/**
 * Work that is done after a write and outside of it: at least once, with a stable key for the receiver to dedupe on. A
 * job is written to the outbox by the transaction that causes it; work/ hands it to a queue and does it.
 */
export type Job = { [Name in Queue]: { queue: Name; key: string; data: Work[Name] } }[Queue] | AppJob;

/** The engine's own queues; an app may have others beside them. */
export type Queue = keyof Work;

/** What a job of each of the engine's queues says. */
export type Work = {
  after: Happening;
  outbound_webhook: OutboundWebhook | WebhookDelivery;
  refund: RefundOrder;
  support: SupportAction;
  trial_card: TrialCard;
  stop_billing: StopBilling;
  fraud_warning: FraudWarning;
  resume_billing: ResumeBilling;
};

/** Access may have been given back: is its plan, whose collection was paused for that, to be collected again? */
export type ResumeBilling = { orderId: string };

/** A card's bank suspects fraud: is the payment to be given back? */
export type FraudWarning = { orderId: string; warningId: string };

/** A plan may give no access any more, because of a dispute, a ruling, a refund or another order: is it still billed? */
export type StopBilling = { orderId: string; cause: string };

/** What support asked for is to be done at Stripe (support/). */
export type SupportAction = { actionId: string };

/** A trial has begun: has its card, or its address, had one before? */
export type TrialCard = { orderId: string; subscriptionId: string };

/**
 * What other servers are told (docs/outbound-webhooks.md); the rest is read when it is sent. The relay makes a delivery of it for each
 * endpoint that wants it (outbox/deliveries.ts).
 */
export type OutboundWebhook =
  | { type: Exclude<OutboundEvent["type"], "entitlement.changed">; orderId: string }
  | { type: "entitlement.changed"; entitlementId: string };

/** One endpoint is to be told one thing; `again`: because somebody asked, whatever became of it before. */
export type WebhookDelivery = { deliveryId: string; again?: boolean };

/** The app's own handler is to run. */
export function afterJob(happening: Happening): Job {
  return { queue: "after", key: keyOf(happening), data: happening };
}

/** The same for each repetition of one happening, and for no other. */
function keyOf(happening: Happening): string {
  switch (happening.type) {
    case "order.fulfilled":
    case "booking.refused":
    case "trial.refused":
    case "payment.processing":
      return `${happening.type}:${happening.orderId}`;
    case "booking.canceled":
      return [happening.type, happening.orderId, ...(happening.byBuyer ? [happening.byBuyer] : [])].join(":");
    case "order.refunded":
      return `${happening.type}:${happening.refundId ?? happening.chargeId}`;
    case "order.canceled":
      return `${happening.type}:${happening.subscriptionId}`;
    case "payment.failed":
      return `${happening.type}:${happening.stripeId}`;
    case "payment.action_required":
      return `${happening.type}:${happening.invoiceId}`;
    case "payment.early_fraud_warning":
      return `${happening.type}:${happening.warningId}`;
    case "refund.failed":
      return `${happening.type}:${happening.refundId}`;
    case "dispute.opened":
    case "dispute.lost":
    case "dispute.won":
      return `${happening.type}:${happening.disputeId}`;
    case "receipt.wanted":
    case "booking.kept":
      return `${happening.type}:${happening.actionId}`;
    case "booking.message":
      return `${happening.type}:${happening.orderId}:${happening.messageId}`;
    case "booking.changed":
      return `${happening.type}:${happening.orderId}:${happening.at}`;
    case "billing.stopped":
      return `${happening.type}:${happening.subscriptionId}:${happening.cause}`;
    case "billing.resumed":
      return `${happening.type}:${happening.subscriptionId}:${happening.at}`;
    case "price.unavailable":
      return `${happening.type}:${happening.productKey}:${happening.price}:${happening.at}`;
    case "endpoint.rested":
      return `${happening.type}:${happening.endpointId}:${happening.at}`;
    case "seat.invited":
      return `${happening.type}:${happening.seatId}:${happening.times}`;
    case "entitlement.changed":
      return `${happening.type}:${happening.entitlementId}:${happening.version}`;
  }
}

/** The order's payment is given back at Stripe, once per order and reason. */
export type RefundOrder = { orderId: string; reason: "no_place_left" | "slot_canceled" };

export function refundJob(orderId: string, reason: RefundOrder["reason"]): Job {
  return { queue: "refund", key: `refund:${orderId}:${reason}`, data: { orderId, reason } };
}

/**
 * The outbound webhook of a happening, where it is one: told once per order and object, and of each version of an entitlement
 * once. `APPLY` in orders/statements.ts writes the same for entitlements.
 */
export function toldOutside(happening: Happening): Job | undefined {
  switch (happening.type) {
    case "order.fulfilled":
      return aboutOrder(happening.type, happening.orderId, happening.orderId);
    case "order.refunded":
      return aboutOrder(happening.type, happening.orderId, happening.refundId ?? happening.chargeId ?? "");
    case "order.canceled":
      return aboutOrder(happening.type, happening.orderId, happening.subscriptionId);
    case "refund.failed":
      return aboutOrder(happening.type, happening.orderId, happening.refundId);
    case "payment.early_fraud_warning":
      return aboutOrder(happening.type, happening.orderId, happening.warningId);
    case "entitlement.changed": {
      const { type, entitlementId, version } = happening;
      const key = `entitlement.changed:${entitlementId}:${version}`;
      return { queue: "outbound_webhook", key, data: { type, entitlementId } };
    }
    default:
      return undefined;
  }
}

function aboutOrder(
  type: Exclude<OutboundWebhook["type"], "entitlement.changed">,
  orderId: string,
  of: string,
): Job {
  return { queue: "outbound_webhook", key: `${type}:${of}`, data: { type, orderId } };
}

/**
 * Thrown by what does the work where trying again can't help: the job is given up at once, and a person may send it again.
 *
 * @example
 * if (answer.status === 410) throw new Hopeless("That mailbox is gone.");
 */
export class Hopeless extends Error {
  override name = "Hopeless";
}

/**
 * Whether anybody is to be told, as a condition in SQL: nothing is written for other servers while there are none. The one of the
 * settings counts only where they name it, says `configured`, a boolean in SQL. It is one look at a table of a few rows.
 */
export function someEndpoint(configured: string): string {
  return `exists (select from oncepaid.webhook_endpoint where disabled_at is null and (url is not null or ${configured}))`;
}

/** Writes jobs to the outbox: in a transaction, where they exist exactly if it commits, or alone. */
export async function enqueue(engine: Engine, executor: Executor, jobs: readonly Job[]): Promise<void> {
  if (jobs.length === 0) return;
  await executor.query(
    `insert into oncepaid.outbox (queue, key, data)
     select queue, key, data from jsonb_to_recordset($1::jsonb) as j(queue text, key text, data jsonb)
      where queue <> 'outbound_webhook' or ${someEndpoint("$2::boolean")}`,
    [JSON.stringify(jobs), engine.settings.outboundWebhook !== undefined],
  );
  jobsWritten(engine);
}

/** Tells the relay of this process, if it has one, that there may be something in the outbox. */
export function jobsWritten({ shared }: Engine): void {
  if (shared.wakeRelay) shared.wakeRelay();
  else shared.jobsWaiting = true;
}
