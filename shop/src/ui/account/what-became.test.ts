import { expect, test } from "vitest";
import { whatBecame } from "#/ui/account/what-became.ts";

const CALLED_OFF = "2030-05-04T09:00:00.000Z";

test("a date that was called off is the reason, before the money comes back and after it", () => {
  expect(whatBecame({ state: "booked", canceledAt: CALLED_OFF }, null)).toBe("canceled");
  expect(whatBecame({ state: "released", canceledAt: CALLED_OFF }, "refunded")).toBe("canceled");
});

test("a booking that its buyer gave up, or that was refunded on a date that takes place, is given back", () => {
  expect(whatBecame({ state: "released", canceledAt: CALLED_OFF }, "buyer")).toBe("released");
  expect(whatBecame({ state: "released", canceledAt: null }, "refunded")).toBe("released");
  expect(whatBecame({ state: "booked", canceledAt: null }, null)).toBe("booked");
});
