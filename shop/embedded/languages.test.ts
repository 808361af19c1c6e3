import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { languageModules } from "./languages.ts";
import { SHOP } from "./places.ts";

test("the modules that name the languages are as the folders of texts say", () => {
  const made = languageModules();
  expect([...made.keys()]).toContain("locales.ts");
  for (const [file, content] of made) {
    expect(readFileSync(join(SHOP, "src", file), "utf8"), `${file}: run npm start`).toBe(content);
  }
});
