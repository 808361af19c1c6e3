import type { OrderView } from "oncepaid";

type Sum = Pick<OrderView, "amountTotal" | "amountDiscount" | "amountTax"> & {
  items: readonly { unitAmount: number | null; quantity: number }[];
};

/** What stands between what was bought and the total, in minor units: below zero it was taken off. */
export type Between = {
  lines: { what: "discount" | "tax" | "discountAndTax" | "trial"; amount: number }[];
  /** Taxes that the prices have in them: part of the total, not added to it. */
  taxIncluded: number;
};

/**
 * Stripe tells the taxes in one figure; what the lines, the discount and the total leave between them says which of them were added. Of
 * orders from before Stripe's figures were kept the two can't be told apart where taxes are added too (`automaticTax`).
 */
export function between(order: Sum, automaticTax: boolean): Between {
  const discount = order.amountDiscount ?? 0;
  const tax = order.amountTax ?? 0;
  const above = aboveLines(order);
  const added = above === undefined ? 0 : Math.min(Math.max(above + discount, 0), tax);
  const rest = above === undefined ? 0 : above + discount - added;
  const untold = automaticTax ? "discountAndTax" : "discount";
  const lower = order.amountDiscount === null ? untold : "trial";
  const lines = [
    { what: "discount", amount: -discount },
    { what: "tax", amount: added },
    { what: rest > 0 ? "tax" : lower, amount: rest },
  ] as const;
  return { lines: lines.filter(({ amount }) => amount !== 0), taxIncluded: tax - added };
}

/** By how much the total is above the sum of the lines; undefined where one of them isn't known. */
function aboveLines({ items, amountTotal }: Sum): number | undefined {
  const known = items.flatMap(({ unitAmount, quantity }) =>
    unitAmount === null ? [] : [unitAmount * quantity],
  );
  if (amountTotal === null || known.length < items.length) return undefined;
  return amountTotal - known.reduce((sum, amount) => sum + amount, 0);
}
