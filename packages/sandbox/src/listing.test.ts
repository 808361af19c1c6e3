import { expect, test } from "vitest";
import { type Filter, pageSql } from "./listing.ts";
import { Store } from "./store.ts";
import type { Kind } from "./wire.ts";

/** Two bounds, as a list of events has: how long they are kept, and what was asked for. */
const bounds: Filter[] = [
  { field: "created", is: ">=", value: 1 },
  { field: "created", is: ">=", value: 2 },
];

function planOf(kind: Kind, filters: Filter[]): string[] {
  const { sql, values } = pageSql(kind, filters, { limit: 100, after: { created: 5, seq: 5 } });
  const plan = new Store().db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
  return plan.map(({ detail }) => String(detail)).filter((step) => step.includes("INDEX object_"));
}

test("what few objects have is found by its own index between two bounds of time, not by reading all of that time", () => {
  const types = ["refund.failed", "charge.dispute.closed"];
  expect(planOf("event", [{ field: "type", is: "in", value: types }, ...bounds])).toEqual(
    types.map(() => expect.stringMatching(/object_by_field_2 \(kind=\? AND field_2=\? AND created>\?/)),
  );
  expect(planOf("refund", [{ field: "charge", is: "=", value: "ch_1" }, ...bounds])).toEqual([
    expect.stringMatching(/object_by_field_1 \(kind=\? AND field_1=\? AND created>\?/),
  ]);
});

test("a field without an index, or without one value, is looked for in the order of time", () => {
  expect(planOf("event", bounds)).toEqual([expect.stringContaining("object_in_order")]);
  expect(planOf("charge", [{ field: "customer", is: "=", value: null }, ...bounds])).toEqual([
    expect.stringContaining("object_in_order"),
  ]);
});

test("a page's limit stands in its statement: a bound one would be planned anew each time", () => {
  const { sql } = pageSql("charge", [{ field: "customer", is: "=", value: "cus_1" }], { limit: 11 });
  expect(sql.match(/LIMIT \S+/g)).toEqual(["LIMIT 11)", "LIMIT 11)"]);
});
