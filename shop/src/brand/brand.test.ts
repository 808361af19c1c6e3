import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DARK, LIGHT, NAME } from "#/brand/brand.ts";
import { BRAND_STYLE } from "#/brand/style-sheet.ts";

/** Source: WCAG 2.2, relative luminance and contrast ratio. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

test.each([
  ["light", LIGHT],
  ["dark", DARK],
])("every text can be read on what it stands on in the %s: 4.5 to 1 at least", (_, palette) => {
  const { paper, surface, ink, muted, accent, accentHover, onAccent, accentSoft } = palette;
  const { goldSoft, onGold, danger, dangerSoft } = palette;
  const pairs: [string, string][] = [
    ...[ink, muted, accent, danger].flatMap((text): [string, string][] => [
      [text, paper],
      [text, surface],
    ]),
    [onAccent, accent],
    [onAccent, accentHover],
    [ink, accentSoft],
    [onGold, goldSoft],
    [danger, dangerSoft],
  ];
  for (const [text, ground] of pairs) {
    expect(contrast(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  }
});

test("the style sheet names every colour once for the light and once for the dark", () => {
  for (const [name, color] of [...Object.entries(LIGHT), ...Object.entries(DARK)]) {
    const variable = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    expect(BRAND_STYLE).toContain(`--${variable}: ${color};`);
  }
});

test("the icon has the brand's colours and name", () => {
  const icon = readFileSync(join(import.meta.dirname, "..", "app", "icon.svg"), "utf8");
  const { accent, onAccent, gold } = LIGHT;
  expect(icon).toContain(`<title>${NAME}</title>`);
  expect([...new Set(icon.match(/#[0-9a-f]{6}/g))].sort()).toEqual([accent, gold, onAccent].sort());
});
