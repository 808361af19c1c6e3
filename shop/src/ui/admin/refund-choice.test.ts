import { expect, test } from "vitest";
import { type Refundable, refundChoice } from "#/ui/admin/refund-choice.ts";

const TWO: Refundable = {
  currency: "usd",
  left: 3000,
  lines: [{ productKey: "ebook", name: "E-book", amount: 1900 }],
};

test("everything, a line, or an amount that was typed", () => {
  expect(refundChoice(TWO, "everything", "")).toEqual({ ok: true, amount: undefined });
  expect(refundChoice(TWO, "line:ebook", "7")).toEqual({ ok: true, amount: 1900 });
  expect(refundChoice(TWO, "part", "5,50")).toEqual({ ok: true, amount: 550 });
  expect(refundChoice(TWO, "part", "30")).toEqual({ ok: true, amount: 3000 });
});

test("what is no amount, or more than is left, is told before anything is asked for", () => {
  for (const typed of ["", "0", "five", "-1"]) {
    expect(refundChoice(TWO, "part", typed), typed).toEqual({ ok: false, wrong: "notAnAmount" });
  }
  expect(refundChoice(TWO, "part", "30.01")).toEqual({ ok: false, wrong: "tooMuch" });
  expect(refundChoice({ ...TWO, left: 1000 }, "line:ebook", "")).toEqual({ ok: false, wrong: "tooMuch" });
});

test("of a plan it is Stripe that knows what is left", () => {
  expect(refundChoice({ ...TWO, left: null, lines: [] }, "part", "999")).toEqual({
    ok: true,
    amount: 99_900,
  });
});
