/**
 * What happens to orders and what they give, as the app and other servers are told of it. One list of names; each says which
 * objects it is about, the rest is read by whoever is told.
 */
export type Happening =
  | { type: "order.fulfilled"; orderId: string }
  /** Money went back: by one refund, or as a charge says that was given back whole. */
  | { type: "order.refunded"; orderId: string; refundId: string | null; chargeId: string | null }
  /** Its subscription has ended. */
  | { type: "order.canceled"; orderId: string; subscriptionId: string }
  /** The buyer has finished the payment page, and the money is on its way. Told once, though it may have come since. */
  | { type: "payment.processing"; orderId: string }
  /** A delayed payment (a session's id) or a renewal (an invoice's) failed. */
  | { type: "payment.failed"; orderId: string; stripeId: string }
  /** A renewal waits for the buyer to confirm it with their bank, on the invoice's page at Stripe. */
  | { type: "payment.action_required"; orderId: string; invoiceId: string }
  /** A refund could not be given back: what was paid still counts. */
  | { type: "refund.failed"; orderId: string; refundId: string }
  /**
   * The bank of a card suspects that the payment was fraud. What follows is the product's policy (`onEarlyFraudWarning`): its refund is
   * told as any other.
   */
  | { type: "payment.early_fraud_warning"; orderId: string; warningId: string }
  // One member for each type: `Extract` by a type finds nothing in a member that has several.
  | { type: "dispute.opened"; orderId: string; disputeId: string }
  | { type: "dispute.lost"; orderId: string; disputeId: string }
  | { type: "dispute.won"; orderId: string; disputeId: string }
  /** Paid when no place was left: the money is on its way back. */
  | { type: "booking.refused"; orderId: string }
  /**
   * It takes place somewhere else than when it was booked, or with `moved` at another time. `at` is when that was decided, unix
   * milliseconds. With `byBuyer` its buyer has chosen another date; without it the date was
   * moved with everybody in it, or support has moved this booking to another one.
   */
  | { type: "booking.changed"; orderId: string; at: number; moved?: boolean; byBuyer?: boolean }
  /** Something was written to everybody who had booked a date; this order stands for one address. */
  | { type: "booking.message"; orderId: string; messageId: string }
  /**
   * The date was canceled by whoever offers it; with `byBuyer`, the id of what was asked for, its buyer gave the booking up, and `refund`
   * is what goes back for it, in minor units.
   */
  | { type: "booking.canceled"; orderId: string; byBuyer?: string; refund?: number }
  /**
   * Its buyer gave it up while Stripe couldn't be reached, and later Stripe has refused the refund: the booking stands. `actionId` is what was
   * asked for.
   */
  | { type: "booking.kept"; orderId: string; actionId: string }
  /** The card or the address had this plan's trial before, so the plan was canceled before anything was charged. */
  | { type: "trial.refused"; orderId: string }
  /**
   * A plan gives no access any more, so its subscription was canceled or paused, or is left as it is for a person to look at, as
   * the product's policy says. `cause` is the dispute, the ruling or the refund, or `duplicate`: the buyer has the plan already.
   */
  | {
      type: "billing.stopped";
      orderId: string;
      subscriptionId: string;
      cause: string;
      action: "canceled" | "paused" | "left";
    }
  /** A plan whose collection was paused is charged again, because its access was given back. `at`: unix milliseconds. */
  | { type: "billing.resumed"; orderId: string; subscriptionId: string; at: number }
  /**
   * Somebody wanted to buy what Stripe doesn't sell: the price, or its product, is archived there or isn't there. Told once a day at most
   * for each price, while it stays so; `at` is unix milliseconds.
   */
  | { type: "price.unavailable"; productKey: string; price: string; at: number }
  /** An endpoint of outbound webhooks has taken nothing for days, so nothing is sent there any more. `at`: unix milliseconds. */
  | { type: "endpoint.rested"; endpointId: string; at: number }
  /** Support wants the buyer to get the receipt once more. `actionId` is another one each time. */
  | { type: "receipt.wanted"; orderId: string; actionId: string }
  /** `times` counts the invitations sent for this seat. */
  | { type: "seat.invited"; seatId: string; times: number }
  /** `version` is that of the order, or of access that was given without one; it grows with every change. */
  | { type: "entitlement.changed"; entitlementId: string; version: number };

/** What is about no order: whoever runs the app wants to know. */
export type AboutNoOrder = "price.unavailable" | "endpoint.rested";

export function isAboutNoOrder(type: Happening["type"]): type is AboutNoOrder {
  return type === "price.unavailable" || type === "endpoint.rested";
}
