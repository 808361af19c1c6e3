import { expect, test } from "vitest";
import { LONGEST } from "../support/longest-first.ts";
import { exists, filesOf } from "./documents.ts";

test("every file that is to be tested first is there", () => {
  const files = filesOf();
  expect(LONGEST.filter((file) => !exists(file, files))).toEqual([]);
});
