import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runFolder } from "../../test/support/database.ts";
import { languageModules } from "./languages.ts";
import { SHOP } from "./places.ts";

test("the modules that name the languages are as the folders of texts say", () => {
  const made = languageModules();
  expect([...made.keys()]).toContain("locales.ts");
  for (const [file, content] of made) {
    expect(readFileSync(join(SHOP, "src", file), "utf8"), `${file}: run npm start`).toBe(content);
  }
});

/** A folder of texts with these languages, each with one file. */
function textsOf(name: string, languages: readonly string[]): string {
  const folder = join(runFolder(), `texts-${name}`);
  for (const language of languages) {
    mkdirSync(join(folder, language), { recursive: true });
    writeFileSync(join(folder, language, "crash.json"), "{}");
  }
  return folder;
}

test.each(["pt-BR", "zh-TW", "English", "x"])(
  "a folder that is no language is refused in a sentence: %s",
  (name) => {
    const refused = `two or three small letters, as in en or hi; shop/src/texts has "${name}"`;
    expect(() => languageModules(textsOf(name, ["en", name]))).toThrow(refused);
  },
);

test("a file that has no texts is left alone, and a name that can't stand in a program is refused", () => {
  const texts = textsOf("files", ["en", "new"]);
  const before = languageModules(texts);
  writeFileSync(join(texts, "en", ".DS_Store"), "");
  writeFileSync(join(texts, "en", "notes.md"), "");
  expect(languageModules(texts)).toEqual(before);
  // `new` is a language of Nepal, and a word of JavaScript.
  expect(before.get(join("texts", "crash.ts"))).toContain('import newCrash from "#/texts/new/crash.json"');
  writeFileSync(join(texts, "en", "my-texts.json"), "{}");
  expect(() => languageModules(texts)).toThrow('shop/src/texts has "my-texts"');
});
