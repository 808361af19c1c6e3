import type { Act } from "../act.ts";
import { paymentId, stemOf } from "../ids.ts";
import { declineOf } from "../resources/payment-methods.ts";
import type { Kinds } from "../wire.ts";
import { recordBalance } from "./balance.ts";
import type { Decline } from "./test-cards.ts";

type PaymentIntent = Kinds["payment_intent"];
type PaymentMethod = Kinds["payment_method"];
type Charge = Kinds["charge"];

/** Seconds until the money of a card payment is booked, as it is with automatic asynchronous capture. */
const BOOKING_DELAY = 2;

export type Attempt =
  | { ok: true; intent: PaymentIntent; charge: Charge }
  | { ok: false; intent: PaymentIntent; charge: Charge; decline: Decline; method: PaymentMethod };

/**
 * Charges a card for a payment intent and changes both, without telling anybody: which events follow, and in which
 * order, depends on what is being paid for.
 */
export function chargeCard(act: Act, intent: PaymentIntent, method: PaymentMethod): Attempt {
  const decline = declineOf(act, method);
  if (decline) return declined(act, intent, method, decline);
  const charge = act.create(
    buildCharge(act, intent, method, {
      amount_captured: intent.amount,
      captured: true,
      outcome: outcome("authorized", "approved_by_network", null, "Payment complete."),
      paid: true,
      status: "succeeded",
    }),
  );
  const paid = act.change(intent, {
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    payment_method: method.id,
    status: "succeeded",
  });
  act.schedule(act.now + BOOKING_DELAY, "charge.book", charge.id);
  return { ok: true, intent: paid, charge };
}

/** A bank debit: accepted now, decided later by `settle`. */
export function startDebit(act: Act, intent: PaymentIntent, method: PaymentMethod) {
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
export function paymentError(charge: Charge, decline: Decline, method: PaymentMethod) {
  return {
    charge: charge.id,
    code: decline.code,
    ...(decline.decline_code && { decline_code: decline.decline_code }),
    doc_url: `https://stripe.com/docs/error-codes/${decline.code.replaceAll("_", "-")}`,
    message: decline.message,
    payment_method: method,
    type: "card_error" as const,
  };
}

function declined(act: Act, intent: PaymentIntent, method: PaymentMethod, decline: Decline): Attempt {
  const reason = decline.decline_code ?? decline.code;
  const charge = act.create(
    buildCharge(act, intent, method, {
      amount_captured: 0,
      captured: false,
      failure_code: decline.code,
      failure_message: decline.message,
      outcome: outcome(
        "issuer_declined",
        "declined_by_network",
        reason,
        SELLER_MESSAGE[reason] ?? DO_NOT_HONOR,
      ),
      paid: false,
      receipt_url: null,
      status: "failed",
    }),
  );
  const failed = act.change(intent, {
    last_payment_error: paymentError(charge, decline, method),
    latest_charge: charge.id,
    payment_method: null,
    status: "requires_payment_method",
  });
  return { ok: false, intent: failed, charge, decline, method };
}

const DO_NOT_HONOR = "The bank did not return any further details with this decline.";
const SELLER_MESSAGE: Record<string, string> = {
  insufficient_funds: "The bank returned the decline code `insufficient_funds`.",
  lost_card: "The bank returned the decline code `lost_card`.",
  stolen_card: "The bank returned the decline code `stolen_card`.",
  expired_card: "The bank returned the decline code `expired_card`.",
  incorrect_cvc: "The bank returned the decline code `incorrect_cvc`.",
  processing_error: "The bank returned the decline code `processing_error`.",
  card_velocity_exceeded: "The bank returned the decline code `card_velocity_exceeded`.",
};

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
    payment_method_details: detailsOf(intent, method),
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: `${act.origin}/receipts/${id}`,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    transfer_data: null,
    transfer_group: intent.transfer_group,
    ...result,
  };
}

function detailsOf(intent: PaymentIntent, method: PaymentMethod): Charge["payment_method_details"] {
  const { card, us_bank_account: bank } = method;
  if (bank) {
    return {
      type: "us_bank_account",
      us_bank_account: {
        account_holder_type: bank.account_holder_type,
        account_type: bank.account_type,
        bank_name: bank.bank_name,
        fingerprint: bank.fingerprint,
        last4: bank.last4,
        payment_reference: null,
        routing_number: bank.routing_number,
      },
    };
  }
  if (!card) return { type: method.type };
  return {
    type: "card",
    card: {
      amount_authorized: intent.amount,
      authorization_code: null,
      brand: card.brand,
      checks: card.checks,
      country: card.country,
      electronic_commerce_indicator: null,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      fingerprint: card.fingerprint ?? null,
      funding: card.funding,
      installments: null,
      last4: card.last4,
      mandate: null,
      network: card.brand,
      network_transaction_id: null,
      regulated_status: card.regulated_status,
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
  };
}
