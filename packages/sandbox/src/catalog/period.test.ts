import fc from "fast-check";
import { expect, test } from "vitest";
import { periodAfter } from "./period.ts";

const seconds = (iso: string) => Date.parse(iso) / 1000;
const after = (iso: string, interval: string, interval_count = 1) =>
  new Date(periodAfter(seconds(iso), { interval, interval_count }) * 1000).toISOString();

test.each([
  ["2026-01-15T10:20:30.000Z", "month", 1, "2026-02-15T10:20:30.000Z"],
  ["2026-01-31T10:20:30.000Z", "month", 1, "2026-02-28T10:20:30.000Z"],
  ["2028-01-31T10:20:30.000Z", "month", 1, "2028-02-29T10:20:30.000Z"],
  ["2026-12-31T00:00:00.000Z", "month", 2, "2027-02-28T00:00:00.000Z"],
  ["2028-02-29T00:00:00.000Z", "year", 1, "2029-02-28T00:00:00.000Z"],
  ["2026-03-28T12:00:00.000Z", "day", 4, "2026-04-01T12:00:00.000Z"],
  ["2026-12-28T12:00:00.000Z", "week", 2, "2027-01-11T12:00:00.000Z"],
])("after %s one period of %s × %i ends at %s", (start, interval, count, end) => {
  expect(after(start, interval, count)).toBe(end);
});

test("a month is never shorter than 28 days nor longer than 31, from any moment", () => {
  const moment = fc.integer({ min: seconds("2020-01-01"), max: seconds("2060-01-01") });
  fc.assert(
    fc.property(moment, (start) => {
      const days = (periodAfter(start, { interval: "month", interval_count: 1 }) - start) / 86_400;
      expect(days).toBeGreaterThanOrEqual(28);
      expect(days).toBeLessThanOrEqual(31);
    }),
  );
});
