import { expect, test } from "vitest";
import { stepText } from "#/cli/push.ts";

const month = { productKey: "pro", price: "month", lookupKey: "oncepaid:pro:month" } as const;
const amounts = { inr: 219_900, jpy: 4_300, isk: 400_000 };
const SAID: [Parameters<typeof stepText>[0], string][] = [
  [
    {
      ...month,
      ...{ do: "make", amount: { amount: 2_900, currency: "usd", amounts, interval: "month" } },
    },
    "+ pro, month: $29.00 or ₹2,199.00 or ¥4,300 or ISK 4,000 a month (oncepaid:pro:month)",
  ],
  [
    {
      ...month,
      ...{ do: "replace", stripePriceId: "price_1", amount: { amount: 1_500, currency: "kwd", amounts: {} } },
    },
    "~ pro, month: KWD 1.500 takes the place of price_1, which is archived",
  ],
  [
    { ...month, do: "keep", stripePriceId: "price_1", change: { amounts } },
    "= pro, month: price_1 stays; it costs ₹2,199.00 or ¥4,300 or ISK 4,000 too",
  ],
  [
    {
      ...month,
      ...{ do: "keep", stripePriceId: "price_1", change: { lookupKey: month.lookupKey, active: true } },
    },
    "= pro, month: price_1 stays; it gets the lookup key oncepaid:pro:month; it is on sale again",
  ],
];

test.each(SAID)("what a push does is said with every currency: %o", (step, said) => {
  expect(stepText(step).replaceAll("\u00a0", " ")).toBe(said);
});
