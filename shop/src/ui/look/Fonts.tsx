import inter from "@fontsource-variable/inter/files/inter-latin-opsz-normal.woff2";
import devanagari from "@fontsource-variable/noto-sans-devanagari/files/noto-sans-devanagari-devanagari-wght-normal.woff2";
import type { Locale } from "#/locale.ts";

/**
 * The pages' fonts, served by ourselves. What a language needs is asked for before the styles do. No line moves when one comes late:
 * until Inter is there Arial stands in at Inter's measures; Devanagari that isn't there at once is written in the reader's own font
 * on this page, and in ours on the next, because those fonts have no measures in common.
 */
const LATIN = `
@font-face {
  font-family: "Inter";
  src: url("${inter}") format("woff2");
  font-weight: 100 900;
  font-display: swap;
  unicode-range: U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-200B, U+200E-206F,
    U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD;
}
@font-face {
  font-family: "Inter sized";
  src: local("Arial"), local("Liberation Sans"), local("Arimo");
  ascent-override: 89.79%;
  descent-override: 22.36%;
  line-gap-override: 0%;
  size-adjust: 107.89%;
}`;

/** Sent where it is read: for one word on an English page, the language's own name, 121 kB are too many; the system writes that. */
const DEVANAGARI = `
@font-face {
  font-family: "Noto Sans Devanagari";
  src: url("${devanagari}") format("woff2");
  font-weight: 100 900;
  font-display: optional;
  unicode-range: U+0900-097F, U+1CD0-1CF9, U+200C-200D, U+20A8, U+20B9, U+25CC, U+A8E0-A8FF;
}`;

export function Fonts({ locale }: { locale: Locale }) {
  const hindi = locale === "hi";
  const needed = hindi ? [inter, devanagari] : [inter];
  return (
    <>
      {needed.map((url) => (
        <link key={url} rel="preload" href={url} as="font" type="font/woff2" crossOrigin="anonymous" />
      ))}
      <style>{hindi ? LATIN + DEVANAGARI : LATIN}</style>
    </>
  );
}
