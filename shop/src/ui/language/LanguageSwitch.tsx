"use client";

import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { useLocale, useTranslations } from "use-intl/react";
import { LANGUAGE_PARAMETER, LOCALE_COOKIE, LOCALES, type Locale } from "#/locale.ts";
import { keepChoice } from "#/ui/keep-choice.ts";
import classes from "#/ui/language/LanguageSwitch.module.css";

/** `names`: what each language calls itself, as the brand says it. */
export function LanguageSwitch({ names }: { names: Record<Locale, { shown: string; spoken: string }> }) {
  const t = useTranslations("language");
  const current = useLocale();
  const router = useRouter();
  const [, startTransition] = useTransition();
  const choose = (locale: Locale) => {
    keepChoice(LOCALE_COOKIE, locale);
    const address = new URL(window.location.href);
    // An address of one language would go on asking for that.
    if (address.searchParams.has(LANGUAGE_PARAMETER)) {
      address.searchParams.delete(LANGUAGE_PARAMETER);
      window.history.replaceState(null, "", address);
    }
    startTransition(() => router.refresh());
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields; these act at once.
    <div role="group" aria-label={t("label")} className={classes.group}>
      {LOCALES.map((locale) => (
        <button
          key={locale}
          type="button"
          lang={locale}
          aria-label={names[locale].spoken}
          aria-pressed={locale === current}
          className={classes.choice}
          onClick={() => choose(locale)}
          data-testid={`language-${locale}`}
        >
          <span className={classes.name}>{names[locale].shown}</span>
        </button>
      ))}
    </div>
  );
}
