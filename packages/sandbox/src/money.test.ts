import { expect, test } from "vitest";
import { formatMoney } from "./money.ts";

test.each([
  ["usd", "$500.00"],
  ["jpy", "¥50,000"],
  ["kwd", "KWD 50.000"],
  ["ugx", "UGX 500.00"],
  ["isk", "kr 500.00"],
])("50,000 of %s is shown as %s: as Stripe counts it", (currency, shown) => {
  expect(formatMoney(50_000, currency).replaceAll("\u00a0", " ")).toBe(shown);
});
