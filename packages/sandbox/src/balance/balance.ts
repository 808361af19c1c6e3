import type { Act } from "../act.ts";
import { paymentId, stemOf } from "../ids.ts";
import { traitsOf } from "../payment-methods/method.ts";
import type { Kinds } from "../wire.ts";

type BalanceTransaction = Kinds["balance_transaction"];

/** Days until booked money can be paid out. */
const PAYOUT_DAYS = 7;
const DAY = 86_400;

/** Books a charge: 2.9 % and 30 of the smallest unit go to Stripe. */
export function recordBalance(act: Act, charge: Kinds["charge"]): BalanceTransaction {
  const amount = charge.amount_captured;
  const fee = Math.round(amount * 0.029) + 30;
  const method = act.store.find("payment_method", charge.payment_method ?? "");
  const atOnce = method !== undefined && traitsOf(act, method).availableAtOnce === true;
  return act.create({
    ...build(act, charge, {
      amount,
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
      net: amount - fee,
      reporting_category: "charge",
      type: charge.payment_method_details?.type === "card" ? "charge" : "payment",
    }),
    ...(atOnce && { available_on: act.now, status: "available" }),
  });
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

/** Books what a dispute takes or gives back. `fee` is taken on top. */
export function recordDisputeBalance(
  act: Act,
  dispute: Kinds["dispute"],
  given: { amount: number; description: string; fee: number; reporting_category: string },
): BalanceTransaction {
  const { fee } = given;
  const { currency } = dispute;
  return act.create(
    build(act, dispute, {
      ...given,
      fee_details:
        fee === 0
          ? []
          : [{ amount: fee, application: null, currency, description: "Dispute fee", type: "stripe_fee" }],
      net: given.amount - fee,
      type: "adjustment",
    }),
  );
}

/** Books the return of a refund that failed. */
export function recordRefundFailure(act: Act, refund: Kinds["refund"]): BalanceTransaction {
  return act.create(
    build(act, refund, {
      amount: refund.amount,
      description: `REFUND FAILURE FOR ${refund.id}`,
      fee: 0,
      fee_details: [],
      net: refund.amount,
      reporting_category: "refund_failure",
      type: "refund_failure",
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
