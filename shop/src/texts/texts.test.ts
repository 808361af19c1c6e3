import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LOCALES } from "#/locale.ts";
import { TEXTS } from "#/texts/texts.ts";

const LANGUAGES = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** "cart.total" → its text, through all levels. */
function flat(value: unknown, path: string[] = []): Map<string, string> {
  if (typeof value === "string") return new Map([[path.join("."), value]]);
  return new Map(Object.entries(Object(value)).flatMap(([name, inner]) => [...flat(inner, [...path, name])]));
}

const textsIn = (language: string, file: string) =>
  flat(JSON.parse(readFileSync(join(import.meta.dirname, language, file), "utf8")));

const filesOf = (language: string) =>
  readdirSync(join(import.meta.dirname, language)).filter((file) => file.endsWith(".json"));

/** What stands in braces and isn't the text of a plural's case. */
const VALUE = /(?<!(?:=\d+|zero|one|two|few|many|other)\s*)\{\s*\w+\s*[,}]/g;
const valuesOf = (text: string) => [...new Set(text.match(VALUE) ?? [])].sort();

test("every folder of texts is a language of the shop, and the other way round", () => {
  expect(LANGUAGES).toEqual([...LOCALES].sort());
  expect(Object.keys(TEXTS).sort()).toEqual(LANGUAGES);
});

test.each(LANGUAGES)(
  "no text of another language is missing in %s, and each is given the same values",
  (language) => {
    expect(filesOf(language)).toEqual(filesOf("en"));
    for (const file of filesOf("en")) {
      const [english, theirs] = [textsIn("en", file), textsIn(language, file)];
      expect([...theirs.keys()].sort(), file).toEqual([...english.keys()].sort());
      for (const [key, text] of theirs) {
        expect(text.trim(), `${file} ${key}`).not.toBe("");
        const wanted = valuesOf(english.get(key) ?? "");
        expect(valuesOf(text), `${file} ${key}`).toEqual(wanted);
      }
    }
  },
);

test.each(LOCALES)("every file of texts in %s is among those the shop reads", (locale) => {
  const read = flat(TEXTS[locale]);
  for (const file of filesOf(locale)) {
    for (const [key, text] of textsIn(locale, file)) expect(read.get(key), `${file} ${key}`).toBe(text);
  }
});
