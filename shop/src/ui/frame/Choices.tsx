import { headers } from "next/headers";
import { themeOf } from "#/theme.ts";
import classes from "#/ui/frame/Choices.module.css";
import { CurrencyChoice } from "#/ui/frame/CurrencyChoice.tsx";
import { ThemeSwitch } from "#/ui/frame/ThemeSwitch.tsx";
import { pageCurrency, pageLanguage } from "#/ui/language/page-language.ts";
import { currenciesFor } from "#/ui/visitor/currencies.ts";

/** What a visitor may have otherwise on every page, besides the language: the currency, where there are several, and the colours. */
export async function Choices() {
  const { locale, t } = await pageLanguage();
  const currencies = await currenciesFor(await pageCurrency());
  const names = new Intl.DisplayNames(locale, { type: "currency" });
  return (
    <div className={classes.choices}>
      {currencies && currencies.all.length > 1 && (
        <CurrencyChoice
          label={t("choice.currency")}
          currencies={currencies.all.map((code) => ({ code, name: names.of(code.toUpperCase()) ?? code }))}
          chosen={currencies.shown}
        />
      )}
      <ThemeSwitch
        label={t("choice.theme")}
        names={{ system: t("choice.system"), light: t("choice.light"), dark: t("choice.dark") }}
        chosen={themeOf(await headers()) ?? "system"}
      />
    </div>
  );
}
