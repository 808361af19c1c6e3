import { expect, test } from "vitest";
import { NO_FACTS, type RefundFact } from "#/rules/facts.ts";
import { readReturnedItems, returnedItems, writeReturnedItems } from "#/rules/returned-items.ts";

test("lines are read as they were written, in whatever order they stood", () => {
  const lines = [
    { productKey: "work-shop_2", quantity: 12 },
    { productKey: "ebook", quantity: 1 },
  ];
  expect(readReturnedItems(writeReturnedItems(lines))).toEqual([...lines].reverse());
});

test.each(["", "ebook", "ebook:0", "ebook:-1", "ebook:1.5", "ebook:x", "yes please", ":1"])(
  "%s names no line",
  (text) => expect(readReturnedItems(text)).toEqual([]),
);

test("refunds that failed give nothing back, and those that name no line are no part of it", () => {
  const refund = (more: RefundFact): RefundFact => ({ charge: "ch_1", amount: 100, createdAt: 5, ...more });
  const refunds = {
    re_1: refund({ items: "ebook:1" }),
    re_2: refund({ items: "ebook:1,workshop:2", createdAt: 9 }),
    re_3: refund({ items: "ebook:7", failedAt: 6 }),
    re_4: refund({}),
  };
  expect(returnedItems({ ...NO_FACTS, refunds })).toEqual({
    items: new Map([
      ["ebook", { quantity: 2, at: 9 }],
      ["workshop", { quantity: 2, at: 9 }],
    ]),
    amount: 200,
  });
});
