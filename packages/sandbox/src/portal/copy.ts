import { type Language, languageFor, type Translate, translator } from "../hosted-page/copy.ts";
import { en } from "./english.ts";
import { hi } from "./hindi.ts";

const english = translator("en", en);
const hindi = translator("hi", hi);

export interface Speech {
  tag: Language["tag"];
  t: Translate<typeof en>;
  decline: Language["decline"];
}

export function speechFor(locale: string | null, acceptLanguage: string | undefined): Speech {
  const { tag, decline } = languageFor(locale, acceptLanguage);
  return { tag, t: tag === "hi-IN" ? hindi : english, decline };
}

export function dateText(seconds: number, tag: string): string {
  const shape = { day: "numeric", month: "long", timeZone: "UTC", year: "numeric" } as const;
  return new Date(seconds * 1000).toLocaleDateString(tag === "hi-IN" ? "hi-IN" : "en-GB", shape);
}
