import { DARK, FONT_FAMILY, LIGHT, MONOSPACE_FAMILY } from "#/brand/look.ts";
import type { Palette } from "#/brand/shape.ts";
import type { Theme } from "#/theme.ts";

/** The brand as CSS variables (`--accent-soft` for `accentSoft`), in the chosen theme, else as light or dark as the reader's system. */
export function brandStyle(theme: Theme | undefined): string {
  return `:root {
  color-scheme: ${theme ?? "light dark"};
  --font: ${FONT_FAMILY};
  --monospace: ${MONOSPACE_FAMILY};
  ${variables(theme === "dark" ? DARK : LIGHT)}
}${theme === undefined ? WHERE_THE_SYSTEM_IS_DARK : ""}`;
}

/** Printed, a page is light, whatever the theme. */
export function onPaper(): string {
  return `@media print {
  :root { color-scheme: light; ${variables(LIGHT)} }
  body { background: none; }
}`;
}

const WHERE_THE_SYSTEM_IS_DARK = `
@media (prefers-color-scheme: dark) {
  :root {
    ${variables(DARK)}
  }
}`;

function variables(palette: Palette): string {
  return Object.entries(palette)
    .map(
      ([name, color]) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${color};`,
    )
    .join(" ");
}
