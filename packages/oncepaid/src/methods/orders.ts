import { APP, type Caller } from "#/caller.ts";
import type { Engine } from "#/engine.ts";
import { aboutOrder } from "#/purchases/about.ts";
import { listOrders, type OrderFilter } from "#/purchases/list-orders.ts";
import { maskedEmailOf, paidOrdersOf, processingOrdersOf, viewOrder } from "#/purchases/orders.ts";
import { timelineOf } from "#/purchases/timeline.ts";

/** Orders as their buyers, mails and staff read them. */
export function orderMethods(engine: Engine) {
  return {
    /**
     * One order, undefined where there is none. With `as`, what `caller` answered, an order that isn't theirs doesn't exist.
     *
     * @example
     * const order = await oncepaid.order(orderId, { as: caller });
     */
    order: (orderId: string, { as = APP }: { as?: Caller } = {}) => viewOrder(engine, orderId, as),
    /**
     * Newest first; `next` of one page is `after` of the following one.
     *
     * @example
     * const { orders, next } = await oncepaid.orders({ userId, status: "FULFILLED", limit: 50 });
     */
    orders: (filter: OrderFilter = {}) => listOrders(engine, filter),
    /**
     * What a user has paid for, whatever became of it since: the newest hundred.
     *
     * @example
     * const purchases = await oncepaid.paidOrders(userId);
     */
    paidOrders: (userId: string) => paidOrdersOf(engine, userId, APP),
    /**
     * What a user has finished paying for while the money is still on its way: a bank payment takes days.
     *
     * @example
     * const onTheirWay = await oncepaid.processingOrders(userId);
     */
    processingOrders: (userId: string) => processingOrdersOf(engine, userId),
    /**
     * What happened to an order, oldest first: by whom or by which event, before and after.
     *
     * @example
     * for (const { at, what, actor } of await oncepaid.timeline(orderId)) show(at, what, actor);
     */
    timeline: (orderId: string) => timelineOf(engine, orderId),
    /**
     * An order as whoever writes to its buyer needs it: address, payments, refunds, disputes, the booked date.
     *
     * @example
     * "order.refunded": async ({ orderId, refundId }) => {
     *   const order = await oncepaid.about(orderId);
     *   const refund = order?.refunds.find(({ id }) => id === refundId);
     *   if (order?.email && refund && !refund.failed) await mailRefund(order.email, refund.amount, order.currency);
     * }
     */
    about: (orderId: string) => aboutOrder(engine, orderId),
    /**
     * The address an order's mail goes to as a page may show it, `a…@e….com`; null while none is known.
     *
     * @example
     * show(`The receipt went to ${await oncepaid.maskedEmail(orderId)}`);
     */
    maskedEmail: (orderId: string) => maskedEmailOf(engine, orderId),
  };
}
