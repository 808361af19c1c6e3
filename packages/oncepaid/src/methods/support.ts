import type { Engine } from "#/engine.ts";
import { asked } from "#/http/asked.ts";
import { noteBody } from "#/http/asking.ts";
import { cancelBody, emailBody, moveBody, refundBody } from "#/http/support.ts";
import { giveAccess, grantBody } from "#/http/support-access.ts";
import { changePlanBody, claimBody, planChangeQuestion } from "#/http/support-plans.ts";
import type { Asking } from "#/support/action.ts";
import { type CancelRequest, cancel } from "#/support/cancel.ts";
import {
  type ChangePlanRequest,
  changePlan,
  type PlanChangeQuestion,
  previewPlanChange,
} from "#/support/change-plan.ts";
import { type ClaimRequest, claim } from "#/support/claim.ts";
import { correct } from "#/support/correct.ts";
import { end, restore } from "#/support/end.ts";
import type { GrantRequest } from "#/support/grant.ts";
import { moveForBuyer } from "#/support/move-booking.ts";
import { type RefundRequest, refund } from "#/support/refund.ts";
import { resend } from "#/support/resend.ts";
import { review } from "#/support/review.ts";
import { unclaimed } from "#/support/unclaimed.ts";

/** What support does. Each of it stands in the timeline, with `by`: a person, or without it the app. */
export function supportMethods<Key extends string>(engine: Engine) {
  return {
    /**
     * Gives money back, an amount in minor units or everything that is left; of a plan, from its newest payment, which
     * Stripe is asked for where it has not told of it yet, and of what was bought beside it (`items`), from its first. Without `key` each call is another refund. What it means for the order is told by Stripe's events, as `order.refunded`.
     *
     * @example
     * const refunded = await oncepaid.refund(orderId, { amount: 500, reason: "requested_by_customer", by: staff.email });
     * if (!refunded.ok) show(refunded.error);
     */
    refund: (orderId: string, request: RefundRequest = {}) =>
      asked(refundBody, request, (body, who) => refund(engine, orderId, { ...body, ...who })),
    /**
     * Ends the plan of an order, now or when what was paid for is over. Its end is told by Stripe's events, as `order.canceled`. Where Stripe
     * doesn't have the subscription, `now` ends the access here, as `end` does, and `period_end` is refused.
     *
     * @example
     * await oncepaid.cancel(orderId, { when: "period_end", by: staff.email });
     */
    cancel: (orderId: string, request: CancelRequest) =>
      asked(cancelBody, request, (body, who) => cancel(engine, orderId, { ...body, ...who })),
    /**
     * Changes the plan of an order, its price or its quantity, now (Stripe prorates) or when what was paid for is over. The result is told
     * by Stripe's events, as `entitlement.changed`.
     *
     * @example
     * await oncepaid.changePlan(orderId, { productKey: "team", price: "year", when: "period_end", by: staff.email });
     * await oncepaid.changePlan(orderId, { quantity: 5, when: "now", by: staff.email });
     */
    changePlan: (orderId: string, request: ChangePlanRequest<Key>) =>
      asked(changePlanBody, request, (body, who) => changePlan(engine, orderId, { ...body, ...who })),
    /**
     * What Stripe would charge or credit for such a change: `bill` is the next one, `at` null where it is charged at once, `prorated`
     * its part for the rest of the period, below zero a credit, `each` what comes per period then. Nothing is changed. Where a change for
     * later is planned already it is `refused_by_stripe`.
     *
     * @example
     * const preview = await oncepaid.previewPlanChange(orderId, { quantity: 5, when: "now" });
     * if (preview.ok) show(preview.prorated, preview.currency, preview.bill, preview.each);
     */
    previewPlanChange: (orderId: string, question: PlanChangeQuestion<Key>) =>
      asked(planChangeQuestion, question, (body) => previewPlanChange(engine, orderId, body)),
    /**
     * Moves a booking, with all its places, to another date of the same product that isn't canceled, closed, begun or full. The product's
     * `changes` don't hold it, and it isn't counted among its buyer's moves. Told as `booking.changed` with `moved`.
     *
     * @example
     * const moved = await oncepaid.moveBooking(orderId, { slotId, note: "She is ill.", by: staff.email });
     * if (!moved.ok) show(moved.error);
     */
    moveBooking: (orderId: string, request: Asking & { slotId: string }) =>
      asked(moveBody, request, (body, who) => moveForBuyer(engine, orderId, { ...body, ...who })),
    /**
     * Gives a subscription that was made at Stripe by hand an order, and its plan to a user. Again for the same user: the same order.
     *
     * @example
     * const claimed = await oncepaid.claim("sub_1", { userId, by: staff.email });
     * if (claimed.ok) show(await oncepaid.order(claimed.orderId));
     */
    claim: (subscriptionId: string, request: ClaimRequest) =>
      asked(claimBody, request, (body, who) => claim(engine, subscriptionId, { ...body, ...who })),
    /**
     * Subscriptions to plans of the catalog that no checkout has made and that wait for somebody to claim them: the newest hundred. One
     * whose metadata has `user_id`, or whose customer has bought here before, is claimed by itself; `refused` says why it wasn't.
     *
     * @example
     * for (const { subscriptionId, productKey } of await oncepaid.unclaimed()) show(subscriptionId, productKey);
     */
    unclaimed: () => unclaimed(engine),
    /**
     * Corrects the address an order's mail goes to. It gives nobody access: that is `move`.
     *
     * @example
     * await oncepaid.correct(orderId, { email: "ada@example.com", by: staff.email });
     * await oncepaid.resend(orderId, { by: staff.email });
     */
    correct: (orderId: string, request: Asking & { email: string }) =>
      asked(emailBody, request, (body, who) => correct(engine, orderId, { ...body, ...who })),
    /**
     * Sends a receipt again: the app is told `receipt.wanted`, with a new key each time, and writes the mail.
     *
     * @example
     * after: { "receipt.wanted": async ({ order }, { key }) => sendReceipt(order, key) }
     * await oncepaid.resend(orderId, { by: staff.email });
     */
    resend: (orderId: string, asking: Asking = {}) =>
      asked(noteBody, asking, (body, who) => resend(engine, orderId, { ...body, ...who })),
    /**
     * Says that somebody has looked at what a card's bank suspects of an order: `desk.orders({ warned: true })` leaves it out from then
     * on. A warning that comes later is listed again.
     *
     * @example
     * const { orders } = await oncepaid.desk.orders({ warned: true });
     * await oncepaid.review(orderId, { note: "Known customer, I called.", by: staff.email });
     */
    review: (orderId: string, asking: Asking = {}) =>
      asked(noteBody, asking, (body, who) => review(engine, orderId, { ...body, ...who })),
    /**
     * Gives access without an order, until a moment or for good: to a user, or to an address, whose it is once `move({ email, to })`
     * says who has proven to read it. It is told as `entitlement.changed`, and `entitlementId` ends it.
     *
     * @example
     * const until = new Date("2031-01-01T00:00Z");
     * const given = await oncepaid.grant({ userId, productKey: "pro", until, note: "Sorry for the outage.", by: staff.email });
     * await oncepaid.grant({ email: "bob@example.com", productKey: "ebook", note: "Reviewer", by: staff.email });
     */
    grant: (request: GrantRequest<Key>) =>
      asked(grantBody, request, (body, who) => giveAccess(engine, body, who)),
    /**
     * Ends access that was bought or given, whatever Stripe says of it later; `by` and `note` stand in the timeline.
     *
     * @example
     * await oncepaid.end(entitlementId, { note: "Shared with others.", by: staff.email });
     */
    end: (entitlementId: string, asking: Asking = {}) =>
      asked(noteBody, asking, (body, who) => end(engine, entitlementId, { ...body, ...who })),
    /**
     * Takes that back: what was paid, or until when it was given, decides again. A booking stays ended where its date is full (`sold_out`)
     * or canceled (`not_changeable`).
     *
     * @example
     * await oncepaid.restore(entitlementId, { by: staff.email });
     */
    restore: (entitlementId: string, asking: Asking = {}) =>
      asked(noteBody, asking, (body, who) => restore(engine, entitlementId, { ...body, ...who })),
  };
}
