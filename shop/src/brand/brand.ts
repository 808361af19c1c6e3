/** How the shop is called and looks, on its pages, in its mails and on the pages beside them. */

export const NAME = "Oncepaid";

/** Single quotes, so that it can stand in a style attribute. "Inter sized" is Arial at Inter's measures (ui/look/Fonts.tsx). */
export const FONT_FAMILY =
  "'Inter', 'Inter sized', 'Noto Sans Devanagari', system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";
export const MONOSPACE_FAMILY =
  "ui-monospace, SFMono-Regular, Menlo, Monaco, Consolas, 'Liberation Mono', 'Courier New', monospace";

/** Every text has a contrast of 4.5 to 1 or more to what it stands on, in the light and in the dark. */
export const LIGHT = {
  paper: "#f7f4ed",
  surface: "#fffefb",
  sunken: "#ebe7dc",
  ink: "#16211b",
  muted: "#57635c",
  line: "#ddd8ca",
  accent: "#0f6f4c",
  accentHover: "#0b5a3e",
  accentSoft: "#dff0e6",
  onAccent: "#fffefb",
  gold: "#f4b63f",
  goldSoft: "#fdf0d2",
  onGold: "#5c3d05",
  danger: "#a3301f",
  dangerSoft: "#fbe7e2",
  edge: "rgb(40 34 16 / 0.45)",
  shade: "rgb(60 50 20 / 0.07)",
};

export type Palette = typeof LIGHT;

export const DARK: Palette = {
  paper: "#0d1411",
  surface: "#17201b",
  sunken: "#202b25",
  ink: "#edf1ec",
  muted: "#a4b1a9",
  line: "#303d36",
  accent: "#6fd3a5",
  accentHover: "#3fae7f",
  accentSoft: "#173527",
  onAccent: "#06251a",
  gold: "#f4b63f",
  goldSoft: "#35290f",
  onGold: "#f7d48c",
  danger: "#f5a593",
  dangerSoft: "#3b1d17",
  edge: "rgb(255 255 255 / 0.4)",
  shade: "rgb(0 0 0 / 0.3)",
};
