import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { ROOT, TEST_DATA } from "../../shop/embedded/places.ts";
import { LANGUAGE_MARK, OTHER_BRAND, OTHER_LANGUAGE, OTHER_PRODUCT } from "./brand.ts";

/** Beside the clone's own test data, so that packages are linked and not copied. */
const COPY = join(TEST_DATA, "rebranding");

/** A clone like this one, with what an owner changes: one file, a picture for the mark, a product with its picture. */
export function rebrandedCopy(): string {
  rmSync(COPY, { recursive: true, force: true });
  for (const file of trackedFiles()) {
    mkdirSync(dirname(join(COPY, file)), { recursive: true });
    copyFileSync(join(ROOT, file), join(COPY, file));
  }
  linkPackages();
  const shop = join(COPY, "shop");
  writeFileSync(join(shop, "src", "brand", "brand.ts"), brandFile());
  const pictures = join(shop, "public", "pictures");
  for (const name of ["kestrel.png", "birds.png"]) cpSync(join(pictures, "icon.png"), join(pictures, name));
  addProduct(join(shop, "src", "catalog", "products.ts"));
  addLanguage(join(shop, "src", "texts"));
  return COPY;
}

export function removeCopy(): void {
  rmSync(COPY, { recursive: true, force: true });
}

/** What git knows of, and what is new and not ignored. */
function trackedFiles(): string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
  });
  return listed
    .toString()
    .trim()
    .split("\n")
    .filter((file) => existsSync(join(ROOT, file)));
}

/** A second name for each file of theirs costs a moment, a copy a gigabyte. */
function linkPackages(): void {
  for (const folder of [".", "packages/oncepaid", "packages/sandbox", "packages/review", "shop"]) {
    const from = join(ROOT, folder, "node_modules");
    if (existsSync(from)) execFileSync("cp", ["-al", from, join(COPY, folder)]);
  }
}

function brandFile(): string {
  const named = { shown: "Esperanto", spoken: "Esperanto" };
  const brand = { ...OTHER_BRAND, languages: { ...OTHER_BRAND.languages, [OTHER_LANGUAGE]: named } };
  return `import type { Brand } from "#/brand/shape.ts";\n\nexport const BRAND: Brand = ${JSON.stringify(brand)};\n`;
}

/** One folder, and nothing else but its name above. */
function addLanguage(texts: string): void {
  const [from, to] = [join(texts, "en"), join(texts, OTHER_LANGUAGE)];
  mkdirSync(to);
  for (const file of readdirSync(from)) {
    const marked: unknown = JSON.parse(readFileSync(join(from, file), "utf8"), (_key, text: unknown) =>
      typeof text === "string" ? LANGUAGE_MARK + text : text,
    );
    writeFileSync(join(to, file), JSON.stringify(marked));
  }
}

function addProduct(file: string): void {
  const end = "] satisfies readonly ShopProduct[];";
  const before = readFileSync(file, "utf8");
  if (!before.includes(end)) throw new Error(`The list of products in ${file} has no end like ${end}`);
  writeFileSync(file, before.replace(end, OTHER_PRODUCT + end));
}
