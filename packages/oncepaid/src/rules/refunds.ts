import type { ChargeFact, Facts, RefundFact } from "#/rules/facts.ts";

/** How much of an order was given back, from everything Stripe told about its charges and refunds. Pure. */
type Refunded = {
  /** Given back so far, failed refunds not counted. */
  amount: number;
  /** Everything that was paid has been given back; of a subscription, all of one of its payments. */
  fully: boolean;
  at: number | null;
};

export function refunded(facts: Facts, mode: "payment" | "subscription"): Refunded {
  const charges = withChargesOfRefunds(facts);
  let [amount, charged] = [0, 0];
  let oneChargeFully = false;
  let at: number | null = null;
  for (const [id, charge] of Object.entries(charges)) {
    const refunds = Object.values(facts.refunds).filter((refund) => refund.charge === id);
    const failed = sum(refunds.filter((refund) => refund.failedAt !== undefined));
    const listed = sum(refunds);
    const stated = charge.refunded ?? 0;
    // Stripe's cumulative figure may know refunds whose own events haven't come, and the other way round.
    const back = Math.max(listed - failed, stated - failed, 0);
    amount += back;
    oneChargeFully ||= charge.amount !== undefined && charge.amount > 0 && back >= charge.amount;
    charged += charge.amount ?? Number.POSITIVE_INFINITY;
    at = latest([at, charge.refundedAt ?? null, ...refunds.map((refund) => refund.createdAt ?? null)]);
  }
  const paid = Object.values(facts.sessions).filter((session) => session.paidAt !== undefined);
  const priced = paid.length > 0 && paid.every((session) => session.amountTotal !== undefined);
  // A refund that comes before the payment's own event is measured against its charge.
  const owed = priced ? paid.reduce((total, session) => total + (session.amountTotal ?? 0), 0) : charged;
  return { amount, fully: amount > 0 && (mode === "payment" ? amount >= owed : oneChargeFully), at };
}

/** Charges known only through one of their refunds count too. */
function withChargesOfRefunds(facts: Facts): Record<string, ChargeFact> {
  const named = Object.values(facts.refunds).flatMap((refund) =>
    refund.charge ? [[refund.charge, {}]] : [],
  );
  return { ...Object.fromEntries(named), ...facts.charges };
}

function latest(times: (number | null)[]): number | null {
  return times.reduce((last, time) => (last === null || (time !== null && time > last) ? time : last), null);
}

function sum(refunds: RefundFact[]): number {
  return refunds.reduce((total, refund) => total + (refund.amount ?? 0), 0);
}
