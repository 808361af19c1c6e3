import { expect, test } from "vitest";
import { filesOf, textOf } from "./documents.ts";

/** What an editor shows of each method and option that an app uses: words, and an example to copy. */

const ENGINE = "packages/oncepaid/src";

/** Names at these depths of indentation, each with the comment before it. */
function described(text: string, depths: readonly number[]): { name: string; comment: string }[] {
  const spaces = depths.map((depth) => " ".repeat(depth)).join("|");
  const property = new RegExp(
    `((?:/\\*\\*(?:(?!\\*/)[\\s\\S])*\\*/)?)\\n(?:${spaces})(\\w+)\\??: (?!\\{)`,
    "g",
  );
  return [...text.matchAll(property)].map(([, comment = "", name = ""]) => ({ name, comment }));
}

test.each(filesOf(`${ENGINE}/methods`).map((file) => [file]))("every method of %s has an example", (file) => {
  const [, methods = ""] = /\n {2}return \{\n([\s\S]*?)\n {2}\};/.exec(textOf(file)) ?? [];
  const all = described(`\n${methods}`, [4, 6]);
  expect(all.length).toBeGreaterThan(0);
  expect(all.filter(({ comment }) => !comment.includes("@example")).map(({ name }) => name)).toEqual([]);
});

test("every option has an example", () => {
  const [, options = ""] =
    /export type OncepaidOptions[\s\S]*?\{\n([\s\S]*?)\n\};/.exec(textOf(`${ENGINE}/options.ts`)) ?? [];
  const all = described(`\n${options}`, [2, 4]);
  expect(all.length).toBeGreaterThan(25);
  expect(all.filter(({ comment }) => !comment.includes("@example")).map(({ name }) => name)).toEqual([]);
});
