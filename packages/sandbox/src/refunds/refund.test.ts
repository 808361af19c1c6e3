import { afterEach, beforeEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop.close());

async function paid(payment_method: string): Promise<string> {
  const { latest_charge } = await shop.stripe.paymentIntents.create({
    amount: 10_000,
    currency: "usd",
    confirm: true,
    payment_method,
  });
  await shop.advance(3);
  await shop.types();
  shop.forget();
  return String(latest_charge);
}

test("a refund that takes its time is pending, and succeeds later", async () => {
  const charge = await paid("pm_card_pendingRefund");
  const refund = await shop.stripe.refunds.create({ charge, amount: 4_000 });
  expect(refund).toMatchObject({ status: "pending", pending_reason: "processing" });
  expect(await shop.types()).toEqual(["refund.created", "charge.refunded"]);
  shop.forget();
  await shop.advance(6);
  expect(await shop.types()).toEqual(["refund.updated", "charge.refund.updated"]);
  expect(shop.last("refund.updated").data).toMatchObject({
    object: { status: "succeeded" },
    previous_attributes: { status: "pending" },
  });
  expect(shop.last("refund.updated").data.object).not.toHaveProperty("pending_reason");
});

test("a refund that fails later gives the charge its amount back", async () => {
  const charge = await paid("pm_card_refundFail");
  const { id, status } = await shop.stripe.refunds.create({ charge });
  expect(status).toBe("succeeded");
  expect(await shop.stripe.charges.retrieve(charge)).toMatchObject({ refunded: true });
  await shop.advance(6);
  const types = await shop.types();
  expect(types.slice(-2)).toEqual(["refund.failed", "charge.refund.updated"]);
  const failed = await shop.stripe.refunds.retrieve(id, { expand: ["failure_balance_transaction"] });
  expect(failed).toMatchObject({
    status: "failed",
    failure_reason: "lost_or_stolen_card",
    failure_balance_transaction: { amount: 10_000 },
  });
  expect(await shop.stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 0, refunded: false });
});

test("who paid in cash is asked for an account, and until then the refund can be canceled", async () => {
  const session = await shop.session();
  await shop.submit(session.id, { paymentMethod: "oxxo", email: "asha.succeed_immediately@example.com" });
  await shop.advance(6);
  const [charge] = (await shop.stripe.charges.list()).data;
  const refund = await shop.stripe.refunds.create({ charge: charge?.id ?? "" });
  expect(refund).toMatchObject({ status: "requires_action", next_action: { type: "display_details" } });
  expect(await shop.stripe.refunds.cancel(refund.id)).toMatchObject({ status: "canceled" });
  expect(await shop.stripe.charges.retrieve(charge?.id ?? "")).toMatchObject({ amount_refunded: 0 });
  expect((await refusal(shop.stripe.refunds.cancel(refund.id))).message).toBe(
    "Canceling this refund is unsupported.",
  );
  const second = await shop.stripe.refunds.create({ charge: charge?.id ?? "" });
  expect((await shop.stripe.testHelpers.refunds.expire(second.id)).status).toBe("failed");
});

test("what was captured is what can be refunded", async () => {
  const intent = await shop.stripe.paymentIntents.create({
    amount: 10_000,
    capture_method: "manual",
    confirm: true,
    currency: "usd",
    payment_method: "pm_card_visa",
  });
  const refused = await refusal(shop.stripe.refunds.create({ payment_intent: intent.id }));
  expect(refused.code).toBe("charge_not_refundable");
  await shop.stripe.paymentIntents.capture(intent.id, { amount_to_capture: 6_000 });
  const over = await refusal(shop.stripe.refunds.create({ payment_intent: intent.id, amount: 7_000 }));
  expect(over.param).toBe("amount");
  await shop.stripe.refunds.create({ payment_intent: intent.id });
  expect(await shop.stripe.charges.retrieve(String(intent.latest_charge))).toMatchObject({
    amount_captured: 6_000,
    amount_refunded: 6_000,
    refunded: true,
  });
});

test("the balance counts what came in and what went out", async () => {
  const charge = await paid("pm_card_bypassPending");
  const net = 10_000 - 320;
  expect((await shop.stripe.balance.retrieve()).available).toMatchObject([{ amount: net, currency: "usd" }]);
  await shop.stripe.refunds.create({ charge, amount: 1_000 });
  const after = await shop.stripe.balance.retrieve();
  expect([after.available[0]?.amount, after.pending[0]?.amount]).toEqual([net, -1_000]);
  await shop.advance(8 * 86_400);
  expect((await shop.stripe.balance.retrieve()).available[0]?.amount).toBe(net - 1_000);
  const { data } = await shop.stripe.balanceTransactions.list({ type: "refund" });
  expect(data).toMatchObject([{ amount: -1_000, status: "available" }]);
});
