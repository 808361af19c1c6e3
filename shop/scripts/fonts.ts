import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import subsetFont from "subset-font";
import { BRAND } from "#/brand/brand.ts";

/**
 * `node shop/scripts/fonts.ts` cuts the pages' fonts out of the whole ones: the letters and weights that pages write. What it makes lies
 * in src/ui/look/fonts, so that a build needs no tool and no network for it.
 */
const FOLDER = join(import.meta.dirname, "..", "src", "ui", "look", "fonts");
const WEIGHTS = { min: 400, max: 700 };

/** English and what western Europe writes names with; the money and the marks of the pages. */
export const LATIN = `${letters(0x20, 0x7e)}${letters(0xa0, 0xff)}–—‘’‚“”„•…‹›€₹™←→−`;
/** What Hindi is written with: the block without the letters of Vedic, Marathi, Nepali and the south, which fall to the reader's own font. */
export const DEVANAGARI = `${letters(0x901, 0x903)}${letters(0x905, 0x90d)}${letters(0x90f, 0x911)}${letters(0x913, 0x928)}${letters(0x92a, 0x930)}ल${letters(0x935, 0x939)}़${letters(0x93e, 0x943)}ॅ${letters(0x947, 0x949)}${letters(0x94b, 0x94d)}ॐ${letters(0x958, 0x95e)}${letters(0x964, 0x970)}\u200c\u200d₹◌ `;

/** Figures of one width stand below each other in tables; the rest is how letters are joined and set. */
const LATIN_FEATURES = ["kern", "liga", "tnum", "ccmp", "locl", "mark", "mkmk"];

/** Each file with its bytes, as it has to lie in the folder. */
export async function fontFiles(): Promise<Map<string, Uint8Array>> {
  const [inter, interOneSize, devanagari] = [
    whole("inter/files/inter-latin-opsz-normal.woff2"),
    whole("inter/files/inter-latin-wght-normal.woff2"),
    whole("noto-sans-devanagari/files/noto-sans-devanagari-devanagari-wght-normal.woff2"),
  ];
  const cut = (font: Buffer, text: string, keepFeatures?: string[]) =>
    subsetFont(font, text, {
      targetFormat: "woff2",
      variationAxes: { wght: WEIGHTS },
      ...(keepFeatures && { keepFeatures }),
    });
  const shown = Object.values(BRAND.languages).map((one) => one.shown);
  const written = [...shown.join("")].filter(
    (letter) => DEVANAGARI.includes(letter) && !LATIN.includes(letter),
  );
  // The words are written in one weight and need no other.
  const names = await subsetFont(devanagari, written.join(""), {
    targetFormat: "woff2",
    variationAxes: { wght: 550 },
  });
  return new Map([
    ["inter.woff2", await cut(inter, LATIN, [...LATIN_FEATURES, "calt"])],
    ["inter-beside.woff2", await cut(interOneSize, LATIN, LATIN_FEATURES)],
    ["devanagari.woff2", await cut(devanagari, DEVANAGARI)],
    ["names.ts", namesModule(names)],
    ["OFL.txt", Buffer.concat([whole("inter/LICENSE"), whole("noto-sans-devanagari/LICENSE")])],
  ]);
}

function namesModule(font: Buffer): Uint8Array {
  const line = `export const NAMES_FONT =\n  "data:font/woff2;base64,${font.toString("base64")}";\n`;
  return Buffer.from(
    `/** The name of a language in its own script, for readers whose system has no font for it. Made by scripts/fonts.ts. */\n${line}`,
  );
}

function whole(path: string): Buffer {
  return readFileSync(createRequire(import.meta.url).resolve(`@fontsource-variable/${path}`));
}

function letters(first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, place) => String.fromCodePoint(first + place)).join("");
}

if (import.meta.main) for (const [name, bytes] of await fontFiles()) writeFileSync(join(FOLDER, name), bytes);
