import { createTranslator } from "use-intl/core";
import { expect, test } from "vitest";
import { TEXTS } from "#/texts/texts.ts";
import { graceOf } from "#/ui/kinds/grace.ts";
import { type ComparedPlan, comparePlans } from "#/ui/shop/compare-plans.ts";

const t = createTranslator({ locale: "en", messages: TEXTS.en });

function price(label: string, unitAmount: number) {
  const terms = "per seat";
  return {
    name: label,
    label,
    unitAmount,
    currency: "usd",
    renewal: undefined,
    percentLess: undefined,
    terms,
    sumTerms: "",
  };
}

function days(count: number) {
  return { unit: "days" as const, count };
}

function plan(key: string, more: Partial<ComparedPlan> = {}): ComparedPlan {
  return { key, name: key, maxQuantity: 5, trialDays: 0, grace: days(7), prices: [], features: {}, ...more };
}

/** What stands in each row: its name, then a word for each cell. */
function read(plans: readonly ComparedPlan[]) {
  return comparePlans(plans, t).map(({ name, cells }) => [
    name,
    ...cells.map((cell) => {
      if ("text" in cell) return cell.text;
      return "price" in cell ? cell.price.unitAmount : cell.has;
    }),
  ]);
}

test("a plan alone shows what it costs and for how many, and no row of which it has nothing", () => {
  const prices = [price("Monthly", 2_900), price("Yearly", 29_000)];
  expect(read([plan("pro", { prices, maxQuantity: 500 })])).toEqual([
    ["Monthly", 2_900],
    ["Yearly", 29_000],
    ["Seats", "Up to 500"],
    ["If a renewal fails", "Goes on for 7 days"],
  ]);
});

test("plans are compared row by row: every price, trial and feature that one of them has", () => {
  const small = plan("small", {
    prices: [price("Monthly", 900)],
    maxQuantity: 1,
    features: { export: "Export as CSV", api: "api" },
  });
  const large = plan("large", {
    prices: [price("Monthly", 4_900), price("Yearly", 49_000)],
    trialDays: 14,
    grace: days(0),
    features: { sso: "Sign in by SSO", export: "Export as CSV" },
  });
  expect(read([small, large])).toEqual([
    ["Monthly", 900, 4_900],
    ["Yearly", false, 49_000],
    ["Seats", "One", "Up to 5"],
    ["Free trial", false, "14 days"],
    ["If a renewal fails", "Goes on for 7 days", "Rests until it is paid"],
    ["Export as CSV", true, true],
    ["api", true, false],
    ["Sign in by SSO", false, true],
  ]);
});

test("a plan whose price can't be read says so, and isn't called sold out", () => {
  const rows = read([plan("known", { prices: [price("Monthly", 900)] }), plan("unread")]);
  expect(rows[0]).toEqual(["Monthly", 900, "Price at checkout"]);
});

test("two prices that are called the same have a row each, in every plan", () => {
  const small = plan("small", {
    prices: [price("Monthly", 900), price("Yearly", 9_000), price("Monthly", 700)],
  });
  const large = plan("large", { prices: [price("Monthly", 4_900)] });
  expect(read([small, large]).slice(0, 3)).toEqual([
    ["Monthly", 900, 4_900],
    ["Monthly", 700, false],
    ["Yearly", 9_000, false],
  ]);
});

test("rows that are called the same are told apart by their keys", () => {
  const features = { sso: "Seats", api: "Monthly", seats: "Free trial" };
  const prices = [price("Monthly", 900), price("Monthly", 700)];
  const keys = comparePlans([plan("pro", { prices, features, trialDays: 14 })], t).map(({ key }) => key);
  expect(new Set(keys).size).toBe(8);
  expect(keys).toHaveLength(8);
});

test("a grace of less than a day is told in hours", () => {
  const texts = [12 * 60 * 60, 60 * 60, 36 * 60 * 60, 0].map((gracePeriod) => {
    const rows = read([plan("pro", { grace: graceOf({ gracePeriod }) })]);
    return rows.find(([name]) => name === "If a renewal fails")?.[1];
  });
  expect(texts).toEqual([
    "Goes on for 12 hours",
    "Goes on for 1 hour",
    "Goes on for 1 day",
    "Rests until it is paid",
  ]);
});
