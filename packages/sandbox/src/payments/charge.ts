import type { Act } from "../act.ts";
import { recordBalance } from "../balance/balance.ts";
import { openDisputesOf } from "../disputes/opening.ts";
import { paymentId, stemOf } from "../ids.ts";
import { traitsOf } from "../payment-methods/method.ts";
import {
  AUTHENTICATION_REQUIRED,
  type Decline,
  declineDetails,
  GENERIC_DECLINE,
  type Traits,
} from "../payment-methods/test-cards.ts";
import type { Kinds } from "../wire.ts";
import { needsChallenge } from "./challenge.ts";
import { chargeDetailsOf } from "./charge-details.ts";
import { isHeld } from "./intent.ts";

type PaymentIntent = Kinds["payment_intent"];
type PaymentMethod = Kinds["payment_method"];
type Charge = Kinds["charge"];

/** Seconds until the money of a card payment is booked, as it is with automatic asynchronous capture. */
const BOOKING_DELAY = 2;
/** A card's hold is given up when nobody captures it. */
const HOLD_SECONDS = 7 * 86_400;

export type Attempt =
  | { ok: true; intent: PaymentIntent; charge: Charge }
  | { ok: false; intent: PaymentIntent; charge: Charge; decline: Decline; method: PaymentMethod };

/**
 * Charges a card for a payment intent and changes both, without telling anybody: which events follow, and in which
 * order, depends on what is being paid for. `authenticated` says that the buyer passed the bank's challenge; where one
 * is needed and wasn't passed, the answer is a decline. A buyer who is there should be asked first: `needsChallenge`.
 */
export function chargeCard(
  act: Act,
  intent: PaymentIntent,
  method: PaymentMethod,
  how: { authenticated?: boolean } = {},
): Attempt {
  const traits = traitsOf(act, method);
  const decline = declineOf(act, method, traits, how.authenticated === true);
  if (decline) return declined(act, intent, method, decline, traits);
  const held = isHeld(intent);
  const made = act.create(
    buildCharge(act, intent, method, {
      amount_captured: held ? 0 : intent.amount,
      captured: !held,
      outcome: {
        ...outcome("authorized", "approved_by_network", null, "Payment complete."),
        risk_level: traits.risk ?? "normal",
        risk_score: traits.risk === "elevated" ? 67 : 20,
      },
      paid: true,
      payment_method_details: chargeDetailsOf(intent, method, how.authenticated === true),
      status: "succeeded",
    }),
  );
  const atOnce = intent.capture_method === "automatic";
  const charge = atOnce ? act.change(made, { balance_transaction: recordBalance(act, made).id }) : made;
  const paid = act.change(intent, {
    amount_capturable: held ? intent.amount : 0,
    amount_received: held ? 0 : intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    status: held ? "requires_capture" : "succeeded",
  });
  if (held) act.schedule(act.now + HOLD_SECONDS, "charge.release", charge.id);
  else if (!atOnce) act.schedule(act.now + BOOKING_DELAY, "charge.book", charge.id);
  return { ok: true, intent: paid, charge };
}

/** Tells that a charge succeeded, and what its test card brings about: a dispute, a warning of fraud. */
export function announceCharge(act: Act, charge: Charge): void {
  act.emit("charge.succeeded", charge);
  openDisputesOf(act, charge);
}

/** The money of a bank transfer, which is there before it is charged. */
export function chargeForTransfer(act: Act, intent: PaymentIntent, method: PaymentMethod): Charge {
  const charge = act.create(
    buildCharge(act, intent, method, {
      amount_captured: intent.amount,
      captured: true,
      outcome: outcome("authorized", "approved_by_network", null, "Payment complete."),
      paid: true,
      status: "succeeded",
    }),
  );
  return act.change(charge, { balance_transaction: recordBalance(act, charge).id });
}

