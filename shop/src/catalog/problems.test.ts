import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { catalogProblems } from "#/catalog/problems.ts";
import { findProduct, products } from "#/catalog/products.ts";
import type { ShopProduct } from "#/catalog/shop-product.ts";

const PUBLIC = join(import.meta.dirname, "..", "..", "public");
const inPublic = (path: string) => existsSync(join(PUBLIC, path));

function book(): ShopProduct {
  const found = findProduct("ebook");
  if (!found) throw new Error("The catalog has no e-book().");
  return found;
}

test("nothing is wrong with the products that come with the shop", () => {
  expect(catalogProblems(products, inPublic)).toEqual([]);
});

test("what is missing of a product is told with the product's key and the file's name", () => {
  expect(catalogProblems([book()], (path) => !path.endsWith(".jpg"))).toEqual([
    "The picture /pictures/field-guide.jpg of “ebook” is not in shop/public.",
  ]);
  expect(catalogProblems([book()], (path) => !path.endsWith(".pdf"))).toEqual([
    "The preview /previews/field-guide.pdf of “ebook” is not in shop/public.",
  ]);
  expect(catalogProblems([{ ...book(), pictures: [] }], inPublic)).toEqual([
    "pictures of “ebook” has no picture: name one of shop/public.",
  ]);
  const pictures = book().pictures.map((picture) => ({ ...picture, src: "/pictures/a.svg" as const }));
  expect(catalogProblems([{ ...book(), pictures }], () => true)).toEqual([
    "pictures.0.src of “ebook” must be a JPEG, PNG or WebP, which Stripe and mails can show.",
  ]);
  const text = { ...book().text, en: { ...book().text.en, label: " " } };
  expect(catalogProblems([{ ...book(), text }], inPublic)).toEqual(["text.en.label of “ebook” is empty."]);
});

test("two products of one key are told", () => {
  expect(catalogProblems([book(), book()], inPublic)).toEqual(["Two products have the key “ebook”."]);
});
