import { expect, test } from "vitest";
import { instantOf } from "#/ui/admin/zoned-time.ts";

test("a local time is the moment that place's clock shows it", () => {
  expect(instantOf("2027-01-16T18:00", "Asia/Kolkata")).toBe("2027-01-16T12:30:00.000Z");
  expect(instantOf("2027-01-16T18:00", "Europe/Berlin")).toBe("2027-01-16T17:00:00.000Z");
  expect(instantOf("2027-07-16T18:00", "Europe/Berlin")).toBe("2027-07-16T16:00:00.000Z");
  expect(instantOf("2027-03-14T12:00", "America/New_York")).toBe("2027-03-14T16:00:00.000Z");
});

test("on the day the clocks change, each side has its own offset", () => {
  expect(instantOf("2027-03-28T01:30", "Europe/Berlin")).toBe("2027-03-28T00:30:00.000Z");
  expect(instantOf("2027-03-28T03:30", "Europe/Berlin")).toBe("2027-03-28T01:30:00.000Z");
});

test("what is no time or no zone is no moment", () => {
  expect(instantOf("soon", "Asia/Kolkata")).toBeUndefined();
  expect(instantOf("2027-01-16T18:00", "Nowhere/Town")).toBeUndefined();
});
