import { DARK, FONT_FAMILY, LIGHT, MONOSPACE_FAMILY } from "#/brand/look.ts";
import type { Palette } from "#/brand/shape.ts";

/** The brand as CSS variables (`--accent-soft` for `accentSoft`), as light or dark as the reader's system. */
export const BRAND_STYLE = `:root {
  color-scheme: light dark;
  --font: ${FONT_FAMILY};
  --monospace: ${MONOSPACE_FAMILY};
  ${variables(LIGHT)}
}
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
