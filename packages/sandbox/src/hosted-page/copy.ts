import { type AbstractIntlMessages, createTranslator } from "use-intl/core";
import { en } from "./english.ts";
import { hi, hindiDeclines } from "./hindi.ts";

/** Says a text by its key, with the values that the English one names. */
export type Translate<Texts extends AbstractIntlMessages> = ReturnType<typeof createTranslator<Texts>>;

export interface Language {
  tag: "en" | "hi-IN";
  t: Translate<typeof en>;
  decline(decline: { code: string; decline_code: string | null; message: string }): string;
}

const english: Language = {
  tag: "en",
  t: translator("en", en),
  decline: ({ message }) => message,
};
const hindi: Language = {
  tag: "hi-IN",
  t: translator("hi", hi),
  decline: ({ code, decline_code, message }) =>
    hindiDeclines[decline_code ?? ""] ?? hindiDeclines[code] ?? message,
};

/** The session's locale; with none, or `auto`, what the browser prefers. Other languages are not spoken yet. */
export function languageFor(locale: string | null, acceptLanguage = ""): Language {
  const wanted = locale && locale !== "auto" ? locale : (preferred(acceptLanguage) ?? "en");
  return wanted.toLowerCase().startsWith("hi") ? hindi : english;
}

/** What is missing is thrown, so that a test meets it: the library would show its key. */
export function translator<const Texts extends AbstractIntlMessages>(locale: "en" | "hi", messages: Texts) {
  return createTranslator({
    locale,
    messages,
    onError: (error) => {
      throw error;
    },
  });
}

function preferred(acceptLanguage: string): string | undefined {
  return acceptLanguage
    .split(",")
    .map((part) => {
      const [tag = "", q] = part.trim().split(/;\s*q=/);
      return { tag, weight: q === undefined ? 1 : Number(q) };
    })
    .sort((one, other) => other.weight - one.weight)
    .map(({ tag }) => tag)
    .find((tag) => /^(en|hi)\b/i.test(tag));
}
