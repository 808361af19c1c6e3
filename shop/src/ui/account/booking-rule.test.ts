import { expect, test } from "vitest";
import { bookingRule } from "#/ui/account/booking-rule.ts";

const NOW = new Date("2030-05-04T10:00:00Z");
const [LATER, EARLIER] = ["2030-05-05T10:00:00.000Z", "2030-05-03T10:00:00.000Z"];
const FREELY = { until: LATER, move: true, cancel: true, refund: 1, canceling: false };
const NOTHING = { ...FREELY, move: false, cancel: false, refund: 0 };
const BOOKED = { state: "booked", canceledAt: null };

test.each([
  ["until when it can be changed", { choices: FREELY }, "until"],
  ["that it is too late, once it is", { choices: { ...NOTHING, until: EARLIER } }, "late"],
  ["not that it is too late where something else is the reason", { choices: NOTHING }, "notHere"],
  ["that only the shop changes it", { choices: { ...NOTHING, until: null } }, "never"],
  ["that it is over", { booking: { state: "released", canceledAt: null }, choices: NOTHING }, "over"],
  [
    "that its date won't take place",
    { booking: { ...BOOKED, canceledAt: EARLIER }, choices: NOTHING },
    "over",
  ],
  ["that money comes back, where some does", { choices: { ...NOTHING, canceling: true } }, "canceling"],
  [
    "nothing of money where none comes back",
    { choices: { ...NOTHING, canceling: true }, givesBack: false },
    "cancelingUnpaid",
  ],
] as const)("the page of a booking says %s", (_what, given, rule) => {
  expect(bookingRule({ booking: BOOKED, givesBack: true, ...given }, NOW)).toBe(rule);
});
