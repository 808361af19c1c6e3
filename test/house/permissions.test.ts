import { expect, test } from "vitest";
import { OBJECTS } from "../../packages/oncepaid/src/stripe/objects.ts";
import { textOf } from "./documents.ts";

/** "Refunds" and "Write" of "Refunds: Write". */
const PERMISSIONS = [...new Set(Object.values(OBJECTS).map(({ permission }) => permission))].map(
  (permission) => permission.split(": "),
);

test.each(PERMISSIONS)("the page on going live asks for the permission %s: %s", (object = "", right = "") => {
  const text = textOf("docs/go-live.md").replaceAll(/\s+/g, " ");
  const [, write = "", read = ""] = /\*\*write\*\* on (.*?) \*\*read\*\* on (.*?) STRIPE_SECRET_KEY/.exec(
    text.replaceAll("`", ""),
  ) ?? ["", "", ""];
  expect(right === "Write" ? write : read).toContain(object);
});
