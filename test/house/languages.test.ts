import { stripeLocale } from "oncepaid/checkout/parameters.ts";
import { expect, test } from "vitest";
import { LOCALES, STRIPE_LOCALE } from "../../shop/src/locale.ts";

test.each(LOCALES)("a buyer who reads the shop in %s is shown Stripe's page in that language", (locale) => {
  expect(stripeLocale(locale)).toBe(STRIPE_LOCALE[locale]);
});
