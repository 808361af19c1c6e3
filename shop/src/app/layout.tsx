import "@mantine/core/styles.css";
import "#/ui/look/global.css";
import { ColorSchemeScript, mantineHtmlProps } from "@mantine/core";
import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { config } from "#/config.ts";
import { PageFrame } from "#/ui/frame/PageFrame.tsx";
import { LanguageProvider } from "#/ui/language/LanguageProvider.tsx";
import { MESSAGES } from "#/ui/language/messages.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Fonts } from "#/ui/look/Fonts.tsx";
import { Look } from "#/ui/look/Look.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  const name = t("shop.name");
  return { title: { default: name, template: `%s · ${name}` }, description: t("shop.description") };
}

export const viewport: Viewport = {
  // Until the styles are there the page is as dark as the reader's system.
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f7f4ed" },
    { media: "(prefers-color-scheme: dark)", color: "#0d1411" },
  ],
};

export default async function Layout({ children }: { children: ReactNode }) {
  const { locale } = await pageLanguage();
  const { buy, problem, language, order, crash, mode, menu, cart, quantity, slot } = MESSAGES[locale];
  const messages = { buy, problem, language, order, crash, mode, menu, cart, quantity, slot };
  return (
    <html lang={locale} {...mantineHtmlProps}>
      <head>
        <Fonts locale={locale} />
        <ColorSchemeScript defaultColorScheme="auto" />
      </head>
      <body>
        <Look>
          <LanguageProvider locale={locale} messages={messages}>
            <PageFrame mode={config().stripe.mode}>{children}</PageFrame>
          </LanguageProvider>
        </Look>
      </body>
    </html>
  );
}
