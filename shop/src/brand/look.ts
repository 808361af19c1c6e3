import { BRAND } from "#/brand/brand.ts";
import { palette } from "#/brand/palette.ts";

/** The brand as pages and mails use it. */
export const NAME = BRAND.name;
export const FONT_FAMILY = BRAND.fonts.text;
export const MONOSPACE_FAMILY = BRAND.fonts.code;
export const LIGHT = palette(BRAND.colors.light, "light");
export const DARK = palette(BRAND.colors.dark, "dark");

/** The logo where no style sheet reaches it: as a file of its own. */
export const ICON = BRAND.logo
  .replaceAll("var(--accent)", LIGHT.accent)
  .replaceAll("var(--highlight)", LIGHT.highlight);
