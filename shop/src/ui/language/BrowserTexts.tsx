import type { ReactNode } from "react";
import { parsedTexts } from "#/texts/parsed.ts";
import type { Texts } from "#/texts/texts.ts";
import { LanguageProvider } from "#/ui/language/LanguageProvider.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";

/** Sends a part of a page the texts its own components need in the browser, and no others. */
export async function BrowserTexts(props: { of: readonly (keyof Texts)[]; children: ReactNode }) {
  const { locale } = await pageLanguage();
  const texts = parsedTexts(locale);
  const messages = Object.fromEntries(props.of.map((room) => [room, texts[room]]));
  return (
    <LanguageProvider locale={locale} messages={messages}>
      {props.children}
    </LanguageProvider>
  );
}
