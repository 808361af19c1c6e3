import { expect, test } from "vitest";
import { stripePage } from "#/ui/admin/stripe-page.ts";

test("an object is shown where its mode is: live, test, or the sandbox that stands in", () => {
  const stripe = { sandbox: undefined };
  expect(stripePage(stripe, "paymentIntent", "pi_1", true)).toBe(
    "https://dashboard.stripe.com/payments/pi_1",
  );
  expect(stripePage(stripe, "customer", "cus_1", false)).toBe(
    "https://dashboard.stripe.com/test/customers/cus_1",
  );
  expect(stripePage({ sandbox: "http://localhost:4242/" }, "subscription", "sub_1", false)).toBe(
    "http://localhost:4242/dashboard/objects/sub_1",
  );
});
