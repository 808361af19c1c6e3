import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";
import type { Kinds } from "../wire.ts";
import { takenOff } from "./discount.ts";

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());

const COUPON: Kinds["coupon"] = {
  id: "c",
  object: "coupon",
  amount_off: null,
  created: 0,
  currency: null,
  duration: "once",
  duration_in_months: null,
  livemode: false,
  max_redemptions: null,
  metadata: {},
  name: null,
  percent_off: null,
  redeem_by: null,
  times_redeemed: 0,
  valid: true,
};

test("a coupon never takes more than the lines cost, and a fixed amount is spread without remainder", () => {
  const lines = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 8 });
  const off = fc.integer({ min: 1, max: 3_000_000 });
  fc.assert(
    fc.property(lines, off, (amounts, amount_off) => {
      const priced = amounts.map((amount) => ({ amount, product: null }));
      const parts = takenOff({ ...COUPON, amount_off, currency: "inr" }, "inr", priced);
      const whole = amounts.reduce((sum, amount) => sum + amount, 0);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(Math.min(amount_off, whole));
      for (const [place, part] of parts.entries()) {
        expect(part).toBeGreaterThanOrEqual(0);
        expect(part).toBeLessThanOrEqual(amounts[place] ?? 0);
      }
    }),
  );
});

test("a percentage is rounded line by line, and leaves out what it does not apply to", () => {
  const coupon = { ...COUPON, percent_off: 33.3, applies_to: { products: ["prod_a"] } };
  const lines = [
    { amount: 1_000, product: "prod_a" },
    { amount: 500, product: "prod_b" },
    { amount: 15, product: "prod_a" },
  ];
  expect(takenOff(coupon, "inr", lines)).toEqual([333, 0, 5]);
});

test("a coupon is made, renamed and deleted, and each time it is told", async () => {
  const coupon = await shop.stripe.coupons.create({ id: "TEN", percent_off: 10, name: "Ten" });
  expect(coupon).toMatchObject({ id: "TEN", duration: "once", percent_off: 10, valid: true });
  await shop.stripe.coupons.update("TEN", { name: "A tenth" });
  expect(await shop.stripe.coupons.del("TEN")).toEqual(expect.objectContaining({ id: "TEN", deleted: true }));
  expect((await shop.types()).filter((type) => type.startsWith("coupon."))).toEqual([
    "coupon.created",
    "coupon.updated",
    "coupon.deleted",
  ]);
  expect(shop.last("coupon.updated").data.previous_attributes).toEqual({ name: "Ten" });
  expect((await refusal(shop.stripe.coupons.retrieve("TEN"))).statusCode).toBe(404);
});

test("a coupon says what it takes off, in one way", async () => {
  const wrong = [
    {},
    { percent_off: 10, amount_off: 100, currency: "usd" },
    { amount_off: 100 },
    { percent_off: 101 },
    { percent_off: 10, duration: "repeating" as const },
    { percent_off: 10, redeem_by: 1 },
  ];
  for (const params of wrong) {
    expect((await refusal(shop.stripe.coupons.create(params))).statusCode).toBe(400);
  }
});

test("a code is somebody's promise of a coupon, and only one active code has its name", async () => {
  const coupon = await shop.stripe.coupons.create({ amount_off: 500, currency: "usd" });
  const promotion = { type: "coupon" as const, coupon: coupon.id };
  const code = await shop.stripe.promotionCodes.create({ promotion, code: "HELLO" });
  expect(code).toMatchObject({ active: true, code: "HELLO", promotion });
  const error = await refusal(shop.stripe.promotionCodes.create({ promotion, code: "hello" }));
  expect(error.code).toBe("resource_already_exists");
  await shop.stripe.promotionCodes.update(code.id, { active: false });
  await shop.stripe.promotionCodes.create({ promotion, code: "hello" });
  const found = await shop.stripe.promotionCodes.list({ code: "HELLO", active: true });
  expect(found.data).toHaveLength(1);
  const expanded = await shop.stripe.promotionCodes.retrieve(code.id, { expand: ["promotion.coupon"] });
  expect(expanded.promotion.coupon).toMatchObject({ amount_off: 500 });
});

