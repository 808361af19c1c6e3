/** Never set, always derived from the facts (derive.ts). */
export type OrderStatus = "PENDING" | "PAID" | "FULFILLED" | "CANCELED" | "REFUNDED" | "FAILED";
