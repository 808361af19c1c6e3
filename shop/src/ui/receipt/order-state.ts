import type { OrderView } from "oncepaid";

/** The states an order is shown in: its status words, two that a paid order can be in besides, and one of a payment on its way. */
export const ORDER_STATES = ["PENDING", "PAID", "FULFILLED", "CANCELED", "REFUNDED", "FAILED"] as const;
export type OrderState = (typeof ORDER_STATES)[number] | "SUSPENDED" | "ENDED" | "PROCESSING";

/** A status this version doesn't know is shown as waiting for Stripe, which promises nothing. */
export function orderState({ status, paidAt, processingSince, entitlements }: OrderView): OrderState {
  // The buyer is done, and the bank isn't.
  if (status === "PENDING" && processingSince !== null) return "PROCESSING";
  // Both are CANCELED in the database: a plan that was paid for and has ended, and a payment page that expired.
  if (status === "CANCELED" && paidAt !== null) return "ENDED";
  if (status === "FULFILLED" && entitlements.every(({ state }) => state !== "active"))
    return entitlements.some(({ state }) => state === "suspended") ? "SUSPENDED" : "ENDED";
  return ORDER_STATES.find((state) => state === status) ?? "PENDING";
}

/** The order will still change by itself. */
export function isUnderWay(state: OrderState): boolean {
  return state === "PENDING" || state === "PAID" || state === "PROCESSING";
}