test("a code is active as long as it can be used: its time and its coupon's count", async () => {
  const { promotionCodes, coupons } = shop.stripe;
  const { created: now } = await coupons.create({ id: "FOREVER", percent_off: 5 });
  await coupons.create({ id: "TODAY", percent_off: 5, redeem_by: now + 86_400 });
  const made = async (code: string, coupon: string, more = {}) =>
    (await promotionCodes.create({ code, promotion: { coupon, type: "coupon" }, ...more })).id;
  const lasting = await made("LASTING", "FOREVER");
  const short = await made("SHORT", "FOREVER", { expires_at: now + 86_400 });
  const coupled = await made("COUPLED", "TODAY");
  const off = await made("OFF", "FOREVER", { active: false });
  const all = [off, coupled, short, lasting];
  const listed = async (active: boolean) =>
    (await promotionCodes.list({ active, limit: 100 })).data
      .filter(({ id }) => all.includes(id))
      .map((code) => {
        expect(code.active).toBe(active);
        return code.id;
      });
  expect(await listed(true)).toEqual([coupled, short, lasting]);
  expect(await listed(false)).toEqual([off]);

  await shop.advance(86_401);
  expect(await listed(true)).toEqual([lasting]);
  expect(await listed(false)).toEqual([off, coupled, short]);
  expect((await promotionCodes.retrieve(coupled)).active).toBe(false);
  expect((await refusal(promotionCodes.update(coupled, { active: true }))).param).toBe("active");
  await made("SHORT", "FOREVER");
  await coupons.del("FOREVER");
  expect(await listed(true)).toEqual([]);
});

test("a customer's coupon is told when it comes, changes and goes", async () => {
  const one = await shop.stripe.coupons.create({ percent_off: 20 });
  const other = await shop.stripe.coupons.create({
    percent_off: 30,
    duration: "repeating",
    duration_in_months: 2,
  });
  const customer = await shop.stripe.customers.create({ email: "asha@example.com" });
  const apiVersion = "2025-02-24.acacia";
  const give = (coupon: string) =>
    shop.stripe.rawRequest("POST", `/v1/customers/${customer.id}`, { coupon }, { apiVersion });
  shop.forget();
  await give(one.id);
  await give(other.id);
  const { discount } = await shop.stripe.customers.retrieve(customer.id).then((found) => {
    if (found.deleted) throw new Error("the customer is gone");
    return found;
  });
  expect(discount).toMatchObject({ customer: customer.id, source: { coupon: other.id, type: "coupon" } });
  expect((discount?.end ?? 0) - (discount?.start ?? 0)).toBeGreaterThan(58 * 86_400);
  await shop.stripe.customers.deleteDiscount(customer.id);
  expect((await shop.types()).filter((type) => type.startsWith("customer.discount"))).toEqual([
    "customer.discount.created",
    "customer.discount.updated",
    "customer.discount.deleted",
  ]);
  expect((await refusal(shop.stripe.customers.deleteDiscount(customer.id))).statusCode).toBe(404);
});

test("a session's coupon takes its part off each line and counts once it is paid", async () => {
  const coupon = await shop.stripe.coupons.create({ percent_off: 25, max_redemptions: 1 });
  const session = await shop.session({ discounts: [{ coupon: coupon.id }] });
  expect(session).toMatchObject({
    amount_subtotal: 49_900,
    amount_total: 37_425,
    discounts: [{ coupon: coupon.id, promotion_code: null }],
    total_details: { amount_discount: 12_475 },
  });
  const { data } = await shop.stripe.checkout.sessions.listLineItems(session.id);
  expect(data).toMatchObject([{ amount_discount: 12_475, amount_subtotal: 49_900, amount_total: 37_425 }]);
  expect((await shop.stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(0);
  await shop.confirm(session.id);
  expect(await shop.stripe.coupons.retrieve(coupon.id)).toMatchObject({ times_redeemed: 1, valid: false });
  const [charge] = (await shop.stripe.charges.list({ limit: 1 })).data;
  expect(charge?.amount).toBe(37_425);
  const late = await refusal(shop.session({ discounts: [{ coupon: coupon.id }] }));
  expect(late).toMatchObject({ code: "coupon_expired", param: "discounts[0][coupon]" });
});

test("with everything taken off nothing is paid", async () => {
  const coupon = await shop.stripe.coupons.create({ percent_off: 100 });
  const session = await shop.session({ discounts: [{ coupon: coupon.id }] });
  expect(session).toMatchObject({ amount_total: 0, payment_status: "no_payment_required" });
  shop.forget();
  await shop.stripe.rawRequest("POST", `/v1/payment_pages/${session.id}/confirm`, {});
  expect((await shop.types()).at(-1)).toBe("checkout.session.completed");
  expect(shop.last("checkout.session.completed").data.object).toMatchObject({
    payment_intent: null,
    payment_status: "no_payment_required",
  });
});

test("a subscription keeps its discount, and its first invoice is what was paid", async () => {
  const coupon = await shop.stripe.coupons.create({ percent_off: 10, duration: "forever" });
  const session = await shop.plan({ discounts: [{ coupon: coupon.id }] });
  expect(session.amount_total).toBe(269_730);
  await shop.confirm(session.id);
  const done = await shop.stripe.checkout.sessions.retrieve(session.id, {
    expand: ["invoice", "subscription"],
  });
  expect(done.invoice).toMatchObject({ amount_paid: 269_730, subtotal: 299_700 });
  expect(done.subscription).toMatchObject({ discounts: [expect.stringMatching(/^di_/)] });
});
