import type { Act } from "../act.ts";
import { recordDisputeBalance } from "../balance/balance.ts";
import { longId } from "../ids.ts";
import type { Kinds } from "../wire.ts";

export type Dispute = Kinds["dispute"];
type Charge = Kinds["charge"];

const DAY = 86_400;
/** How long the shop may take to answer. */
const DAYS_TO_RESPOND = 21;
/** What a lost or won dispute costs, in the currency's smallest unit. */
export const DISPUTE_FEE = 1500;

const NETWORK_REASON: Record<string, string> = {
  credit_not_processed: "13.6",
  duplicate: "12.6.1",
  fraudulent: "10.4",
  general: "11.3",
  product_not_received: "13.1",
  product_unacceptable: "13.3",
  subscription_canceled: "13.2",
  unrecognized: "10.4",
};

export const NO_EVIDENCE: Dispute["evidence"] = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};

/** A dispute as the bank opens it: about the whole charge or a part of it, at once a chargeback or first a question. */
export function buildDispute(
  act: Act,
  charge: Charge,
  given: { reason: string; amount: number; inquiry: boolean },
): Dispute {
  const code = NETWORK_REASON[given.reason] ?? "10.4";
  const card = charge.payment_method_details?.card;
  return {
    id: longId("du"),
    object: "dispute",
    amount: given.amount,
    balance_transactions: [],
    charge: charge.id,
    created: act.now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: {
      ...NO_EVIDENCE,
      customer_email_address: charge.billing_details.email,
      customer_name: charge.billing_details.name,
    },
    evidence_details: {
      due_by: act.now + DAYS_TO_RESPOND * DAY,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "not_submitted",
    },
    intended_submission_method: null,
    is_charge_refundable: given.inquiry,
    livemode: false,
    metadata: {},
    network_reason_code: code,
    payment_intent: charge.payment_intent,
    ...(card && {
      payment_method_details: {
        type: "card",
        card: {
          brand: card.brand ?? "visa",
          case_type: given.inquiry ? "inquiry" : "chargeback",
          network: card.brand ?? "visa",
          network_reason_code: code,
        },
      },
    }),
    reason: given.reason,
    status: given.inquiry ? "warning_needs_response" : "needs_response",
  };
}

/** The bank takes the money back, and Stripe its fee. */
export function withdrawn(act: Act, dispute: Dispute, charge: Charge): Dispute["balance_transactions"] {
  const booking = recordDisputeBalance(act, dispute, {
    amount: -dispute.amount,
    description: `Chargeback withdrawal for ${charge.id}`,
    fee: DISPUTE_FEE,
    reporting_category: "dispute",
  });
  return [...dispute.balance_transactions, booking];
}

/** The money comes back; the fee does not. */
export function reinstated(act: Act, dispute: Dispute): Dispute["balance_transactions"] {
  const booking = recordDisputeBalance(act, dispute, {
    amount: dispute.amount,
    description: `Chargeback reversal for ${dispute.charge}`,
    fee: 0,
    reporting_category: "dispute_reversal",
  });
  return [...dispute.balance_transactions, booking];
}

export const isClosed = ({ status }: Dispute) =>
  ["lost", "prevented", "warning_closed", "won"].includes(status);
export const isInquiry = ({ status }: Dispute) => status.startsWith("warning_");
