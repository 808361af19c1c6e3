import { expect, test } from "vitest";
import { salesByCurrency } from "#/ui/admin/sales-figures.ts";

const day = (day: string, currency: string, orders: number, revenue: number) => ({
  day,
  currency,
  orders,
  revenue,
  refunded: 100,
  newSubscriptions: 1,
  lostSubscriptions: 0,
});

test("each currency has its own days and sums, and days without a sale are there too", () => {
  const [inr, usd, ...others] = salesByCurrency({
    from: "2027-02-27",
    until: "2027-03-02",
    days: [
      day("2027-02-28", "usd", 1, 1900),
      day("2027-03-01", "inr", 3, 449_700),
      day("2027-03-02", "usd", 1, 5800),
    ],
  });
  expect(others).toEqual([]);
  expect(inr).toMatchObject({ currency: "inr", sum: { orders: 3, revenue: 449_700 } });
  expect(usd?.days.map(({ day, revenue }) => [day, revenue])).toEqual([
    ["2027-02-27", 0],
    ["2027-02-28", 1900],
    ["2027-03-01", 0],
    ["2027-03-02", 5800],
  ]);
  expect(usd?.sum).toEqual({
    orders: 2,
    revenue: 7700,
    refunded: 200,
    newSubscriptions: 2,
    lostSubscriptions: 0,
  });
  expect(usd?.best.day).toBe("2027-03-02");
});

test("where nothing was sold there is nothing to show", () => {
  expect(salesByCurrency({ from: "2027-02-27", until: "2027-03-02", days: [] })).toEqual([]);
});
