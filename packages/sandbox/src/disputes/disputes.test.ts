import { afterEach, beforeEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop.close());

/** A payment over the API, with what came of it told and forgotten. */
async function paid(payment_method = "pm_card_visa") {
  const { latest_charge } = await shop.stripe.paymentIntents.create({
    amount: 10_000,
    currency: "usd",
    confirm: true,
    payment_method,
  });
  await shop.advance(3);
  await shop.types();
  shop.forget();
  return { charge: String(latest_charge) };
}

async function disputeOf(charge: string) {
  const [dispute] = (await shop.stripe.disputes.list({ charge })).data;
  if (!dispute) throw new Error("there is no dispute");
  return dispute;
}

test("a chargeback is told between the charge and the payment, and takes the money and a fee", async () => {
  const session = await shop.session();
  await shop.confirm(session.id, "pm_card_createDispute");
  expect(await shop.types()).toEqual([
    "charge.succeeded",
    "charge.dispute.created",
    "charge.dispute.funds_withdrawn",
    "payment_intent.succeeded",
    "payment_intent.created",
    "checkout.session.completed",
  ]);
  const dispute = shop.last("charge.dispute.created").data.object;
  expect(dispute).toMatchObject({
    id: expect.stringMatching(/^du_/),
    amount: 49_900,
    reason: "fraudulent",
    status: "needs_response",
    is_charge_refundable: false,
    evidence_details: { has_evidence: false, submission_count: 0 },
    payment_method_details: { card: { case_type: "chargeback", network_reason_code: "10.4" } },
    balance_transactions: [{ amount: -49_900, fee: 1500, net: -51_400, type: "adjustment" }],
  });
  expect(Object.keys(dispute.evidence)).toHaveLength(28);
  const charge = await shop.stripe.charges.retrieve(String(dispute.charge));
  expect(charge).toMatchObject({ disputed: true, amount_refunded: 0 });
  const error = await refusal(shop.stripe.refunds.create({ charge: charge.id }));
  expect(error).toMatchObject({ code: "charge_disputed" });
  expect(error.message).toBe(`Charge ${charge.id} has been charged back; cannot issue a refund.`);
});

test("evidence that wins brings the money back, not the fee, and the charge can be refunded again", async () => {
  const { charge } = await paid("pm_card_createDispute");
  const { id } = await disputeOf(charge);
  const submitted = await shop.stripe.disputes.update(id, {
    evidence: { uncategorized_text: "winning_evidence" },
  });
  expect(submitted).toMatchObject({
    status: "under_review",
    evidence_details: { has_evidence: true, submission_count: 1 },
  });
  expect(await shop.types()).toEqual(["charge.dispute.updated", "charge.updated"]);
  shop.forget();
  await shop.advance(6);
  expect(await shop.types()).toEqual(["charge.dispute.funds_reinstated", "charge.dispute.closed"]);
  expect(shop.last("charge.dispute.closed").data.object).toMatchObject({
    status: "won",
    is_charge_refundable: true,
    balance_transactions: [{ net: -11_500 }, { amount: 10_000, fee: 0 }],
  });
  expect(await shop.stripe.charges.retrieve(charge)).toMatchObject({ disputed: true });
  expect(await shop.stripe.refunds.create({ charge })).toMatchObject({ status: "succeeded" });
});

test("evidence that loses closes the dispute, and nothing can be said after that", async () => {
  const { charge } = await paid("pm_card_createDisputeProductNotReceived");
  const { id, reason } = await disputeOf(charge);
  expect(reason).toBe("product_not_received");
  await shop.stripe.disputes.update(id, { evidence: { uncategorized_text: "losing_evidence" } });
  await shop.types();
  shop.forget();
  await shop.advance(6);
  expect(await shop.types()).toEqual(["charge.dispute.closed", "charge.updated"]);
  expect(shop.last("charge.dispute.closed").data.object.status).toBe("lost");
  for (const late of [
    shop.stripe.disputes.close(id),
    shop.stripe.disputes.update(id, { evidence: { uncategorized_text: "winning_evidence" } }),
  ]) {
    expect((await refusal(late)).message).toBe("This dispute is already closed");
  }
});

test("staged evidence is not sent, and giving in loses at once", async () => {
  const { charge } = await paid("pm_card_createDispute");
  const { id } = await disputeOf(charge);
  const evidence = { customer_name: "Asha Rao", uncategorized_text: "winning_evidence" };
  const staged = await shop.stripe.disputes.update(id, { evidence, submit: false });
  expect(staged).toMatchObject({ status: "needs_response", evidence_details: { submission_count: 0 } });
  await shop.advance(6);
  expect((await shop.stripe.disputes.close(id)).status).toBe("lost");
  expect(await shop.types()).toEqual(["charge.dispute.updated", "charge.dispute.closed", "charge.updated"]);
});

