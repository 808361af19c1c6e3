import { decimal, integer } from "../api/params.ts";

/** How many, in whole numbers or with decimals. */
export const quantities = {
  quantity: integer({ min: 0 }).optional(),
  quantity_decimal: decimal().optional(),
};

interface Given {
  quantity?: number | undefined;
  quantity_decimal?: string | undefined;
}

/** What was said of a quantity; `exact` is what counts, and an object's `quantity` has no decimals. */
export function quantityOf({ quantity, quantity_decimal: fine }: Given, before = 1) {
  const exact = fine === undefined ? (quantity ?? before) : Number(fine);
  return { exact, quantity: Math.trunc(exact), quantity_decimal: fine ?? String(exact) };
}
