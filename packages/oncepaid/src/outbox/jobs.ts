import { config } from "oncepaid-shop/config.ts";
import type { Locale } from "oncepaid-shop/locale.ts";
import type { Pool, PoolClient } from "pg";

/**
 * Work that is done after a write and outside of it: at least once, with a stable key for the receiver to dedupe on. A
 * job is written to the outbox by the transaction that causes it; src/work/ hands it to a queue and does it.
 */
export type Job = { [Name in Queue]: { queue: Name; key: string; data: Work[Name] } }[Queue];

export type Queue = keyof Work;

/** What a job of each queue says. */
export type Work = {
  mail: Mail;
  outbound_webhook: OutboundWebhook;
  refund: RefundOrder;
  trial_card: TrialCard;
};

/** A mail by its template (src/notify/mails/) and the ids of what it is about, which are read when it is sent. */
export type Mail = { locale: Locale } & (
  | { mail: "receipt"; orderId: string }
  /** Either the session whose delayed payment failed, or the invoice of a renewal. */
  | { mail: "payment_failed"; orderId: string; stripeId: string }
  | { mail: "refund"; orderId: string; refundId: string }
  /** A place that was given back is booked again. */
  | { mail: "booking"; orderId: string }
  /** It takes place somewhere else than when it was booked. */
  | { mail: "booking_changed"; orderId: string }
  /** The shop has canceled the date. */
  | { mail: "booking_canceled"; orderId: string }
  /** No place was left for a payment that came late; the money is on its way back. */
  | { mail: "booking_refused"; orderId: string }
  /** The card or the address had this plan's trial before, so the plan was canceled before anything was charged. */
  | { mail: "trial_refused"; orderId: string }
  | { mail: "seat_invitation"; seatId: string }
  | { mail: "sign_in_code"; email: string }
  /** To the shop's own people. */
  | { mail: "dispute_opened"; orderId: string; disputeId: string }
);

/** A trial has begun: has its card, or its address, had one before? */
export type TrialCard = { orderId: string; subscriptionId: string };

/** What another server of the shop is told (docs/outbound-webhooks.md); the rest is read when it is sent. */
export type OutboundWebhook =
  | { type: "order.fulfilled" | "order.refunded" | "order.canceled"; orderId: string }
  | { type: "entitlement.changed"; entitlementId: string };

/** The order's payment is given back at Stripe, once per order and reason. */
export type RefundOrder = { orderId: string; reason: "no_place_left" | "slot_canceled" };

export function refundJob(orderId: string, reason: RefundOrder["reason"]): Job {
  return { queue: "refund", key: `refund:${orderId}:${reason}`, data: { orderId, reason } };
}

/** The shop's own server hears of each version of an entitlement once. `APPLY` in src/orders/statements.ts writes the same. */
export function entitlementChanged(entitlementId: string, version: number): Job {
  const key = `entitlement.changed:${entitlementId}:${version}`;
  return { queue: "outbound_webhook", key, data: { type: "entitlement.changed", entitlementId } };
}

/** Thrown by what does the work where trying again can't help: the job is given up at once, and a person may send it again. */
export class Hopeless extends Error {}

/** A transaction that does something else too, or the pool when the job is all there is to write. */
type Executor = Pick<Pool | PoolClient, "query">;

/** Whether the configuration says where such work goes; for what is off, nothing is written. */
export function isOn({ queue }: { queue: Queue }): boolean {
  if (queue === "mail") return config().mail !== undefined;
  return queue !== "outbound_webhook" || config().outboundWebhook !== undefined;
}

/** Writes jobs to the outbox. Within a transaction they exist exactly if it commits. */
export async function enqueue(executor: Executor, jobs: readonly Job[]): Promise<void> {
  const wanted = jobs.filter(isOn);
  if (wanted.length === 0) return;
  await executor.query(
    `insert into outbox (queue, key, data)
     select queue, key, data from jsonb_to_recordset($1::jsonb) as j(queue text, key text, data jsonb)`,
    [JSON.stringify(wanted)],
  );
  jobsWritten();
}

/** Next bundles its own copy of this module; the global lets both copies wake the one relay of this process. */
const shared: typeof globalThis & { oncepaidRelay?: () => void } = globalThis;

/** Tells the relay of this process, if it has one, that there may be something in the outbox. */
export function jobsWritten(): void {
  shared.oncepaidRelay?.();
}

/** Whoever relays wants to know; undefined ends it. */
export function onJobsWritten(wake: (() => void) | undefined): void {
  shared.oncepaidRelay = wake;
}
