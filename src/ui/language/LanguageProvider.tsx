"use client";

import type { ReactNode } from "react";
import { IntlProvider } from "use-intl/react";
import type { Locale } from "#/locale.ts";
import type { Messages } from "#/ui/language/messages.ts";

/** The texts components in the browser need; everything else is written by the server and isn't sent twice. */
export type BrowserMessages = Pick<
  Messages,
  "buy" | "problem" | "language" | "order" | "crash" | "mode" | "menu" | "cart" | "quantity" | "slot"
>;

export function LanguageProvider(props: { locale: Locale; messages: BrowserMessages; children: ReactNode }) {
  return (
    <IntlProvider locale={props.locale} messages={props.messages} timeZone="UTC">
      {props.children}
    </IntlProvider>
  );
}
