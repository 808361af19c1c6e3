/** The language tag a visitor chose, kept by pages that offer a choice. */
const CHOICE_COOKIE = "locale";

/** The language of `locales` a request is to be answered in: the visitor's choice, then the browser's, else the first. */
export function languageOf(locales: readonly string[], headers: Headers): string {
  const wanted = wantedLanguages(headers).map((tag) => tag.split("-")[0]);
  return wanted.find((name) => name !== undefined && locales.includes(name)) ?? locales[0] ?? "en";
}

/** Language tags, the most wanted first: the visitor's choice, then the browser's. */
export function wantedLanguages(headers: Headers): string[] {
  const chosen = new RegExp(`(?:^|;\\s*)${CHOICE_COOKIE}=([a-z]+)`).exec(headers.get("cookie") ?? "")?.[1];
  const browsers = (headers.get("accept-language") ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", quality = "q=1"] = part.trim().split(";");
      return { tag, quality: Number(quality.replace(/^\s*q=/, "")) || 0 };
    })
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
  return chosen === undefined ? browsers : [chosen, ...browsers];
}
