import { z } from "zod";
import { contrast, LEAST_CONTRAST, PAIRS, palette } from "#/brand/palette.ts";
import { type Brand, LEGAL_PAGES } from "#/brand/shape.ts";
import { LANGUAGE, LOCALES } from "#/locale.ts";

const words = z.string().trim().min(1, "is empty");
const inLanguages = z.record(z.string(), words).refine((texts) => LANGUAGE in texts, "has no English text");
const color = z.string().regex(/^#[0-9a-f]{6}$/i, "must be a colour like #0f6f4c");
const colors = z.object({ paper: color, ink: color, accent: color, highlight: color }).catchall(color);
const said = z.union(
  [
    z.url({ protocol: /^https$/ }),
    z
      .record(
        z.string(),
        z
          .array(z.object({ title: words, text: z.array(words).min(1, "has no paragraph") }))
          .min(1, "has no section"),
      )
      .refine((texts) => LANGUAGE in texts, "has no English text"),
  ],
  "must be an https address, or sections in each language",
);

const brand = z.object({
  name: words.max(60, "has more than 60 characters"),
  suffix: inLanguages.optional(),
  description: inLanguages,
  logo: z.string().regex(/^\s*<svg\b[^>]*\bviewBox=/, "must be an SVG with a viewBox"),
  icon: z
    .string()
    .regex(/^\/[^\s?#]+\.(png|jpe?g)$/i, "must be the path of a PNG or JPEG in shop/public")
    .optional(),
  stamp: words.optional(),
  colors: z.object({ light: colors, dark: colors }),
  fonts: z.object({
    text: words.regex(/^[^"]*$/, "must have single quotes only"),
    code: words.regex(/^[^"]*$/, "must have single quotes only"),
  }),
  languages: z
    .record(z.string(), z.object({ shown: words, spoken: words }))
    .refine(
      (names) => LOCALES.every((locale) => locale in names),
      "leaves a folder of shop/src/texts without its name",
    ),
  home: z.object({ title: inLanguages, lead: inLanguages }),
  contact: z.object({ email: z.email("must be an e-mail address"), phone: words.optional() }),
  seller: z.object({
    name: words,
    address: z.array(words).min(1, "has no line"),
    taxId: words.optional(),
  }),
  legal: z.object({ terms: said.optional(), privacy: said.optional(), refunds: said.optional() }),
});

/** What is wrong with a brand, a sentence each; `exists` says whether a file is in shop/public. */
export function brandProblems(given: Brand, exists: (path: string) => boolean): string[] {
  const issues = brand.safeParse(given).error?.issues ?? [];
  if (issues.length > 0)
    return issues.map(({ path, message }) => `${path.join(".")} of the brand ${message}.`);
  return [
    ...(given.icon === undefined || exists(given.icon)
      ? []
      : [`The icon ${given.icon} of the brand is not in shop/public.`]),
    ...unreadable(given, "light"),
    ...unreadable(given, "dark"),
  ];
}

/** What of a seller's duties the brand leaves out, a sentence each. A shop can be shown without, but not sell. */
export function unsaid({ legal }: Brand): string[] {
  return LEGAL_PAGES.filter((name) => legal[name] === undefined).map(
    (name) => `The brand says nothing under legal.${name}, so no page links to /${name}.`,
  );
}

function unreadable({ colors }: Brand, scheme: "light" | "dark"): string[] {
  const drawn = palette(colors[scheme], scheme);
  return PAIRS.flatMap(([text, ground]) => {
    const ratio = contrast(drawn[text], drawn[ground]);
    if (ratio >= LEAST_CONTRAST) return [];
    // Rounded down, so that 4.49 isn't told as enough.
    const told = Math.floor(ratio * 10) / 10;
    return [
      `${text} ${drawn[text]} on ${ground} ${drawn[ground]} has a contrast of ${told} to 1 in the ${scheme} colours of the brand; text needs ${LEAST_CONTRAST} to 1.`,
    ];
  });
}
