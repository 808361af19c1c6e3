import { expect, test } from "vitest";
import { settingNames } from "../../shop/src/config.ts";
import { textOf } from "./documents.ts";

/** NODE_ENV is set by the commands, not by a person. */
const WANTED = settingNames.filter((name) => name !== "NODE_ENV").sort();
const VARIABLE = /^#?([A-Z][A-Z0-9_]*)=/;
const SENTENCE = /^# .*\w/;

/** The variables of .env.example, each with whether a sentence stands above it or above the ones it stands among. */
function described(): Map<string, boolean> {
  const found = new Map<string, boolean>();
  for (const block of textOf(".env.example").split(/\n\s*\n/)) {
    let isDescribed = false;
    for (const line of block.split("\n")) {
      const [, name] = VARIABLE.exec(line) ?? [];
      if (name === undefined) isDescribed ||= SENTENCE.test(line);
      else found.set(name, isDescribed);
    }
  }
  return found;
}

test("every setting of the shop stands in .env.example, and nothing else does", () => {
  expect([...described().keys()].sort()).toEqual(WANTED);
});

test("every variable of .env.example is described", () => {
  const bare = [...described()].filter(([, isDescribed]) => !isDescribed);
  expect(bare).toEqual([]);
});
