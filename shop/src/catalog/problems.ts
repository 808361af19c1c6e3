import { z } from "zod";
import type { ShopProduct } from "#/catalog/shop-product.ts";
import { LANGUAGE } from "#/locale.ts";

const words = z.string().trim().min(1, "is empty");
const inLanguages = z.record(z.string(), words).refine((texts) => LANGUAGE in texts, "has no English text");
const publicFile = z
  .string()
  .regex(/^\/(?!\/)[^\s?#]+$/, "must be the path of a file in shop/public, beginning with /");
const pixels = z.int("must be a number of pixels").positive("must be a number of pixels");

const product = z.object({
  key: z.string().regex(/^[a-z0-9_-]+$/, "may have lower case letters, digits, _ and -"),
  pictures: z
    .array(
      z.object({
        src: publicFile.regex(
          /\.(jpe?g|png|webp)$/i,
          "must be a JPEG, PNG or WebP, which Stripe and mails can show",
        ),
        width: pixels,
        height: pixels,
        alt: inLanguages,
      }),
    )
    .min(1, "has no picture: name one of shop/public"),
  previews: z.array(z.object({ href: publicFile, name: inLanguages })).optional(),
  taxBehavior: z.enum(["inclusive", "exclusive"], "must be inclusive or exclusive").optional(),
  text: z
    .record(
      z.string(),
      z.object({
        label: words,
        name: words,
        description: words,
        about: z.array(words),
        gets: z.array(words),
        prices: z.record(z.string(), words).optional(),
        features: z.record(z.string(), words).optional(),
      }),
    )
    .refine((texts) => LANGUAGE in texts, "has no English text"),
});

/** What is wrong with the catalog, a sentence each; `exists` says whether a file is in shop/public. */
export function catalogProblems(
  products: readonly ShopProduct[],
  exists: (path: string) => boolean,
): string[] {
  const keys = products.map(({ key }) => key);
  const twice = keys.filter((key, place) => keys.indexOf(key) !== place);
  return [
    ...twice.map((key) => `Two products have the key “${key}”.`),
    ...products.flatMap((sold) => [...shapeProblems(sold), ...missingFiles(sold, exists)]),
  ];
}

function shapeProblems(sold: ShopProduct): string[] {
  const issues = product.safeParse(sold).error?.issues ?? [];
  return issues.map(({ path, message }) => `${path.join(".")} of “${sold.key}” ${message}.`);
}

function missingFiles({ key, pictures, previews = [] }: ShopProduct, exists: (path: string) => boolean) {
  return [
    ...pictures
      .filter(({ src }) => !exists(src))
      .map(({ src }) => `The picture ${src} of “${key}” is not in shop/public.`),
    ...previews
      .filter(({ href }) => !exists(href))
      .map(({ href }) => `The preview ${href} of “${key}” is not in shop/public.`),
  ];
}
