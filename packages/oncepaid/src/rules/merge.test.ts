import { expect, test } from "vitest";
import { NO_FACTS } from "./facts.ts";
import { merge } from "./merge.ts";

const charge = (refunded: number | undefined, refundedAt: number | undefined) => ({
  ...NO_FACTS,
  charges: { ch_1: { amount: 1000, refunded, refundedAt } },
});

test.each([
  ["the greater figure brings its own moment", charge(400, 10), charge(1000, 20), 1000, 20],
  ["also where the smaller one was heard later", charge(1000, 20), charge(400, 30), 1000, 20],
  ["the same figure was reached when it was first heard of", charge(400, 30), charge(400, 10), 400, 10],
  ["a figure is more than none", charge(undefined, undefined), charge(400, 10), 400, 10],
])("of a charge, %s", (_, a, b, refunded, refundedAt) => {
  for (const merged of [merge(a, b), merge(b, a)]) {
    expect(merged.charges.ch_1).toEqual({ amount: 1000, refunded, refundedAt });
  }
});
