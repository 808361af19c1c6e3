import fc from "fast-check";
import type { HandledType } from "#/events/routes.ts";

export const ORDER_ID = "01890000-0000-7000-8000-000000000001";
const SESSIONS = ["cs_1", "cs_2"];
const CHARGES = ["ch_1", "ch_2"] as const;
const AMOUNT = 1000;
/** Which payment each charge was made for, and which paid each invoice. */
const PAYMENT_OF = { ch_1: "pi_1", ch_2: "pi_2", in_1: "pi_1", in_2: "pi_2" };

/** What an event says, before it is one: its type, its object and when it was so, in unix seconds. */
export type Happening = { type: HandledType; object: Record<string, unknown>; created: number };

const created = fc.integer({ min: 1_700_000_000, max: 1_700_000_100 });
export const anySession = fc.constantFrom(...SESSIONS);

const sessionEvent = fc
  .record({
    id: anySession,
    created,
    type: fc.constantFrom(
      "checkout.session.completed" as const,
      "checkout.session.async_payment_succeeded" as const,
      "checkout.session.async_payment_failed" as const,
      "checkout.session.expired" as const,
    ),
    payment_status: fc.constantFrom("paid", "unpaid", "no_payment_required"),
  })
  .map(
    ({ id, created, type, payment_status }): Happening => ({
      type,
      created,
      object: {
        id,
        payment_status,
        metadata: { order_id: ORDER_ID },
        amount_total: AMOUNT,
        currency: "usd",
        payment_intent: `pi_${id}`,
        invoice: "in_1",
        customer_details: { email: `${id}@example.com` },
      },
    }),
  );

const refundedEvent = fc
  .record({ id: fc.constantFrom(...CHARGES), created, refunded: fc.constantFrom(0, 300, 700, AMOUNT) })
  .map(
    ({ id, created, refunded }): Happening => ({
      type: "charge.refunded",
      created,
      object: {
        id,
        metadata: { order_id: ORDER_ID },
        amount: AMOUNT,
        amount_refunded: refunded,
        payment_intent: PAYMENT_OF[id],
      },
    }),
  );

const refundEvent = fc
  .record({
    id: fc.constantFrom("re_1", "re_2"),
    charge: fc.constantFrom(...CHARGES),
    created,
    status: fc.constantFrom("pending", "succeeded", "failed", "canceled"),
    items: fc.constantFrom(
      {},
      {},
      { items: "ebook:1" },
      { items: "pro:1,workshop:1" },
      { items: "workshop:2" },
    ),
  })
  .map(
    ({ id, charge, created, status, items }): Happening => ({
      type: status === "failed" ? "refund.failed" : "refund.updated",
      created,
      object: {
        id,
        charge,
        metadata: { order_id: ORDER_ID, ...items },
        amount: 700,
        created,
        status,
        payment_intent: PAYMENT_OF[charge],
      },
    }),
  );

const disputeEvent = fc
  .record({
    id: fc.constantFrom("du_1", "du_2"),
    charge: fc.constantFrom(...CHARGES),
    amount: fc.constantFrom(300, 700, AMOUNT, 1200),
    created,
    status: fc.constantFrom(
      "warning_needs_response",
      "needs_response",
      "under_review",
      "won",
      "lost",
      "prevented",
    ),
    type: fc.constantFrom(
      "charge.dispute.created" as const,
      "charge.dispute.updated" as const,
      "charge.dispute.closed" as const,
      "charge.dispute.funds_withdrawn" as const,
    ),
  })
  .map(
    ({ id, charge, amount, created, status, type }): Happening => ({
      type,
      created,
      object: {
        id,
        charge,
        metadata: { order_id: ORDER_ID },
        amount,
        created,
        status,
        payment_intent: PAYMENT_OF[charge],
      },
    }),
  );

/** A bank suspects fraud, of a payment that may be known, disputed or given back, or not yet. */
const warningEvent = fc
  .record({ id: fc.constantFrom("issfr_1", "issfr_2"), charge: fc.constantFrom(...CHARGES), created })
  .map(
    ({ id, charge, created }): Happening => ({
      type: "radar.early_fraud_warning.created",
      created,
      object: { id, charge, created, payment_intent: PAYMENT_OF[charge] },
    }),
  );

/** A plan's first invoice, and a renewal that may be told after all that became of it. */
const invoiceEvent = fc
  .record({ id: fc.constantFrom("in_1" as const, "in_2" as const), created, payment: fc.boolean() })
  .map(
    ({ id, created, payment }): Happening =>
      payment
        ? {
            type: "invoice_payment.paid",
            created,
            object: { id: `inpay_${id}`, invoice: id, payment: { payment_intent: PAYMENT_OF[id] } },
          }
        : {
            type: "invoice.paid",
            created,
            object: {
              id,
              amount_paid: id === "in_1" ? AMOUNT : 300,
              currency: "usd",
              parent: { subscription_details: { metadata: { order_id: ORDER_ID } } },
            },
          },
  );

const subscriptionEvent = fc
  .record({
    id: fc.constantFrom("sub_1", "sub_1", "sub_2"),
    created,
    status: fc.constantFrom("trialing", "active", "past_due", "unpaid", "paused", "canceled"),
    items: fc.array(
      fc.record({
        quantity: fc.integer({ min: 0, max: 3 }),
        price: fc.constantFrom(
          { id: "price_pro", product: "prod_pro" },
          { id: "price_moved", product: "prod_pro" },
          { id: "price_addon", product: "prod_addon" },
          { id: "price_other" },
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    pause_collection: fc.option(fc.constant({ behavior: "void" })),
    discounts: fc.constantFrom([], ["di_1"]),
    cancel_at: fc.option(fc.constant(1_700_000_500)),
    trial_start: fc.option(fc.constantFrom(1_700_000_001, 1_700_000_002)),
  })
  .map(
    ({ id, created, status, items, pause_collection, discounts, cancel_at, trial_start }): Happening => ({
      type: status === "canceled" ? "customer.subscription.deleted" : "customer.subscription.updated",
      created,
      object: {
        id,
        status,
        metadata: { order_id: ORDER_ID },
        customer: "cus_1",
        cancel_at,
        trial_start,
        pause_collection,
        discounts,
        ended_at: status === "canceled" ? created : null,
        items: {
          data: items.map((item) => ({
            ...item,
            current_period_start: created,
            current_period_end: created + 60,
          })),
        },
      },
    }),
  );

const anyEvent = fc.oneof(
  sessionEvent,
  refundedEvent,
  refundEvent,
  disputeEvent,
  warningEvent,
  invoiceEvent,
  subscriptionEvent,
);
/** A life of an order that Stripe may tell: anything, in any combination, also what can hardly happen. */
export const history = fc.array(anyEvent, { minLength: 1, maxLength: 14 });
