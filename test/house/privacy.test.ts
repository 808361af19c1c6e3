import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { textOf } from "./documents.ts";

const PAGE = textOf("docs/privacy.md");
const SCHEMA = textOf("packages/oncepaid/src/database/schema.ts");
/** What may say who somebody is, or was written by or about a person. */
const PERSONAL =
  /^(user_id|email|.*_email|payload|facts|parameters|note|asked|call|details|about|data|by|.*_by|actor|stranger|fingerprint|answer|stripe_customer_id|locale|text|address|ip|phone)$/;

type Column = { table: string; column: string };

/** The tables of the engine by the interfaces that their columns stand in; the schema's own test compares these with the database. */
function columns(): Column[] {
  const [, list = ""] = /export interface DB \{(.*?)\n\}/s.exec(SCHEMA) ?? [];
  return [...list.matchAll(/ (\w+): (\w+);/g)].flatMap(([, table = "", type = ""]) => {
    const [, body = ""] = new RegExp(`export interface ${type} \\{(.*?)\\n\\}`, "s").exec(SCHEMA) ?? [];
    return [...body.matchAll(/\n {2}(\w+):/g)].map(([, column = ""]) => ({ table, column }));
  });
}

test("the page on privacy names every table of the engine", () => {
  const tables = [...new Set(columns().map(({ table }) => table))];
  expect(tables).toContain("order");
  expect(tables.filter((table) => !new RegExp(`\`${table}(\\.\\w+)?\``).test(PAGE))).toEqual([]);
});

test("the page on privacy names every column that may hold something of a person", () => {
  const personal = columns().filter(({ column }) => PERSONAL.test(column));
  expect(personal).toContainEqual({ table: "stripe_event", column: "payload" });
  const names = personal.map(({ table, column }) => `${table}.${column}`);
  expect(names.filter((name) => !PAGE.includes(`\`${name}\``))).toEqual([]);
});

test("what the page on privacy names is there", () => {
  const known = new Set(columns().map(({ table, column }) => `${table}.${column}`));
  const named = [...PAGE.matchAll(/`([a-z_]+\.[a-z_]+)`/g)].map(([, name = ""]) => name);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

test("the page on privacy names every table of the shop's accounts", () => {
  const folder = join(import.meta.dirname, "../../shop/migrations");
  const made = readdirSync(folder).flatMap((file) =>
    [...textOf(`shop/migrations/${file}`).matchAll(/create table shop\.("?)(\w+)\1/g)].map(
      ([, , name = ""]) => name,
    ),
  );
  expect(made).toContain("user");
  expect(made.filter((name) => !PAGE.includes(`\`${name}\``))).toEqual([]);
});
