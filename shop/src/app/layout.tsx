import "#/ui/look/global.css";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { BRAND } from "#/brand/brand.ts";
import { DARK, LIGHT, NAME } from "#/brand/look.ts";
import { brandStyle } from "#/brand/style-sheet.ts";
import { config } from "#/config.ts";
import { inLanguage } from "#/locale.ts";
import type { Texts } from "#/texts/texts.ts";
import { themeOf } from "#/theme.ts";
import { PageFrame } from "#/ui/frame/PageFrame.tsx";
import { BrowserTexts } from "#/ui/language/BrowserTexts.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Fonts } from "#/ui/look/Fonts.tsx";

/** What components of the frame and of more than one page say in the browser. */
const EVERYWHERE: readonly (keyof Texts)[] = [
  "buy",
  "problem",
  "language",
  "order",
  "crash",
  "mode",
  "menu",
  "cart",
  "quantity",
  "slot",
];

export async function generateMetadata(): Promise<Metadata> {
  const { locale } = await pageLanguage();
  return {
    metadataBase: new URL(config().appUrl),
    title: { default: NAME, template: `%s · ${NAME}` },
    description: inLanguage(BRAND.description, locale),
    icons: { icon: { url: "/icon.svg", type: "image/svg+xml" } },
  };
}

/** Until the styles are there the page is as dark as the reader chose, else as their system is. */
export async function generateViewport(): Promise<Viewport> {
  const theme = themeOf(await headers());
  if (theme) return { colorScheme: theme, themeColor: { light: LIGHT, dark: DARK }[theme].paper };
  return {
    colorScheme: "light dark",
    themeColor: [
      { media: "(prefers-color-scheme: light)", color: LIGHT.paper },
      { media: "(prefers-color-scheme: dark)", color: DARK.paper },
    ],
  };
}

export default async function Layout({ children }: { children: ReactNode }) {
  const { locale } = await pageLanguage();
  return (
    <html lang={locale}>
      <head>
        <Fonts locale={locale} />
        <style>{brandStyle(themeOf(await headers()))}</style>
      </head>
      <body>
        <BrowserTexts of={EVERYWHERE}>
          <PageFrame mode={config().stripe.mode}>{children}</PageFrame>
        </BrowserTexts>
      </body>
    </html>
  );
}
