import { billingLeft } from "#/mails/letters/billing-left.ts";
import { billingResumed } from "#/mails/letters/billing-resumed.ts";
import { billingStopped } from "#/mails/letters/billing-stopped.ts";
import {
  booking,
  bookingChanged,
  bookingKept,
  bookingMoved,
  bookingRebooked,
} from "#/mails/letters/booking.ts";
import { bookingCanceled } from "#/mails/letters/booking-canceled.ts";
import { bookingGivenUp } from "#/mails/letters/booking-given-up.ts";
import { bookingKeptNotice } from "#/mails/letters/booking-kept-notice.ts";
import { bookingMessage } from "#/mails/letters/booking-message.ts";
import { bookingRefused } from "#/mails/letters/booking-refused.ts";
import { cartLeft } from "#/mails/letters/cart-left.ts";
import { disputeOpened } from "#/mails/letters/dispute-opened.ts";
import { endpointRested } from "#/mails/letters/endpoint-rested.ts";
import { fraudWarning } from "#/mails/letters/fraud-warning.ts";
import { notForSale } from "#/mails/letters/not-for-sale.ts";
import { paymentFailed } from "#/mails/letters/payment-failed.ts";
import { paymentProcessing } from "#/mails/letters/payment-processing.ts";
import { paymentToConfirm } from "#/mails/letters/payment-to-confirm.ts";
import { placeFree } from "#/mails/letters/place-free.ts";
import { receipt } from "#/mails/letters/receipt.ts";
import { refund } from "#/mails/letters/refund.ts";
import { refundFailed } from "#/mails/letters/refund-failed.ts";
import { refundFailedNotice } from "#/mails/letters/refund-failed-notice.ts";
import { seatInvitation } from "#/mails/letters/seat-invitation.ts";
import { signInCode } from "#/mails/letters/sign-in-code.ts";
import { trialRefused } from "#/mails/letters/trial-refused.ts";

/** Every kind of mail by the name its jobs are stored under. Its texts have the same name (texts/<locale>/mails.json). */
export const LETTERS = {
  receipt,
  payment_processing: paymentProcessing,
  payment_failed: paymentFailed,
  refund,
  booking,
  booking_changed: bookingChanged,
  booking_moved: bookingMoved,
  booking_rebooked: bookingRebooked,
  booking_message: bookingMessage,
  booking_canceled: bookingCanceled,
  booking_given_up: bookingGivenUp,
  booking_kept: bookingKept,
  booking_kept_notice: bookingKeptNotice,
  booking_refused: bookingRefused,
  place_free: placeFree,
  cart_left: cartLeft,
  payment_to_confirm: paymentToConfirm,
  refund_failed: refundFailed,
  refund_failed_notice: refundFailedNotice,
  trial_refused: trialRefused,
  billing_stopped: billingStopped,
  billing_left: billingLeft,
  billing_resumed: billingResumed,
  seat_invitation: seatInvitation,
  sign_in_code: signInCode,
  dispute_opened: disputeOpened,
  fraud_warning: fraudWarning,
  not_for_sale: notForSale,
  endpoint_rested: endpointRested,
};
