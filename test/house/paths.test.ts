import { readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { exists, filesOf, linksIn, pathsIn, ROOT, textOf } from "./documents.ts";

const DOCUMENTS = [
  "README.md",
  "ARCHITECTURE.md",
  "STYLE.md",
  "CHANGELOG.md",
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

test.each(DOCUMENTS)("every path that %s names is there", (document) => {
  const files = filesOf();
  expect(pathsIn(textOf(document)).filter((path) => !exists(path, files))).toEqual([]);
});

test.each(DOCUMENTS)("every link of %s within the repository leads somewhere", (document) => {
  const files = filesOf();
  const targets = linksIn(textOf(document)).map((link) => normalize(join(dirname(document), link)));
  expect(
    targets.filter((target) => !files.some((file) => file === target || file.startsWith(`${target}/`))),
  ).toEqual([]);
});

test("a path is known from an address, and one that isn't there is found", () => {
  const document =
    "`/api/health` `order.fulfilled` `a b.ts` `orders/write.ts` `shop/gone.ts` `rules/<name>.ts`";
  expect(pathsIn(document)).toEqual(["orders/write.ts", "shop/gone.ts", "rules/<name>.ts"]);
  const files = ["packages/oncepaid/src/orders/write.ts", "packages/shop/gone.ts"];
  expect(pathsIn(document).filter((path) => !exists(path, files))).toEqual([
    "shop/gone.ts",
    "rules/<name>.ts",
  ]);
  expect(exists("orders/{read,write}.ts", files)).toBe(true);
  expect(exists("orders/", files)).toBe(true);
});
