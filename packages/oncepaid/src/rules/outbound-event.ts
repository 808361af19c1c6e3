import type { Kind } from "#/rules/kinds.ts";
import type { OrderStatus } from "#/rules/status.ts";

/** What another server is told, as it travels: amounts in minor units, times ISO 8601 in UTC. No address and no name. */
export type OutboundEvent =
  | { type: "order.fulfilled"; timestamp: string; data: OutboundOrder }
  | { type: "order.refunded"; timestamp: string; data: OutboundOrder }
  | { type: "order.canceled"; timestamp: string; data: OutboundOrder }
  /** A refund could not be given back: what was paid still counts. */
  | { type: "refund.failed"; timestamp: string; data: OutboundOrder }
  /** The bank of a card suspects that the payment was fraud. */
  | { type: "payment.early_fraud_warning"; timestamp: string; data: OutboundOrder }
  | { type: "entitlement.changed"; timestamp: string; data: OutboundEntitlement };

/** Their names. */
export const OUTBOUND_TYPES = [
  "order.fulfilled",
  "order.refunded",
  "order.canceled",
  "refund.failed",
  "payment.early_fraud_warning",
  "entitlement.changed",
] as const satisfies OutboundEvent["type"][];

/** The order as it is when it is told. `version` grows with every change of it. */
export type OutboundOrder = {
  orderId: string;
  version: number;
  cartId: string;
  userId: string;
  status: OrderStatus;
  amountTotal: number | null;
  amountRefunded: number;
  /** What banks took back for good. */
  amountLost: number;
  currency: string | null;
};

/** `version` grows with every change of the order, or of access that was given without one. */
export type OutboundEntitlement = {
  entitlementId: string;
  version: number;
  /** Null where it was given without an order. */
  orderId: string | null;
  userId: string;
  productKey: string;
  kind: Kind;
  state: "active" | "suspended" | "ended";
  quantity: number;
  startsAt: string;
  endsAt: string | null;
  reason: string | null;
};
