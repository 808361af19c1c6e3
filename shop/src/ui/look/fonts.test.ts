import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BRAND } from "#/brand/brand.ts";
import { products } from "#/catalog/products.ts";
import { TEXTS } from "#/texts/texts.ts";
import { DEVANAGARI, fontFiles, LATIN } from "../../../scripts/fonts.ts";

const FOLDER = join(import.meta.dirname, "fonts");

test("the pages' fonts are what scripts/fonts.ts cuts out of the whole ones", async () => {
  const files = await fontFiles();
  expect([...files.keys()].sort()).toEqual(readdirSync(FOLDER).sort());
  for (const [name, bytes] of files) {
    const lies = readFileSync(join(FOLDER, name));
    expect(lies.equals(bytes), `${name}: run node shop/scripts/fonts.ts`).toBe(true);
  }
}, 60_000);

test("every letter of the texts, the brand and the products is in them", () => {
  const written = JSON.stringify([TEXTS, BRAND, products]);
  const missing = [...new Set(written)].filter(
    (letter) => !LATIN.includes(letter) && !DEVANAGARI.includes(letter),
  );
  expect(missing).toEqual([]);
});

test("the styles ask for a file for each letter it has", () => {
  const styles = readFileSync(join(import.meta.dirname, "Fonts.tsx"), "utf8");
  const ranges = [...styles.matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/g)].map(
    ([, first = "", last = first]) => [Number.parseInt(first, 16), Number.parseInt(last, 16)],
  );
  const unasked = [...LATIN, ...DEVANAGARI].filter((letter) => {
    const point = letter.codePointAt(0) ?? 0;
    return !ranges.some(([first = 0, last = 0]) => first <= point && point <= last);
  });
  expect(unasked).toEqual([]);
});
