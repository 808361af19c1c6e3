import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BRAND } from "#/brand/brand.ts";
import { DARK, LIGHT } from "#/brand/look.ts";
import { contrast, PAIRS, palette } from "#/brand/palette.ts";
import { brandProblems } from "#/brand/problems.ts";
import type { Brand, Colors } from "#/brand/shape.ts";
import { brandStyle } from "#/brand/style-sheet.ts";

const PUBLIC = join(import.meta.dirname, "..", "..", "public");
const inPublic = (path: string) => existsSync(join(PUBLIC, path));
const lightWith = (more: Partial<Colors>) => ({
  ...BRAND,
  colors: { ...BRAND.colors, light: { ...BRAND.colors.light, ...more } },
});

test("the shop's own brand is whole, and every text can be read on what it stands on in the light and in the dark", () => {
  expect(brandProblems(BRAND, inPublic)).toEqual([]);
});

test("contrast is as WCAG counts it", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});

test("colours that can't be read on each other are told with both, and their contrast", () => {
  expect(brandProblems(lightWith({ accent: "#9fdc9f" }), inPublic)).toContain(
    "accent #9fdc9f on paper #f7f4ed has a contrast of 1.4 to 1 in the light colours of the brand; text needs 4.5 to 1.",
  );
});

test("what is missing or can't be is told by the field's name", () => {
  expect(brandProblems(lightWith({ ink: "black" }), inPublic)).toEqual([
    "colors.light.ink of the brand must be a colour like #0f6f4c.",
  ]);
  expect(brandProblems({ ...BRAND, name: " " }, inPublic)).toEqual(["name of the brand is empty."]);
  expect(brandProblems({ ...BRAND, icon: "/pictures/none.png" }, inPublic)).toEqual([
    "The icon /pictures/none.png of the brand is not in shop/public.",
  ]);
});

test("terms are said on a page or at an https address, and left out they are no problem of the pages", () => {
  const withTerms = (terms: Brand["legal"]["terms"]) =>
    brandProblems({ ...BRAND, legal: { terms } }, inPublic);
  expect(withTerms(undefined)).toEqual([]);
  expect(withTerms("https://shop.example/terms")).toEqual([]);
  expect(withTerms({ en: [] })).toEqual(["legal.terms.en of the brand has no section."]);
});

test.each([
  ["blue", "#1d4ed8", "#93b4ff"],
  ["red", "#b3142b", "#ff9aa8"],
  ["violet", "#6d28d9", "#c4a6ff"],
  ["black", "#222222", "#dddddd"],
])("a %s accent on plain paper is enough for a palette that can be read", (_, light, dark) => {
  for (const [colors, scheme] of [
    [{ paper: "#ffffff", ink: "#1a1a1a", accent: light, highlight: "#e0a800" }, "light"],
    [{ paper: "#101010", ink: "#f2f2f2", accent: dark, highlight: "#e0a800" }, "dark"],
  ] as const) {
    const drawn = palette(colors, scheme);
    for (const [text, ground] of PAIRS) {
      expect(contrast(drawn[text], drawn[ground]), `${scheme}: ${text} on ${ground}`).toBeGreaterThanOrEqual(
        4.5,
      );
    }
  }
});

test("a colour that is named isn't mixed", () => {
  expect(palette({ ...BRAND.colors.light, muted: "#123456" }, "light").muted).toBe("#123456");
});

test("the style sheet names every colour once for the light and once for the dark", () => {
  for (const [name, color] of [...Object.entries(LIGHT), ...Object.entries(DARK)]) {
    const variable = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    expect(brandStyle(undefined)).toContain(`--${variable}: ${color};`);
  }
});
