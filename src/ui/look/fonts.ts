import localFont from "next/font/local";

/** Served by ourselves, with fallbacks of the same measures, so that text doesn't move when a font arrives. */
export const inter = localFont({
  src: "../../../node_modules/@fontsource-variable/inter/files/inter-latin-opsz-normal.woff2",
  weight: "100 900",
  display: "swap",
  variable: "--font-inter",
});

/** Loaded only where there is Devanagari to show. */
export const devanagari = localFont({
  src: "../../../node_modules/@fontsource-variable/noto-sans-devanagari/files/noto-sans-devanagari-devanagari-wght-normal.woff2",
  weight: "100 900",
  display: "swap",
  preload: false,
  adjustFontFallback: false,
  declarations: [
    { prop: "unicode-range", value: "U+0900-097F, U+1CD0-1CF9, U+200C-200D, U+20B9, U+25CC, U+A8E0-A8FF" },
  ],
  variable: "--font-devanagari",
});
