import { afterEach, beforeEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop.close());

/** A payment of ₹499. */
async function paid(): Promise<{ payment_intent: string; charge: string }> {
  const session = await shop.session();
  await shop.confirm(session.id);
  const [charge] = (await shop.stripe.charges.list({ limit: 1 })).data;
  await shop.types();
  shop.forget();
  return { payment_intent: String(charge?.payment_intent), charge: charge?.id ?? "" };
}

test("a refund is told in Stripe's order, its reference a moment later", async () => {
  const { payment_intent } = await paid();
  await shop.stripe.refunds.create({ payment_intent });
  await shop.advance(5);
  expect((await shop.types()).filter((type) => type !== "charge.updated")).toEqual([
    "refund.created",
    "charge.refunded",
    "refund.updated",
    "charge.refund.updated",
  ]);
  expect(shop.last("charge.refunded").data).toMatchObject({
    object: { amount_refunded: 49_900, refunded: true, status: "succeeded" },
    previous_attributes: { amount_refunded: 0, refunded: false },
  });
  const updated = shop.last("refund.updated").data;
  expect(updated.object.destination_details?.card).toMatchObject({ reference_status: "available" });
  expect(updated.previous_attributes).toMatchObject({
    destination_details: { card: { reference_status: "pending" } },
  });
});

test("partial refunds add up, and only the last makes the charge refunded", async () => {
  const { charge, payment_intent } = await paid();
  await shop.stripe.refunds.create({ charge, amount: 20_000, reason: "requested_by_customer" });
  expect(await shop.stripe.charges.retrieve(charge)).toMatchObject({
    amount_refunded: 20_000,
    refunded: false,
  });
  await shop.stripe.refunds.create({ charge, amount: 29_900 });
  const full = await shop.stripe.charges.retrieve(charge, { expand: ["refunds"] });
  expect(full).toMatchObject({ amount_refunded: 49_900, refunded: true });
  expect(full.refunds?.data.map(({ amount }) => amount)).toEqual([29_900, 20_000]);
  expect((await shop.stripe.paymentIntents.retrieve(payment_intent)).status).toBe("succeeded");
  expect((await shop.stripe.refunds.list({ payment_intent })).data).toHaveLength(2);
});

test("Stripe's fee is not given back", async () => {
  const { charge } = await paid();
  const refund = await shop.stripe.refunds.create({ charge, expand: ["balance_transaction"] });
  expect(refund.balance_transaction).toMatchObject({ amount: -49_900, fee: 0, net: -49_900, type: "refund" });
});

test("each refund that can't be is refused in Stripe's words", async () => {
  const { charge, payment_intent } = await paid();
  const none = await refusal(shop.stripe.refunds.create({}));
  expect(none.message).toBe(
    "One of the following params should be provided for this request: payment_intent or charge.",
  );
  expect(await refusal(shop.stripe.refunds.create({ charge: "ch_none" }))).toMatchObject({
    statusCode: 404,
    code: "resource_missing",
    param: "id",
  });
  expect((await refusal(shop.stripe.refunds.create({ charge, amount: 0 }))).code).toBe(
    "parameter_invalid_integer",
  );
  await shop.stripe.refunds.create({ charge, amount: 10_000 });
  const over = await refusal(shop.stripe.refunds.create({ charge, amount: 40_000 }));
  expect(over).toMatchObject({ statusCode: 400, param: "amount" });
  expect(over.message).toBe("Refund amount (₹400.00) is greater than unrefunded amount on charge (₹399.00)");
  const reason = await refusal(shop.stripe.refunds.create({ charge, reason: "regret" }));
  expect(reason.message).toBe(
    "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer",
  );
  const refund = await shop.stripe.refunds.create({ payment_intent });
  expect((await refusal(shop.stripe.refunds.cancel(refund.id))).message).toBe(
    "Canceling this refund is unsupported.",
  );
  const twice = await refusal(shop.stripe.refunds.create({ charge }));
  expect(twice).toMatchObject({ code: "charge_already_refunded" });
  expect(twice.message).toBe(`Charge ${charge} has already been refunded.`);
});

test("a refund's metadata can be changed", async () => {
  const { charge } = await paid();
  const { id } = await shop.stripe.refunds.create({ charge, metadata: { a: "1" } });
  // Its reference comes a moment later and is told as an update too.
  await shop.advance(5);
  await shop.types();
  shop.forget();
  await shop.stripe.refunds.update(id, { metadata: { b: "2" } });
  await shop.types();
  expect(shop.last("refund.updated").data).toMatchObject({
    object: { metadata: { a: "1", b: "2" } },
    previous_attributes: { metadata: { b: null } },
  });
});
