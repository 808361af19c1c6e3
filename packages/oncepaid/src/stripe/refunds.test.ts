import { afterAll, beforeAll, expect, test } from "vitest";
import { newMeters } from "#/meters.ts";
import { type OtherStripe, startOtherStripe } from "../../../../test/support/other-stripe.ts";
import { connectStripe } from "./client.ts";
import { refundPayment } from "./refunds.ts";

let other: OtherStripe;
beforeAll(async () => {
  other = await startOtherStripe();
});
afterAll(() => other.close());

test("a refund that another version of this program has asked for with other metadata is known as given back", async () => {
  const stripe = connectStripe({ secretKey: "sk_test_other", apiBase: new URL(other.url) }, newMeters());
  const [before, now] = [{ order_id: "1" }, { order_id: "1", shop: "a" }];
  expect(await refundPayment(stripe, "pi_1", before, "refund:1")).toEqual({ ok: true });
  // Its answer was never heard, so the same work is done again, by the new version.
  expect(await refundPayment(stripe, "pi_1", now, "refund:1")).toEqual({ ok: true });
  expect(other.refunds.size).toBe(1);
});

test("a call that Stripe doesn't answer is counted as one, each of its tries", async () => {
  const meters = newMeters();
  const stripe = connectStripe({ secretKey: "sk_test_other", apiBase: new URL(other.url) }, meters);
  other.script.dropAnswers = true;
  expect(await refundPayment(stripe, "pi_2", {}, "refund:2")).toMatchObject({ ok: false });
  other.script.dropAnswers = false;
  const { values } = await meters.stripeRequests.get();
  expect(values).toEqual([
    { labels: { method: "POST", resource: "refunds", status: "none" }, value: 3, exemplar: undefined },
  ]);
});
