import type { Locale } from "#/locale.ts";
import devanagari from "#/ui/look/fonts/devanagari.woff2";
import inter from "#/ui/look/fonts/inter.woff2";
import interBeside from "#/ui/look/fonts/inter-beside.woff2";
import { NAMES_FONT } from "#/ui/look/fonts/names.ts";

/**
 * The pages' fonts, served by ourselves, cut to the script that is read (scripts/fonts.ts). What a language needs is asked for before the
 * styles do. Nothing moves when one comes late: what isn't there at once is written in the reader's own font on this page (Arial at Inter's
 * measures), and in ours on the next.
 */
const LATIN_RANGE =
  "U+20-7E, U+A0-FF, U+2013-2014, U+2018-201A, U+201C-201E, U+2022, U+2026, U+2039-203A, U+20AC, U+2122, U+2190, U+2192, U+2212";
const RUPEE = "U+20B9";

const latin = (url: string, range: string) => `
@font-face {
  font-family: "Inter";
  src: url("${url}") format("woff2");
  font-weight: 400 700;
  font-display: optional;
  unicode-range: ${range};
}
@font-face {
  font-family: "Inter sized";
  src: local("Arial"), local("Liberation Sans"), local("Arimo");
  ascent-override: 89.79%;
  descent-override: 22.36%;
  line-gap-override: 0%;
  size-adjust: 107.89%;
}`;

const DEVANAGARI = `
@font-face {
  font-family: "Noto Sans Devanagari";
  src: url("${devanagari}") format("woff2");
  font-weight: 400 700;
  font-display: optional;
  unicode-range: U+900-97F, U+200C-200D, ${RUPEE}, U+25CC;
}`;

/**
 * On a page in another script one word is Devanagari: the name of the language. It is within the page, so it is there a moment later
 * on the slowest phone, and until then the word is not drawn: a system without Devanagari would draw boxes.
 */
const DEVANAGARI_NAME = `
@font-face {
  font-family: "Noto Sans Devanagari";
  src: url("${NAMES_FONT}") format("woff2");
  font-display: block;
  unicode-range: U+900-97F;
}`;

/** In Devanagari the Latin letters stand beside it, in one cut for all sizes, which is a third smaller. */
const IN_DEVANAGARI = {
  files: [interBeside, devanagari],
  style: latin(interBeside, LATIN_RANGE) + DEVANAGARI,
};
const IN_LATIN = { files: [inter], style: latin(inter, `${LATIN_RANGE}, ${RUPEE}`) + DEVANAGARI_NAME };

export function Fonts({ locale }: { locale: Locale }) {
  const { files, style } = new Intl.Locale(locale).maximize().script === "Deva" ? IN_DEVANAGARI : IN_LATIN;
  return (
    <>
      {files.map((url) => (
        <link key={url} rel="preload" href={url} as="font" type="font/woff2" crossOrigin="anonymous" />
      ))}
      <style>{style}</style>
    </>
  );
}
