import { type Copy, en } from "./english.ts";
import { hi, hindiDeclines } from "./hindi.ts";

export interface Language {
  tag: "en" | "hi-IN";
  copy: Copy;
  decline(decline: { code: string; decline_code: string | null; message: string }): string;
}

const english: Language = { tag: "en", copy: en, decline: ({ message }) => message };
const hindi: Language = {
  tag: "hi-IN",
  copy: hi,
  decline: ({ code, decline_code, message }) =>
    hindiDeclines[decline_code ?? ""] ?? hindiDeclines[code] ?? message,
};

/** The session's locale; with none, or `auto`, what the browser prefers. Other languages are not spoken yet. */
export function languageFor(locale: string | null, acceptLanguage = ""): Language {
  const wanted = locale && locale !== "auto" ? locale : (preferred(acceptLanguage) ?? "en");
  return wanted.toLowerCase().startsWith("hi") ? hindi : english;
}

export function say(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
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
