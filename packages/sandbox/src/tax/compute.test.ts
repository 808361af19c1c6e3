import fc from "fast-check";
import { expect, test } from "vitest";
import { addedBy, type TaxRate, taxesOn, totalOf } from "./compute.ts";

let made = 0;
const rate = (percentage: number, inclusive: boolean): TaxRate => ({
  id: `txr_${made++}`,
  object: "tax_rate",
  active: true,
  country: null,
  created: 0,
  description: null,
  display_name: "Tax",
  effective_percentage: null,
  flat_amount: null,
  inclusive,
  jurisdiction: null,
  jurisdiction_level: null,
  livemode: false,
  metadata: {},
  percentage,
  rate_type: "percentage",
  state: null,
  tax_type: null,
});

const amounts = (amount: number, rates: TaxRate[], unit = 1) =>
  taxesOn(amount, rates, unit, "none").map((tax) => [tax.amount, tax.taxable]);

test.each([
  ["an exclusive tax is on the whole amount", 49_900, [rate(18, false)], [[8_982, 49_900]]],
  ["an inclusive one is a part of it", 11_900, [rate(19, true)], [[1_900, 10_000]]],
  ["half is rounded up", 250, [rate(1, false)], [[3, 250]]],
  ["and away from nothing when something is given back", -250, [rate(1, false)], [[-3, -250]]],
  ["four decimals of a rate count", 1_000_000, [rate(0.0125, false)], [[125, 1_000_000]]],
  [
    "two inclusive ones share the amount",
    11_900,
    [rate(9, true), rate(10, true)],
    [
      [900, 10_000],
      [1_000, 10_000],
    ],
  ],
  [
    "an exclusive one is on what is left without the inclusive",
    11_900,
    [rate(19, true), rate(5, false)],
    [
      [1_900, 10_000],
      [500, 10_000],
    ],
  ],
])("%s", (_, amount, rates, expected) => {
  expect(amounts(amount, rates)).toEqual(expected);
});

test("in a currency of thousandths a tax ends in nought, so that what is due can be charged", () => {
  expect(amounts(12_340, [rate(10, false)], 10)).toEqual([[1_230, 12_340]]);
  expect(amounts(12_350, [rate(10, false)], 10)).toEqual([[1_240, 12_350]]);
});

test("who is exempt, or accounts for it themselves, pays none, and the reason is told", () => {
  expect(taxesOn(1_000, [rate(18, false)], 1, "exempt")).toMatchObject([
    { amount: 0, reason: "customer_exempt" },
  ]);
  expect(taxesOn(1_000, [rate(18, false)], 1, "reverse")).toMatchObject([
    { amount: 0, reason: "reverse_charge" },
  ]);
});

test("whatever the rates, an inclusive tax and what it is on are the amount, and nothing is added to it", () => {
  const percentages = fc.integer({ min: 0, max: 1_000_000 }).map((parts) => parts / 10_000);
  fc.assert(
    fc.property(
      fc.integer({ min: -999_999_999_999, max: 999_999_999_999 }),
      fc.array(percentages, { minLength: 1, maxLength: 5 }),
      (amount, all) => {
        const taxes = taxesOn(
          amount,
          all.map((percentage) => rate(percentage, true)),
          1,
          "none",
        );
        expect(totalOf(taxes) + (taxes[0]?.taxable ?? 0)).toBe(amount);
        expect(addedBy(taxes)).toBe(0);
      },
    ),
  );
});
