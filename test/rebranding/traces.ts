import { BRAND } from "../../shop/src/brand/brand.ts";
import { palette } from "../../shop/src/brand/palette.ts";
import { TEXTS } from "../../shop/src/texts/texts.ts";
import { OTHER_BRAND } from "./brand.ts";

/** What a reader could know the demo by: its name, its colours, each text of its brand. */
const SHORTEST_TEXT = 12;

const shades = ({ colors }: typeof BRAND) => [
  ...Object.values(palette(colors.light, "light")),
  ...Object.values(palette(colors.dark, "dark")),
];

const others = new Set(shades(OTHER_BRAND));
/** Short words of it ("Plans"), and what the pages say whatever the brand, are anybody's. */
const anybodys = JSON.stringify(TEXTS);
const texts = textsOf({ ...BRAND, colors: undefined, fonts: undefined, icon: undefined }).filter(
  (text) => text.length >= SHORTEST_TEXT && !anybodys.includes(text),
);
const MARKS = [BRAND.name, ...shades(BRAND).filter((shade) => !others.has(shade)), ...texts];

/** Each mark of the demo in what somebody was sent, with a few letters around it. */
export function tracesIn(sent: string): string[] {
  const plain = withoutSoftware(sent.toLowerCase());
  return MARKS.flatMap((mark) => {
    const at = plain.indexOf(mark.toLowerCase());
    return at < 0
      ? []
      : [`${mark.slice(0, 40)}: …${plain.slice(Math.max(0, at - 60), at + mark.length + 30)}…`];
  });
}

/** The engine has the name of its demo. Where it is a name of the software, nobody reads it: an entry's id in a calendar, a key in a browser's storage. */
function withoutSoftware(text: string): string {
  return text.replaceAll(/(?<=uid:booking-[\w-]+)@oncepaid|(?<=")oncepaid:cart/g, "");
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Object.values(Object(value)).flatMap(textsOf);
}
