import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FILES, llmsText } from "../scripts/llms.ts";

test.each(FILES)("%s says what the interface is now: node packages/oncepaid/scripts/llms.ts", (file) => {
  expect(readFileSync(file, "utf8")).toBe(llmsText());
});

test("llms.txt has every method that createOncepaid returns, and every command", async () => {
  const { createOncepaid } = await import("#/oncepaid.ts");
  const oncepaid = createOncepaid({
    database: undefined,
    appUrl: undefined,
    products: [],
    identify: () => null,
    stripe: { secretKey: undefined, webhookSecret: undefined },
  });
  const names = Object.entries(oncepaid).flatMap(([name, one]) =>
    typeof one === "function" ? [name] : Object.keys(one).map((inner) => `${name}.${inner}`),
  );
  expect(names.length).toBeGreaterThan(60);
  const text = llmsText();
  expect(names.filter((name) => !text.includes(`\n### ${name}\n\n`))).toEqual([]);
  expect(text.match(/^### npx oncepaid /gm)?.length).toBeGreaterThan(12);
});
