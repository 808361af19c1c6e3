import { expect, test } from "vitest";
import { exampleAmount, formatMoney, minorUnits, plainAmount } from "#/texts/money.ts";

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

test("an amount for programs has the decimals of its currency and nothing else", () => {
  expect(plainAmount(123456789, "usd")).toBe("1234567.89");
  expect(plainAmount(500, "jpy")).toBe("500");
  expect(plainAmount(1500, "kwd")).toBe("1.500");
});

test("the example of an amount has the decimals of its currency", () => {
  for (const [currency, example] of [
    ["usd", "5.00"],
    ["jpy", "500"],
    ["kwd", "5.000"],
  ] as const) {
    expect(exampleAmount(currency)).toBe(example);
    expect(minorUnits(example, currency)).toBeGreaterThan(0);
  }
});

test("what a person types as an amount is read in minor units, and what is none isn't guessed at", () => {
  for (const typed of ["5", "5.0", "5,00", " 5.00 "]) expect(minorUnits(typed, "usd"), typed).toBe(500);
  expect(minorUnits("5", "jpy")).toBe(5);
  expect(minorUnits("1.5", "kwd")).toBe(1500);
  for (const typed of ["", "-5", "5.001", "1,000.50", "five", "5.5.5"]) {
    expect(minorUnits(typed, "usd"), typed).toBeUndefined();
  }
  expect(minorUnits("5.5", "jpy")).toBeUndefined();
});
