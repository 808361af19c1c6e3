import { expect, test } from "vitest";
import { withNeighbours } from "./neighbours.ts";

const find = (_: string, specifier: string) => specifier;

test("a file about Stripe brings along who imports it and what it imports, a few imports far", () => {
  const texts = new Map([
    ["route", 'import "service";'],
    ["service", 'import "pay"; const words = "none";'],
    ["pay", 'import Stripe from "stripe"; import { save } from "orders";'],
    ["orders", 'import { table } from "tables";'],
    ["tables", ""],
    ["unrelated", 'import "tables";'],
  ]);
  expect(withNeighbours(["pay"], texts, find).sort()).toEqual([
    "orders",
    "pay",
    "route",
    "service",
    "stripe",
    "tables",
  ]);
});

test("a file that everybody imports doesn't bring along everybody", () => {
  const texts = new Map([["pay", "stripe"]]);
  for (let number = 0; number < 2_000; number++) texts.set(`page-${number}`, 'import "pay";');
  expect(withNeighbours(["pay"], texts, find).length).toBeLessThan(500);
});
