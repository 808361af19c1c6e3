"use client";

import type { ReactNode } from "react";
import { IntlProvider } from "use-intl/react";
import type { Locale } from "#/locale.ts";
import type { Texts } from "#/texts/texts.ts";

type LanguageProviderProps = { locale: Locale; messages: Partial<Texts>; children: ReactNode };

/** The texts components in the browser need; everything else is written by the server and isn't sent twice. */
export function LanguageProvider({ locale, messages, children }: LanguageProviderProps) {
  return (
    <IntlProvider locale={locale} messages={messages} timeZone="UTC">
      {children}
    </IntlProvider>
  );
}
