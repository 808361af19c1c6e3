import type { Locale } from "#/locale.ts";

/** The shop's own queues. */
export const QUEUES = ["mail"];

/** A mail by its template (letters/) and the ids of what it is about, which are read when it is sent. */
export type Mail = { locale: Locale } & (
  | { mail: "receipt"; orderId: string }
  /** Either the session whose delayed payment failed, or the invoice of a renewal. */
  | { mail: "payment_failed"; orderId: string; stripeId: string }
  | { mail: "refund"; orderId: string; refundId: string }
  /** A refund failed, so the booking stands. */
  | { mail: "booking"; orderId: string }
  /** It takes place somewhere else than when it was booked. */
  | { mail: "booking_changed"; orderId: string }
  /** The shop has canceled the date. */
  | { mail: "booking_canceled"; orderId: string }
  /** No place was left for a payment that came late; the money is on its way back. */
  | { mail: "booking_refused"; orderId: string }
  /** The card or the address had this plan's trial before, so the plan was canceled before anything was charged. */
  | { mail: "trial_refused"; orderId: string }
  | { mail: "seat_invitation"; seatId: string }
  | { mail: "sign_in_code"; email: string }
  /** To the shop's own people. */
  | { mail: "dispute_opened"; orderId: string; disputeId: string }
);
