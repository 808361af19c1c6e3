import { createTranslator } from "use-intl/core";
import { expect, test } from "vitest";
import { LOCALES } from "#/locale.ts";
import { TEXTS } from "#/texts/texts.ts";
import { actorText } from "#/ui/admin/actor-text.ts";

test.each(LOCALES)(
  "a buyer's own act is signed in the reader's words, an operator's with the address: %s",
  (locale) => {
    const t = createTranslator({ locale, messages: TEXTS[locale] });
    const operators = new Map([["user-1", "ada@example.com"]]);
    expect(actorText(t, "buyer", operators)).toBe(TEXTS[locale].desk.actor.buyer);
    expect(actorText(t, "user-1", operators)).toBe("ada@example.com");
    expect(actorText(t, "api key of the till", operators)).toBe("api key of the till");
  },
);
