import { expect, test } from "vitest";
import { whatBecame } from "#/ui/account/what-became.ts";

const CALLED_OFF = "2030-05-04T09:00:00.750Z";

function ended(reason: string, endsAt: string) {
  return { reason, endsAt };
}

test("a date that was called off is the reason, before the money comes back and after it", () => {
  expect(whatBecame({ state: "booked", canceledAt: CALLED_OFF }, { reason: null, endsAt: null })).toEqual({
    state: "canceled",
    calledOff: false,
  });
  const released = { state: "released", canceledAt: CALLED_OFF };
  const calledOff = { state: "canceled", calledOff: true };
  expect(whatBecame(released, ended("refunded", "2030-05-04T09:00:03.000Z"))).toEqual(calledOff);
  // Stripe's time has no milliseconds.
  expect(whatBecame(released, ended("refunded", "2030-05-04T09:00:00.000Z"))).toEqual(calledOff);
});

test("a booking that was refunded before its date was called off, as one that its buyer gave up, is given back", () => {
  const released = { state: "released", canceledAt: CALLED_OFF };
  const givenBack = { state: "released", calledOff: false };
  expect(whatBecame(released, ended("refunded", "2030-05-04T08:59:59.000Z"))).toEqual(givenBack);
  expect(whatBecame(released, ended("buyer", "2030-05-04T09:00:03.000Z"))).toEqual(givenBack);
  expect(whatBecame(released, undefined)).toEqual(givenBack);
});

test("a date that takes place has nothing to do with what became of a booking", () => {
  const refunded = ended("refunded", "2030-05-04T09:00:03.000Z");
  expect(whatBecame({ state: "released", canceledAt: null }, refunded).state).toBe("released");
  expect(whatBecame({ state: "booked", canceledAt: null }, undefined).state).toBe("booked");
});
