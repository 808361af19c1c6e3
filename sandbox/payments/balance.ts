import type { Act } from "../act.ts";
import { paymentId, stemOf } from "../ids.ts";
import type { Kinds } from "../wire.ts";

type BalanceTransaction = Kinds["balance_transaction"];

/** Days until booked money can be paid out. */
const PAYOUT_DAYS = 7;
const DAY = 86_400;

/** Books a charge: 2.9 % and 30 of the smallest unit go to Stripe. */
export function recordBalance(act: Act, charge: Kinds["charge"]): BalanceTransaction {
  const fee = Math.round(charge.amount * 0.029) + 30;
  return act.create(
    build(act, charge, {
      amount: charge.amount,
      description: charge.description,
      fee,
      fee_details: [
        {
          amount: fee,
          application: null,
          currency: charge.currency,
          description: "Stripe processing fees",
          type: "stripe_fee",
        },
      ],
      net: charge.amount - fee,
      reporting_category: "charge",
      type: charge.payment_method_details?.type === "card" ? "charge" : "payment",
    }),
  );
}

/** Books a refund. The fee of the payment is not given back. */
export function recordRefundBalance(
  act: Act,
  refund: Kinds["refund"],
  charge: Kinds["charge"],
): BalanceTransaction {
  return act.create(
    build(act, refund, {
      amount: -refund.amount,
      description: `REFUND FOR CHARGE${charge.description ? ` (${charge.description})` : ""}`,
      fee: 0,
      fee_details: [],
      net: -refund.amount,
      reporting_category: "refund",
      type: charge.payment_method_details?.type === "card" ? "refund" : "payment_refund",
    }),
  );
}

type Booking = Pick<
  BalanceTransaction,
  "amount" | "description" | "fee" | "fee_details" | "net" | "reporting_category" | "type"
>;

function build(act: Act, source: { id: string; currency: string }, booking: Booking): BalanceTransaction {
  return {
    id: paymentId("txn", stemOf(source.id)),
    object: "balance_transaction",
    available_on: act.now + PAYOUT_DAYS * DAY,
    balance_type: "payments",
    created: act.now,
    currency: source.currency,
    exchange_rate: null,
    source: source.id,
    status: "pending",
    ...booking,
  };
}
