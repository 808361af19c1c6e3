import type { Colors, Palette } from "#/brand/shape.ts";

/** Pure: every colour of the pages from the four of a brand. */

const DANGER = { light: "#a3301f", dark: "#f5a593" };
const WHITE = "#ffffff";

export function palette(colors: Colors, scheme: "light" | "dark"): Palette {
  const { highlight, ...given } = colors;
  const { paper, ink, accent } = colors;
  const dark = scheme === "dark";
  const surface = given.surface ?? (dark ? mix(paper, ink, 0.055) : mix(paper, WHITE, 0.75));
  const accentHover = mix(accent, dark ? paper : ink, 0.2);
  const danger = given.danger ?? DANGER[scheme];
  return {
    surface,
    sunken: mix(paper, ink, dark ? 0.1 : 0.06),
    muted: mix(ink, paper, 0.28),
    line: mix(paper, ink, dark ? 0.17 : 0.12),
    accentHover,
    accentSoft: mix(surface, accent, dark ? 0.18 : 0.13),
    onAccent: clearer(accent, surface, dark ? paper : ink),
    gold: highlight,
    highlight,
    goldSoft: mix(surface, highlight, dark ? 0.16 : 0.22),
    onGold: mix(ink, highlight, 0.28),
    danger,
    dangerSoft: mix(surface, danger, dark ? 0.16 : 0.12),
    edge: seeThrough(ink, dark ? 0.4 : 0.45),
    shade: dark ? "rgb(0 0 0 / 0.3)" : seeThrough(ink, 0.08),
    ...given,
  };
}

/** What text stands on what: each pair needs the contrast of LEAST_CONTRAST. */
export const PAIRS: readonly (readonly [keyof Palette, keyof Palette])[] = [
  ["ink", "paper"],
  ["ink", "surface"],
  ["ink", "accentSoft"],
  ["muted", "paper"],
  ["muted", "surface"],
  ["muted", "sunken"],
  ["accent", "paper"],
  ["accent", "surface"],
  ["danger", "paper"],
  ["danger", "surface"],
  ["onAccent", "accent"],
  ["onAccent", "accentHover"],
  ["onGold", "goldSoft"],
  ["danger", "dangerSoft"],
];

/** Of text to what it stands on. Source: WCAG 2.2, 1.4.3, level AA. */
export const LEAST_CONTRAST = 4.5;

/** 1 to 21. Source: WCAG 2.2, relative luminance and contrast ratio. */
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = channels(color).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function clearer(ground: string, one: string, other: string): string {
  return contrast(one, ground) >= contrast(other, ground) ? one : other;
}

/** `share` of the other colour in the one. */
function mix(one: string, other: string, share: number): string {
  const theirs = channels(other);
  return `#${channels(one)
    .map((channel, place) => Math.round(channel + ((theirs[place] ?? 0) - channel) * share))
    .map((channel) => channel.toString(16).padStart(2, "0"))
    .join("")}`;
}

function seeThrough(color: string, alpha: number): string {
  return `rgb(${channels(color).join(" ")} / ${alpha})`;
}

/** Red, green and blue, 0 to 255. */
function channels(color: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}
