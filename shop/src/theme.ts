/** The two ways the pages are drawn. Who chose neither sees the one of their system. */
export const THEMES = ["light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
export const THEME_COOKIE = "theme";

/** The one the visitor chose; undefined where that is left to the system. */
export function themeOf(headers: Headers): Theme | undefined {
  const chosen = new RegExp(`(?:^|;\\s*)${THEME_COOKIE}=([a-z]+)`).exec(headers.get("cookie") ?? "")?.[1];
  return THEMES.find((theme) => theme === chosen);
}
