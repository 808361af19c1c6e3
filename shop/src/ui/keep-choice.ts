const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Keeps what the reader of a page chose, for the server to see with the next request; undefined forgets it. */
export function keepChoice(cookie: string, value: string | undefined): void {
  const secure = window.location.protocol === "https:" ? "; secure" : "";
  const age = value === undefined ? 0 : YEAR_SECONDS;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API isn't in every browser yet.
  document.cookie = `${cookie}=${value ?? ""}; path=/; max-age=${age}; samesite=lax${secure}`;
}
