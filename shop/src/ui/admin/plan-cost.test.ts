import { expect, test } from "vitest";
import { planCost } from "#/ui/admin/plan-cost.ts";

const AT = "2030-05-04T09:00:00.000Z";
const each = { amount: 2900, interval: "month", intervalCount: 1 };
const of = (prorated: number, bill: { amount: number; at: string | null }) =>
  planCost({ currency: "usd", prorated, bill, each });

test("what is charged or credited is said, and when", () => {
  expect(of(0, { amount: 2900, at: AT })).toMatchObject({ says: "planNothing" });
  expect(of(5800, { amount: 14500, at: AT })).toMatchObject({ says: "planAdded", amount: 5800 });
  expect(of(-1200, { amount: 1700, at: AT })).toMatchObject({ says: "planCredited", amount: 1200 });
  expect(of(-2900, { amount: 26100, at: null })).toEqual({
    says: "planAtOnceLess",
    amount: 26100,
    credit: 2900,
  });
  expect(of(0, { amount: 29000, at: null })).toMatchObject({ says: "planAtOnce", amount: 29000 });
});

test("a credit that is more than the new period costs charges nothing, and is not lost", () => {
  expect(of(-29000, { amount: 0, at: null })).toEqual({ says: "planAtOnceNone", amount: 0, credit: 29000 });
});
