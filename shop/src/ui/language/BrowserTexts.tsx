import type { ReactNode } from "react";
import { LanguageProvider } from "#/ui/language/LanguageProvider.tsx";
import { MESSAGES, type Messages } from "#/ui/language/messages.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";

/** Sends a part of a page the texts its own components need in the browser, and no others. */
export async function BrowserTexts(props: { of: readonly (keyof Messages)[]; children: ReactNode }) {
  const { locale } = await pageLanguage();
  const messages = Object.fromEntries(props.of.map((room) => [room, MESSAGES[locale][room]]));
  return (
    <LanguageProvider locale={locale} messages={messages}>
      {props.children}
    </LanguageProvider>
  );
}
