import { expect, test } from "vitest";
import { between } from "#/ui/receipt/between.ts";

const order = (amountTotal: number | null, amountDiscount: number | null, amountTax: number | null) => ({
  items: [{ unitAmount: 1000, quantity: 2 }],
  amountTotal,
  amountDiscount,
  amountTax,
});
const of = (...amounts: Parameters<typeof order>) => between(order(...amounts), false);

test("nothing stands between where the lines are the total", () => {
  expect(of(2000, 0, 0)).toEqual({ lines: [], taxIncluded: 0 });
  expect(of(2000, null, null)).toEqual({ lines: [], taxIncluded: 0 });
});

test("a discount and added taxes have a line each; taxes that the prices have in them have none", () => {
  const discount = { what: "discount", amount: -200 };
  expect(of(1800, 200, 0)).toEqual({ lines: [discount], taxIncluded: 0 });
  expect(of(2380, 0, 380)).toEqual({ lines: [{ what: "tax", amount: 380 }], taxIncluded: 0 });
  expect(of(2000, 0, 319)).toEqual({ lines: [], taxIncluded: 319 });
  expect(of(2142, 200, 342)).toEqual({ lines: [discount, { what: "tax", amount: 342 }], taxIncluded: 0 });
  // One line's tax is in its price, another's is added.
  expect(of(2100, 0, 219)).toEqual({ lines: [{ what: "tax", amount: 100 }], taxIncluded: 119 });
});

test("what costs nothing yet without a discount is a trial", () => {
  expect(of(0, 0, 0)).toEqual({ lines: [{ what: "trial", amount: -2000 }], taxIncluded: 0 });
  expect(of(0, 2000, 0)).toEqual({ lines: [{ what: "discount", amount: -2000 }], taxIncluded: 0 });
});

test("of an order from before Stripe's figures were kept, what is missing is a discount, and with automatic taxes maybe both", () => {
  expect(of(1800, null, null).lines).toEqual([{ what: "discount", amount: -200 }]);
  expect(between(order(1800, null, null), true).lines).toEqual([{ what: "discountAndTax", amount: -200 }]);
  expect(of(2380, null, null).lines).toEqual([{ what: "tax", amount: 380 }]);
});

test("where a price or the total isn't known, only what Stripe named is told", () => {
  const told = { lines: [{ what: "discount", amount: -200 }], taxIncluded: 300 };
  expect(of(null, 200, 300)).toEqual(told);
  expect(between({ ...order(1800, 200, 300), items: [{ unitAmount: null, quantity: 1 }] }, false)).toEqual(
    told,
  );
});
