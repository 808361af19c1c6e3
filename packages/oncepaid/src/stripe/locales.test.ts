import { expect, test } from "vitest";
import { languageOfPage, stripeLocale } from "#/stripe/locales.ts";

test.each([
  ["en", "en"],
  ["hi", "hi-IN"],
  ["de", "de"],
  ["de-CH", "de"],
  ["pt-BR", "pt-BR"],
  ["xx", "auto"],
])("a buyer who reads %s is shown Stripe's page in %s", (language, locale) => {
  expect(stripeLocale(language)).toBe(locale);
});

test.each([
  ["hi-IN", ["en", "hi"], "hi"],
  ["en-GB", ["de", "en"], "en"],
  ["pt-BR", ["pt", "pt-BR"], "pt-BR"],
  ["auto", ["de", "en"], "de"],
  [null, ["en", "hi"], "en"],
  ["sv", ["en", "hi"], "en"],
] as const)("a page in %s of an app that speaks %o was read in %s", (locale, languages, language) => {
  expect(languageOfPage(locale, languages)).toBe(language);
});
