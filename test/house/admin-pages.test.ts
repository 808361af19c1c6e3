import { expect, test } from "vitest";
import { filesOf, textOf } from "./documents.ts";

const PAGES = filesOf("shop/src/app/admin").filter((file) => file.endsWith("/page.tsx"));
const MENU = textOf("shop/src/ui/admin/AdminMenu.tsx");

const addressOf = (page: string) => page.replace("shop/src/app", "").replace("/page.tsx", "");

test("there are pages for operators", () => {
  expect(PAGES.length).toBeGreaterThan(3);
});

test.each(PAGES)("%s asks for an operator before it shows anything", (page) => {
  const [, drawn = ""] = textOf(page).split("export default async function");
  const [firstStatement] = drawn.split(";");
  // A layout isn't drawn for every request, so each page asks by itself, first of all.
  expect(firstStatement).toMatch(/await requireAdmin\((?:"owner")?\)/);
});

test.each(PAGES.filter((page) => !page.includes("[")))("%s is in the operators' menu", (page) => {
  expect(MENU).toContain(`"${addressOf(page)}"`);
});
