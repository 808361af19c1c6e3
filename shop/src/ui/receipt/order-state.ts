import type { OrderView } from "oncepaid/purchases/order-view.ts";

/** The states an order is shown in: its status words, and two that a paid order can be in besides. */
export const ORDER_STATES = ["PENDING", "PAID", "FULFILLED", "CANCELED", "REFUNDED", "FAILED"] as const;
export type OrderState = (typeof ORDER_STATES)[number] | "SUSPENDED" | "ENDED";

/** A word nobody knows is shown as what is certain: we wait for what Stripe says. */
export function orderState({ status, paidAt, entitlements }: OrderView): OrderState {
  // A plan that was paid for and has ended is no payment page that expired.
  if (status === "CANCELED" && paidAt !== null) return "ENDED";
  if (status === "FULFILLED" && entitlements.every(({ state }) => state !== "active"))
    return entitlements.some(({ state }) => state === "suspended") ? "SUSPENDED" : "ENDED";
  return ORDER_STATES.find((state) => state === status) ?? "PENDING";
}

/** The order will still change by itself. */
export function isUnderWay(state: OrderState): boolean {
  return state === "PENDING" || state === "PAID";
}
