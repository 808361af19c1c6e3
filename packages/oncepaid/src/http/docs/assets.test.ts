import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assetsModule } from "../../../scripts/pages.ts";

test("the styles and the script of the page are those of pages/*", () => {
  expect(readFileSync(join(import.meta.dirname, "assets.ts"), "utf8")).toBe(assetsModule());
});
