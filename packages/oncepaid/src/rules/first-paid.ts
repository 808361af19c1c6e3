import type { Facts, SessionFact } from "#/rules/facts.ts";

/** The session that paid first; ties go to the smaller id, so that every machine picks the same one. */
export function firstPaid({ sessions }: Pick<Facts, "sessions">): [string, SessionFact] | undefined {
  return Object.entries(sessions)
    .filter(([, session]) => session.paidAt !== undefined)
    .sort(([idA, a], [idB, b]) => (a.paidAt ?? 0) - (b.paidAt ?? 0) || (idA < idB ? -1 : 1))[0];
}

/** What lies between the prices of what was sold and what was paid, in minor units; null where it isn't known. */
export type Between = {
  /** What discounts took off. */
  amountDiscount: number | null;
  /** The taxes in the total, whether they were added or part of the prices. */
  amountTax: number | null;
};

/** Orders from before this was kept, and those that nobody paid on a page, have neither. */
export function between(facts: Pick<Facts, "sessions">): Between {
  const { amountDiscount = null, amountTax = null } = firstPaid(facts)?.[1] ?? {};
  return { amountDiscount, amountTax };
}
