import { expect, test } from "vitest";
import { formatMoney } from "#/texts/money.ts";

test("an amount is written with its decimals, in the reader's way", () => {
  expect(formatMoney(1900, "usd", "en")).toBe("$19.00");
  expect(formatMoney(123456789, "inr", "en")).toBe("₹1,234,567.89");
  expect(formatMoney(123456789, "inr", "hi")).toBe("₹12,34,567.89");
});

test("a short amount leaves out decimals only when they are zero", () => {
  expect(formatMoney(1900, "usd", "en", "short")).toBe("$19");
  expect(formatMoney(1950, "usd", "en", "short")).toBe("$19.50");
});

test("currencies without minor units and with thousandths are counted as Stripe counts them", () => {
  expect(formatMoney(500, "jpy", "en")).toBe("¥500");
  expect(formatMoney(1500, "kwd", "en").replace(/\s/, " ")).toBe("KWD 1.500");
  expect(formatMoney(50000, "ugx", "en").replace(/\s/, " ")).toBe("UGX 500");
});
