import { parseAccept } from "hono/utils/accept";
import { parse } from "hono/utils/cookie";

/** The language tag a visitor chose, kept by pages that offer a choice. */
const CHOICE_COOKIE = "locale";

/** The language of `locales` a request is to be answered in: the visitor's choice, then the browser's, else the first. */
export function languageOf(locales: readonly string[], headers: Headers): string {
  const wanted = wantedLanguages(headers).map((tag) => tag.split("-")[0]);
  return wanted.find((name) => name !== undefined && locales.includes(name)) ?? locales[0] ?? "en";
}

/** Language tags, the most wanted first: the visitor's choice, then the browser's. */
function wantedLanguages(headers: Headers): string[] {
  const chosen = parse(headers.get("cookie") ?? "", CHOICE_COOKIE)[CHOICE_COOKIE];
  const browsers = browserLanguages(headers);
  return chosen !== undefined && /^[a-z]+$/.test(chosen) ? [chosen, ...browsers] : browsers;
}

/** Language tags of the browser, the most wanted first. */
export function browserLanguages(headers: Headers): string[] {
  return parseAccept(headers.get("accept-language") ?? "").map(({ type }) => type);
}
