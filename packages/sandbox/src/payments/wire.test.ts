import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";
import { check, checkLists } from "../test-wire.ts";

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());

test("whatever payments, discounts and disputes answer and tell is whole", async () => {
  const { stripe } = shop;
  const seen = new Map<string, number>();
  const see = async (answer: Promise<unknown>) =>
    check(JSON.parse(JSON.stringify(await answer)), "answer", seen);
  const pay = (payment_method: string, extra = {}) =>
    stripe.paymentIntents.create({
      amount: 10_000,
      confirm: true,
      currency: "usd",
      payment_method,
      ...extra,
    });

  const coupon = await stripe.coupons.create({ percent_off: 10, duration: "forever" });
  const promotion = { type: "coupon" as const, coupon: coupon.id };
  await see(stripe.promotionCodes.create({ promotion, code: "TEN" }));
  const customer = await stripe.customers.create({ email: "asha@example.com" });
  const apiVersion = "2025-02-24.acacia";
  await stripe.rawRequest("POST", `/v1/customers/${customer.id}`, { coupon: coupon.id }, { apiVersion });
  await see(stripe.customers.deleteDiscount(customer.id));
  const plan = await shop.plan({ discounts: [{ coupon: coupon.id }] });
  await shop.confirm(plan.id);
  await see(stripe.checkout.sessions.retrieve(plan.id, { expand: ["subscription.discounts", "invoice"] }));

  for (const method of ["pm_card_createDispute", "pm_card_createDisputeInquiry", "pm_card_pendingRefund"]) {
    await see(pay(method));
  }
  const [inquiry, chargeback] = (await stripe.disputes.list()).data;
  await see(stripe.disputes.close(inquiry?.id ?? ""));
  const evidence = { uncategorized_text: "winning_evidence" };
  await see(stripe.disputes.update(chargeback?.id ?? "", { evidence }));
  await see(stripe.disputes.retrieve(chargeback?.id ?? "", { expand: ["charge", "payment_intent"] }));
  await pay("pm_card_createIssuerFraudRecord");
  const slow = await pay("pm_card_pendingRefund");
  await see(stripe.refunds.create({ payment_intent: slow.id }));
  const failing = await pay("pm_card_refundFail");
  await stripe.refunds.create({ payment_intent: failing.id });
  const held = await pay("pm_card_visa", { capture_method: "manual" });
  await see(stripe.paymentIntents.capture(held.id, { amount_to_capture: 4_000 }));
  await see(pay("pm_card_threeDSecure2Required"));
  await refusal(pay("pm_card_radarBlock"));
  await see(stripe.charges.create({ amount: 500, currency: "usd", source: "tok_visa" }));
  await see(stripe.setupIntents.create({ confirm: true, payment_method: "pm_card_visa" }));
  await see(stripe.setupIntents.create({ confirm: true, payment_method: "pm_card_authenticationRequired" }));
  await refusal(stripe.setupIntents.create({ confirm: true, payment_method: "pm_card_chargeDeclined" }));
  const held2 = await shop.session({
    invoice_creation: { enabled: true },
    discounts: [{ coupon: coupon.id }],
  });
  await shop.confirm(held2.id);
  await shop.submit((await shop.session()).id, { paymentMethod: "oxxo" });
  const embedded = { mode: "payment", ui_mode: "embedded_page", return_url: "http://shop.test/" } as const;
  const line_items = [
    { price_data: { currency: "eur", unit_amount: 500, product_data: { name: "x" } }, quantity: 1 },
  ];
  await see(stripe.checkout.sessions.create({ ...embedded, line_items }));
  const saving = { currency: "inr", mode: "setup", success_url: "http://shop.test/" } as const;
  await shop.confirm((await stripe.checkout.sessions.create(saving)).id);
  await see(stripe.balance.retrieve());
  await shop.advance(200);
  await shop.types();
  for (const { event } of shop.received) check(event, event.type, seen);
  await checkLists(stripe, seen);
  expect([...seen.keys()]).toEqual(
    expect.arrayContaining([
      "balance",
      "balance_transaction",
      "charge",
      "checkout.session",
      "coupon",
      "discount",
      "dispute",
      "invoice",
      "payment_intent",
      "payment_method",
      "promotion_code",
      "radar.early_fraud_warning",
      "refund",
      "setup_intent",
      "subscription",
    ]),
  );
});
