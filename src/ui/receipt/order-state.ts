import type { OrderView } from "#/orders/view.ts";

/** The states an order is shown in, by its status words. */
export const ORDER_STATES = ["PENDING", "PAID", "FULFILLED", "CANCELED", "REFUNDED", "FAILED"] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** A word nobody knows is shown as what is certain: we wait for what Stripe says. */
export function orderState(order: Pick<OrderView, "status">): OrderState {
  return ORDER_STATES.find((state) => state === order.status) ?? "PENDING";
}

/** The order will still change by itself. */
export function isUnderWay(state: OrderState): boolean {
  return state === "PENDING" || state === "PAID";
}
