import { expect, test } from "vitest";
import { stripeLocale } from "../../packages/oncepaid/src/stripe/locales.ts";
import { LOCALES } from "../../shop/src/locale.ts";

test.each(LOCALES)("a buyer who reads the shop in %s is shown Stripe's page in that language", (locale) => {
  expect(stripeLocale(locale).split("-")[0]).toBe(locale);
});