/** A bank debit or a paid-in voucher: accepted now, decided later by `settle`. */
export function startDebit(
  act: Act,
  intent: PaymentIntent,
  method: PaymentMethod,
): { intent: PaymentIntent; charge: Charge } {
  const charge = act.create(
    buildCharge(act, intent, method, {
      amount_captured: 0,
      captured: false,
      outcome: outcome("authorized", "approved_by_network", null, "Payment in process"),
      paid: false,
      status: "pending",
    }),
  );
  const processing = act.change(intent, {
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    status: "processing",
  });
  return { intent: processing, charge };
}

/** The booking of a charge, some seconds after it succeeded. */
export function bookCharge(act: Act, chargeId: string): void {
  const charge = act.store.find("charge", chargeId);
  if (!charge || charge.balance_transaction !== null) return;
  act.change(charge, { balance_transaction: recordBalance(act, charge).id }, "charge.updated");
}

/** The error that a declined payment leaves on the intent and that an API caller gets. */
export function paymentError(
  charge: Charge,
  decline: Decline,
  method: PaymentMethod,
): NonNullable<PaymentIntent["last_payment_error"]> & { type: "card_error" } {
  return {
    charge: charge.id,
    code: decline.code,
    ...declineDetails(decline),
    doc_url: `https://stripe.com/docs/error-codes/${decline.code.replaceAll("_", "-")}`,
    message: decline.message,
    payment_method: method,
    type: "card_error",
  };
}

function declineOf(act: Act, method: PaymentMethod, traits: Traits, authenticated: boolean): Decline | null {
  if (traits.challenge === "broken") return GENERIC_DECLINE;
  if (!authenticated && needsChallenge(act, method, { offSession: true })) return AUTHENTICATION_REQUIRED;
  return traits.decline ?? null;
}

function declined(
  act: Act,
  intent: PaymentIntent,
  method: PaymentMethod,
  decline: Decline,
  traits: Traits,
): Attempt {
  const reason = decline.decline_code ?? decline.code;
  const blocked = traits.blocked === true;
  const charge = act.create(
    buildCharge(act, intent, method, {
      amount_captured: 0,
      captured: false,
      failure_code: decline.code,
      failure_message: decline.message,
      outcome: blocked
        ? {
            ...outcome("blocked", "not_sent_to_network", "highest_risk_level", BLOCKED),
            risk_level: "highest",
            risk_score: 99,
          }
        : outcome("issuer_declined", "declined_by_network", reason, SELLER_MESSAGE[reason] ?? DO_NOT_HONOR),
      paid: false,
      receipt_url: null,
      status: "failed",
    }),
  );
  const failed = act.change(intent, {
    last_payment_error: paymentError(charge, decline, method),
    latest_charge: charge.id,
    next_action: null,
    payment_method: null,
    status: "requires_payment_method",
  });
  return { ok: false, intent: failed, charge, decline, method };
}

const BLOCKED = "Stripe blocked this payment as too risky.";
const DO_NOT_HONOR = "The bank did not return any further details with this decline.";
const bankSaid = (reason: string) => `The bank returned the decline code \`${reason}\`.`;
const SELLER_MESSAGE: Record<string, string> = Object.fromEntries(
  [
    "insufficient_funds",
    "lost_card",
    "stolen_card",
    "expired_card",
    "incorrect_cvc",
    "processing_error",
    "card_velocity_exceeded",
    "authentication_required",
  ].map((reason) => [reason, bankSaid(reason)]),
);

function outcome(type: string, network: string, reason: string | null, message: string) {
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: network,
    reason,
    risk_level: "normal",
    risk_score: 20,
    seller_message: message,
    type,
  };
}

function buildCharge(
  act: Act,
  intent: PaymentIntent,
  method: PaymentMethod,
  result: Pick<Charge, "amount_captured" | "captured" | "outcome" | "paid" | "status"> & Partial<Charge>,
): Charge {
  const id = paymentId("ch", stemOf(intent.id));
  return {
    id,
    object: "charge",
    amount: intent.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: intent.statement_descriptor ?? "SANDBOX SHOP",
    created: act.now,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: chargeDetailsOf(intent, method),
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: `${act.origin}/receipts/${id}`,
    refunded: false,
    review: null,
    shipping: intent.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    transfer_data: null,
    transfer_group: intent.transfer_group,
    ...result,
  };
}