test("an inquiry takes no money, allows a refund, and may turn into a chargeback", async () => {
  const { charge } = await paid("pm_card_createDisputeInquiry");
  const inquiry = await disputeOf(charge);
  expect(inquiry).toMatchObject({
    status: "warning_needs_response",
    is_charge_refundable: true,
    balance_transactions: [],
  });
  await shop.stripe.refunds.create({ charge, amount: 1000 });
  await shop.stripe.disputes.update(inquiry.id, {
    evidence: { uncategorized_text: "escalate_inquiry_evidence" },
  });
  expect((await disputeOf(charge)).status).toBe("warning_under_review");
  await shop.types();
  shop.forget();
  await shop.advance(6);
  const types = await shop.types();
  expect(types.filter((type) => type.startsWith("charge.dispute"))).toEqual([
    "charge.dispute.updated",
    "charge.dispute.funds_withdrawn",
  ]);
  expect(await disputeOf(charge)).toMatchObject({
    status: "needs_response",
    is_charge_refundable: false,
    balance_transactions: [{ amount: -10_000 }],
  });
});

test("a refund that was on its way fails when an inquiry escalates", async () => {
  const { charge } = await paid("pm_card_pendingRefund");
  await shop.control(`charges/${charge}/dispute`, { inquiry: true });
  const refund = await shop.stripe.refunds.create({ charge });
  expect(refund.status).toBe("pending");
  const { id } = await disputeOf(charge);
  await shop.control(`disputes/${id}/settle`, { outcome: "escalate" });
  expect(await shop.stripe.refunds.retrieve(refund.id)).toMatchObject({
    status: "failed",
    failure_reason: "charge_for_pending_refund_disputed",
  });
  expect(await shop.stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 0, refunded: false });
});

test("several disputes may share a charge, each about a part of it", async () => {
  const { charge } = await paid("pm_card_createMultipleDisputes");
  const { data } = await shop.stripe.disputes.list({ charge });
  expect(data.map(({ amount, reason }) => [amount, reason])).toEqual([
    [5_000, "product_not_received"],
    [5_000, "fraudulent"],
  ]);
});

test("a fraud warning comes with the charge", async () => {
  const { charge } = await paid("pm_card_createIssuerFraudRecord");
  const [warning] = (await shop.stripe.radar.earlyFraudWarnings.list({ charge })).data;
  expect(warning).toMatchObject({ actionable: true, charge, fraud_type: "made_with_stolen_card" });
});

test("a dispute can be opened at any time, over any amount, lost from the start or told backwards", async () => {
  const { charge } = await paid();
  await shop.control(`charges/${charge}/dispute`, { amount: 12_000, reason: "duplicate" });
  expect(await disputeOf(charge)).toMatchObject({ amount: 12_000, reason: "duplicate" });
  await shop.types();
  shop.forget();
  await shop.control(`charges/${charge}/dispute`, { lost: true });
  expect(await shop.types()).toEqual([
    "charge.dispute.created",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.closed",
  ]);
  expect(shop.last("charge.dispute.created").data.object.status).toBe("lost");
  shop.forget();
  await shop.control(`charges/${charge}/dispute`, { closed_first: true });
  expect(await shop.types()).toEqual([
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.funds_withdrawn",
  ]);
  expect(shop.last("charge.dispute.created").data.object.status).toBe("needs_response");
});

test("a lost dispute may still be won, and nothing else that is over changes", async () => {
  const { charge } = await paid("pm_card_createDispute");
  const { id } = await disputeOf(charge);
  await shop.stripe.disputes.close(id);
  await shop.types();
  shop.forget();
  await shop.control(`disputes/${id}/settle`, { outcome: "won" });
  expect(await shop.types()).toEqual(["charge.dispute.funds_reinstated", "charge.dispute.closed"]);
  const again = await shop.control(`disputes/${id}/settle`, { outcome: "lost" });
  expect(again).toEqual({ error: "This dispute is already closed" });
});

test("a dispute that nobody answers in time is lost", async () => {
  const { charge } = await paid("pm_card_createDispute");
  await shop.advance(22 * 86_400);
  expect(await disputeOf(charge)).toMatchObject({ status: "lost", evidence_details: { past_due: true } });
});
