import { expect, test } from "vitest";
import type { Kind } from "../../packages/oncepaid/src/rules/kinds.ts";
import { filesOf, textOf } from "./documents.ts";

/** Every kind of product; whoever adds one doesn't compile until it stands here. */
const KINDS: Record<Kind, true> = { download: true, plan: true, booking: true };
/** Of entitlements: what is granted without a payment is never a booking. */
const CHECK = /table oncepaid\.entitlement\b[^;]*?check \(kind in \(([^)]*)\)\)/g;

test("the database takes every kind of product there is, and no other", () => {
  const migrations = filesOf("packages/oncepaid/migrations").map(textOf).join("\n");
  const newest = [...migrations.matchAll(CHECK)].at(-1)?.[1] ?? "";
  const taken = newest.split(",").map((kind) => kind.trim().replaceAll("'", ""));
  expect(taken.sort()).toEqual(Object.keys(KINDS).sort());
});
