import { expect, test } from "vitest";
import { mayBill } from "#/ui/account/may-bill.ts";

test.each([
  ["active", null, true],
  ["suspended", "subscription_past_due", true],
  ["ended", "dispute_lost", true],
  ["ended", "operator", true],
  ["ended", "subscription_unpaid", true],
  ["ended", "subscription_canceled", false],
  ["ended", "plan_changed", false],
])("a plan that is %s (%s) can be managed at Stripe: %s", (state, reason, expected) => {
  expect(mayBill({ state, reason })).toBe(expected);
});
