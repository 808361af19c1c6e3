import type { Engine } from "#/engine.ts";
import { rule } from "#/purchases/rulings.ts";
import type { Asking } from "#/support/action.ts";
import { type CancelRequest, cancel } from "#/support/cancel.ts";
import { correct } from "#/support/correct.ts";
import { type RefundRequest, refund } from "#/support/refund.ts";
import { resend } from "#/support/resend.ts";

/** What support does. Every method takes `by`, and stands in the timeline. */
export function supportMethods(engine: Engine) {
  return {
    /**
     * Gives money back, an amount in minor units or everything that is left; of a plan, from its newest payment. Without `key` each
     * call is another refund. What it means for the order is told by Stripe's events, as `order.refunded`.
     *
     * @example
     * const refunded = await oncepaid.refund(orderId, { amount: 500, reason: "requested_by_customer", by: staff.email });
     * if (!refunded.ok) show(refunded.error);
     */
    refund: (orderId: string, request: RefundRequest) => refund(engine, orderId, request),
    /**
     * Ends the plan of an order, now or when what was paid for is over. Its end is told by Stripe's events, as `order.canceled`.
     *
     * @example
     * await oncepaid.cancel(orderId, { when: "period_end", by: staff.email });
     */
    cancel: (orderId: string, request: CancelRequest) => cancel(engine, orderId, request),
    /**
     * Corrects the address an order's mail goes to. It gives nobody access: that is `move`.
     *
     * @example
     * await oncepaid.correct(orderId, { email: "ada@example.com", by: staff.email });
     * await oncepaid.resend(orderId, { by: staff.email });
     */
    correct: (orderId: string, { email, ...asking }: Asking & { email: string }) =>
      correct(engine, orderId, { ...asking, email: email.trim().toLowerCase() }),
    /**
     * Sends a receipt again: the app is told `receipt.wanted`, with a new key each time, and writes the mail.
     *
     * @example
     * after: { "receipt.wanted": async ({ order }, { key }) => sendReceipt(order, key) }
     * await oncepaid.resend(orderId, { by: staff.email });
     */
    resend: (orderId: string, asking: Asking) => resend(engine, orderId, asking),
    /**
     * Ends the access an order gives, whatever Stripe says of it later; `by` stands in the timeline.
     *
     * @example
     * await oncepaid.end(entitlementId, { by: staff.email });
     */
    end: (entitlementId: string, { by }: { by: string }) => rule(engine, entitlementId, "ended", by),
    /**
     * Takes that back.
     *
     * @example
     * await oncepaid.restore(entitlementId, { by: staff.email });
     */
    restore: (entitlementId: string, { by }: { by: string }) => rule(engine, entitlementId, "restored", by),
  };
}
