import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { PartError } from "./part-error.ts";
import { SHOP } from "./places.ts";

/**
 * A folder of shop/src/texts is a language. The modules that name them all are written here, because the pages' bundler and the browser
 * take nothing that isn't imported by name; what a language lacks doesn't compile.
 */
const SOURCES = join(SHOP, "src");
/** Every text of the shop is in it: the measure of the others, and the first. */
const MEASURE = "en";
const MADE = "Made of the folders in texts/ by embedded/languages.ts: npm start and npm run dev do it.";

/** Writes what isn't as the folders say. */
export function writeLanguages(): void {
  for (const [file, content] of languageModules()) {
    const path = join(SOURCES, file);
    if (!existsSync(path) || readFileSync(path, "utf8") !== content) writeFileSync(path, content);
  }
}

/** Each module with its content, by its path in shop/src. Throws PartError where a folder can't be a language. */
export function languageModules(texts = join(SOURCES, "texts")): Map<string, string> {
  const folders = readdirSync(texts, { withFileTypes: true });
  const found = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const locales = [MEASURE, ...found.filter((name) => name !== MEASURE).sort()];
  const parts = readdirSync(join(texts, MEASURE))
    .filter((file) => file.endsWith(".json"))
    .map((file) => basename(file, ".json"))
    .sort();
  for (const name of locales)
    refuse(name, LANGUAGE, "A language is two or three small letters, as in en or hi");
  for (const name of parts)
    refuse(name, PART, "A file of texts is named with letters alone, as in cart.json");
  return new Map([
    ["locales.ts", localesModule(locales)],
    [join("texts", "all.ts"), allModule(locales, parts)],
    [join("texts", "crash.ts"), crashModule(locales)],
  ]);
}

/** A region is none of a language's own here: a buyer whose browser asks for pt-BR is answered in pt (locale.ts). */
const LANGUAGE = /^[a-z]{2,3}$/;
/** It becomes part of a name in the modules. */
const PART = /^[a-z]+$/i;

function refuse(name: string, allowed: RegExp, rule: string): void {
  if (allowed.test(name)) return;
  throw new PartError(`${rule}; shop/src/texts has "${name}": rename it.`);
}

function localesModule(locales: string[]): string {
  const listed = locales.map((locale) => `"${locale}"`).join(", ");
  return `/** ${MADE} */\nexport const LOCALES = [${listed}] as const;\n`;
}

function allModule(locales: string[], parts: string[]): string {
  const names = locales.flatMap((locale) => parts.map((part) => ({ locale, part })));
  const imports = names.map(
    ({ locale, part }) =>
      `import ${nameOf(locale, part)} from "#/texts/${locale}/${part}.json" with { type: "json" };\n`,
  );
  const languages = locales.map(
    (locale) => `  ${locale}: {\n${parts.map((part) => `    ...${nameOf(locale, part)},\n`).join("")}  },\n`,
  );
  return `${imports.join("")}\n/** ${MADE} */\nexport const ALL = {\n${languages.join("")}};\n`;
}

/** By itself: the page that says it when all else failed brings no other text along. */
function crashModule(locales: string[]): string {
  const imports = locales.map(
    (locale) =>
      `import ${nameOf(locale, "crash")} from "#/texts/${locale}/crash.json" with { type: "json" };\n`,
  );
  const named = locales.map((locale) => `${locale}: ${nameOf(locale, "crash")}`);
  return `${imports.join("")}\n/** ${MADE} */\nexport const CRASH = { ${named.join(", ")} };\n`;
}

/** Never the language alone, which may be a word of the program: `new` is one. */
function nameOf(locale: string, part: string): string {
  return `${locale}${part.slice(0, 1).toUpperCase()}${part.slice(1)}`;
}
