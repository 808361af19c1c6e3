/**
 * The languages of Stripe's own pages, by Stripe's names; `hi` is its `hi-IN`.
 * Source: docs.stripe.com/api/checkout/sessions/create, `locale`.
 */
const STRIPE_LOCALES = (
  "bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru " +
  "sk sl sv th tr vi zh zh-HK zh-TW"
).split(" ");

/** The language of Stripe's page for a buyer who reads `language`; where Stripe has none, it follows the browser. */
export function stripeLocale(language: string): string {
  return (
    STRIPE_LOCALES.find((locale) => locale === language) ?? sameLanguage(STRIPE_LOCALES, language) ?? "auto"
  );
}

/** Which of an app's languages a page was in: the other way round. Its first one where the page followed the browser. */
export function languageOfPage(locale: string | null | undefined, languages: readonly string[]): string {
  const own = languages.find((language) => stripeLocale(language) === locale);
  return own ?? sameLanguage(languages, locale ?? "") ?? languages[0] ?? "en";
}

function sameLanguage(locales: readonly string[], locale: string): string | undefined {
  const [language] = locale.split("-");
  return locales.find((one) => one.split("-")[0] === language);
}
