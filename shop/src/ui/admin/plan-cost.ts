import type { PlanChangePreview } from "oncepaid";

/** What becomes of the rest of the period that is paid for, which of the sentences says it, and the amount it names. */
export type PlanCost = {
  says: "planNothing" | "planAdded" | "planCredited" | "planAtOnce" | "planAtOnceLess" | "planAtOnceNone";
  amount: number;
  /** What is given for the rest of the period. */
  credit: number;
};

/** Pure: Stripe's amounts as a sentence to choose. */
export function planCost({ prorated, bill }: PlanChangePreview): PlanCost {
  const credit = Math.max(0, -prorated);
  if (bill.at === null && bill.amount === 0) return { says: "planAtOnceNone", amount: 0, credit };
  if (bill.at === null)
    return { says: credit > 0 ? "planAtOnceLess" : "planAtOnce", amount: bill.amount, credit };
  if (prorated === 0) return { says: "planNothing", amount: 0, credit };
  return { says: prorated > 0 ? "planAdded" : "planCredited", amount: Math.abs(prorated), credit };
}
