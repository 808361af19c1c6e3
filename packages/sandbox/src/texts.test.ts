import compile from "icu-minify/compile";
import { expect, test } from "vitest";
import { t as dashboard } from "./dashboard/texts.ts";
import { languageFor, translator } from "./hosted-page/copy.ts";
import { en as checkoutEnglish } from "./hosted-page/english.ts";
import { hi as checkoutHindi } from "./hosted-page/hindi.ts";
import { speechFor } from "./portal/copy.ts";
import { en as portalEnglish } from "./portal/english.ts";
import { hi as portalHindi } from "./portal/hindi.ts";

const english = languageFor("en").t;
const hindi = languageFor("hi").t;

/** The names of a parsed text's values, and between which words a value chooses. */
function valuesOf(parts: unknown): string[] {
  if (!Array.isArray(parts)) return [];
  return parts.filter(Array.isArray).flatMap(([name, , options]) => {
    const cases = Object.entries(Object(options));
    const words = cases.map(([word]) => word).sort();
    const chosen = cases.length > 0 && !words.includes("one") ? `${name}: ${words.join(" ")}` : String(name);
    return [chosen, ...cases.flatMap(([, text]) => valuesOf(text))];
  });
}

const all = (texts: Record<string, string>) =>
  Object.entries(texts).map(([key, text]) => [key, [...new Set(valuesOf(compile(text)))].sort()]);

test.each([
  ["Checkout's page", checkoutEnglish, checkoutHindi],
  ["the portal", portalEnglish, portalHindi],
])("every text of %s is ICU's, and Hindi has the keys, values and choices of English", (_page, en, hi) => {
  const theirs = Object.fromEntries(all(hi));
  expect(theirs).toEqual(Object.fromEntries(all(en)));
  expect(Object.values(hi).filter((text) => text.trim() === "")).toEqual([]);
});

test("one is said as one, and more as more", () => {
  const said = [1, 2, 1_000].map((count) => [
    english("trialDays", { count }),
    english("tooShort", { count }),
    english("tooLong", { count }),
    english("forMonths", { count, price: "$9.00", rhythm: "per month" }),
    english("every", { count, interval: "month" }),
    speechFor("en", undefined).t("every", { count, interval: "week" }),
    dashboard("timesAtMost", { count }),
  ]);
  expect(said).toEqual([
    [
      "1 day free",
      "Enter at least 1 character.",
      "Enter at most 1 character.",
      "per month for 1 month, then $9.00",
      "per month",
      "per week",
      "once at most",
    ],
    [
      "2 days free",
      "Enter at least 2 characters.",
      "Enter at most 2 characters.",
      "per month for 2 months, then $9.00",
      "every 2 months",
      "every 2 weeks",
      "2 times at most",
    ],
    [
      "1,000 days free",
      "Enter at least 1,000 characters.",
      "Enter at most 1,000 characters.",
      "per month for 1,000 months, then $9.00",
      "every 1,000 months",
      "every 1,000 weeks",
      "1,000 times at most",
    ],
  ]);
});

test("in Hindi as well", () => {
  expect(hindi("every", { count: 1, interval: "month" })).toBe("प्रति माह");
  expect(hindi("every", { count: 3, interval: "month" })).toBe("हर 3 महीने");
  expect(hindi("trialDays", { count: 100_000 })).toBe("1,00,000 दिन निःशुल्क");
  expect(speechFor("hi", undefined).t("every", { count: 1, interval: "year" })).toBe("प्रति वर्ष");
});

test("a word of Stripe's that has no text is shown as it is", () => {
  expect(speechFor("en", undefined).t("status", { status: "past_due" })).toBe("Past due");
  expect(speechFor("hi", undefined).t("status", { status: "resting" })).toBe("resting");
});

test("what a shop calls itself comes through, whatever ICU makes of its signs", () => {
  const shop = "{x} <b>'{shop}'</b> # it''s | {n, plural, other {#}}";
  expect(english("payShop", { shop })).toBe(`Pay ${shop}`);
  expect(hindi("payShop", { shop })).toBe(`${shop} को भुगतान करें`);
});

test("a text or a value that is missing is thrown, and no key is shown in its place", () => {
  const texts: Record<string, string> = { greeting: "Dear {name}" };
  const t = translator("en", texts);
  expect(t("greeting", { name: "Asha" })).toBe("Dear Asha");
  expect(() => t("greeting")).toThrow("name");
  expect(() => t("greeting", { nam: "Asha" })).toThrow("name");
  expect(() => t("parting")).toThrow("MISSING_MESSAGE");
});
