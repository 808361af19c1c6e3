import { expect, test } from "vitest";
import { planWish } from "#/ui/admin/plan-wish.ts";

const CHOICES = {
  quantity: 3,
  plans: [
    { productKey: "pro", price: "month", label: "Pro, a month" },
    { productKey: "pro", price: "year", label: "Pro, a year" },
  ],
};
const wish = (plan: string, seats: string, when: string) => {
  const form = new FormData();
  for (const [name, value] of Object.entries({ plan, seats, when })) form.set(name, value);
  return planWish(CHOICES, form);
};

test("another price leaves the seats alone, also those that were bought while the page was open", () => {
  expect(wish("1", "3", "period_end")).toEqual({ when: "period_end", productKey: "pro", price: "year" });
});

test("seats that were changed are asked for, with a price or without", () => {
  expect(wish("", "5", "now")).toEqual({ when: "now", quantity: 5 });
  expect(wish("0", "1", "now")).toEqual({ when: "now", quantity: 1, productKey: "pro", price: "month" });
  expect(wish("", "3", "now")).toEqual({ when: "now" });
});
