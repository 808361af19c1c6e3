import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());

const JSON_ANSWER = { accept: "application/json" };

const page = async (id: string) => (await fetch(`${shop.sandbox.url}/c/pay/${id}`)).text();

/** Sends one of the page's small forms. */
async function send(id: string, form: string, values: Record<string, string>, headers = JSON_ANSWER) {
  const url = `${shop.sandbox.url}/c/pay/${id}/${form}`;
  const body = new URLSearchParams(values);
  return fetch(url, { method: "POST", redirect: "manual", headers, body });
}

async function codeFor(code: string, restrictions = {}) {
  const coupon = await shop.stripe.coupons.create({ percent_off: 50 });
  return shop.stripe.promotionCodes.create({
    code,
    promotion: { type: "coupon", coupon: coupon.id },
    restrictions,
  });
}

test("a code takes its part off, can be taken away again, and counts only when it was paid with", async () => {
  const code = await codeFor("HALF");
  const session = await shop.session({ allow_promotion_codes: true });
  const applied = await (await send(session.id, "promotion", { promotionCode: " half " })).json();
  expect(applied).toMatchObject({ button: "Pay ₹249.50", means: true });
  expect(await shop.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
    amount_total: 24_950,
    discounts: [{ promotion_code: code.id }],
    total_details: { amount_discount: 24_950 },
  });
  await send(session.id, "promotion", { remove: "1" });
  expect(await shop.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
    amount_total: 49_900,
    discounts: [],
  });
  await send(session.id, "promotion", { promotionCode: "HALF" });
  await shop.submit(session.id);
  expect((await shop.stripe.promotionCodes.retrieve(code.id)).times_redeemed).toBe(1);
  const [charge] = (await shop.stripe.charges.list({ limit: 1 })).data;
  expect(charge?.amount).toBe(24_950);
});

test("a code that can't be used says why, next to its field", async () => {
  await codeFor("MANY", { minimum_amount: 100_000, minimum_amount_currency: "inr" });
  await codeFor("FIRST", { first_time_transaction: true });
  const old = await codeFor("GONE");
  await shop.stripe.promotionCodes.update(old.id, { active: false });
  const session = await shop.session({ allow_promotion_codes: true, locale: "en" });
  const refusals = [
    ["NOTHING", "This code is invalid."],
    ["GONE", "This code is invalid."],
    ["MANY", "Your order is too small for this code."],
    ["FIRST", "This code is for a first order only."],
  ] as const;
  for (const [promotionCode, message] of refusals) {
    const answer: unknown = await (await send(session.id, "promotion", { promotionCode })).json();
    expect(JSON.stringify(answer)).toContain(message);
  }
  const plain = await send(session.id, "promotion", { promotionCode: "MANY" }, { accept: "text/html" });
  expect(plain.status).toBe(400);
  expect(await plain.text()).toContain("Your order is too small for this code.");
});

test("of two codes of the same letters the one is taken whose coupon can still be used, though it is older", async () => {
  const older = await codeFor("AGAIN");
  await shop.stripe.promotionCodes.update(older.id, { active: false });
  const coupon = await shop.stripe.coupons.create({ percent_off: 10 });
  await shop.stripe.promotionCodes.create({
    code: "AGAIN",
    promotion: { type: "coupon", coupon: coupon.id },
  });
  await shop.stripe.coupons.del(coupon.id);
  await shop.stripe.promotionCodes.update(older.id, { active: true });
  const session = await shop.session({ allow_promotion_codes: true });
  await send(session.id, "promotion", { promotionCode: "again" });
  const { discounts } = await shop.stripe.checkout.sessions.retrieve(session.id);
  expect(discounts).toMatchObject([{ promotion_code: older.id }]);
});

test("a code that others used up meanwhile pays for nobody else: the new total is shown first", async () => {
  const coupon = await shop.stripe.coupons.create({ percent_off: 50 });
  const last = await shop.stripe.promotionCodes.create({
    code: "ONLYONE",
    max_redemptions: 1,
    promotion: { type: "coupon", coupon: coupon.id },
  });
  const withCode = async () => {
    const session = await shop.session({ allow_promotion_codes: true, locale: "en" });
    await send(session.id, "promotion", { promotionCode: "ONLYONE" });
    return session;
  };
  const [first, second, third] = [await withCode(), await withCode(), await withCode()];
  expect((await shop.submit(first.id)).status).toBe(303);
  const refused = await shop.submit(second.id, {}, JSON_ANSWER);
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({
    message: "Your discount can no longer be used, and the total is ₹499.00. Check it and pay again.",
  });
  await shop.submit(second.id);
  expect(await shop.stripe.checkout.sessions.retrieve(second.id)).toMatchObject({
    amount_total: 49_900,
    discounts: [],
    payment_status: "paid",
  });
  expect((await refusal(shop.confirm(third.id))).message).toBe("This promotion code is not active.");
  expect((await shop.stripe.promotionCodes.retrieve(last.id)).times_redeemed).toBe(1);
});

test("a code goes when the order becomes too small for it, and none brings a total that can't be charged", async () => {
  await codeFor("LARGE", { minimum_amount: 20_000, minimum_amount_currency: "inr" });
  const almost = await shop.stripe.coupons.create({ amount_off: 19_990, currency: "inr" });
  await shop.stripe.promotionCodes.create({
    code: "ALMOST",
    promotion: { type: "coupon", coupon: almost.id },
  });
  const session = await shop.session({
    allow_promotion_codes: true,
    locale: "en",
    line_items: [
      {
        adjustable_quantity: { enabled: true, minimum: 1 },
        price_data: { currency: "inr", unit_amount: 10_000, product_data: { name: "Pen" } },
        quantity: 2,
      },
    ],
  });
  const [line] = (await shop.stripe.checkout.sessions.listLineItems(session.id)).data;
  const tooSmall = "Your order is too small for this code.";
  expect(await (await send(session.id, "promotion", { promotionCode: "ALMOST" })).text()).toContain(tooSmall);
  await send(session.id, "promotion", { promotionCode: "LARGE" });
  const fewer = await send(session.id, "quantity", { quantity: `${line?.id}=1` });
  expect(await fewer.text()).toContain(tooSmall);
  expect(await shop.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
    amount_total: 10_000,
    discounts: [],
  });
});

test("a session that takes no codes takes none past the page either", async () => {
  await codeFor("SNEAKY");
  const session = await shop.session();
  expect(await page(session.id)).not.toContain("promotionCode");
  await send(session.id, "promotion", { promotionCode: "SNEAKY" });
  expect((await shop.stripe.checkout.sessions.retrieve(session.id)).amount_total).toBe(49_900);
});

test("the buyer chooses how many, within what the shop allows", async () => {
  const session = await shop.session({
    line_items: [
      {
        adjustable_quantity: { enabled: true, minimum: 1, maximum: 3 },
        price_data: { currency: "inr", unit_amount: 10_000, product_data: { name: "Pen" } },
        quantity: 1,
      },
    ],
  });
  const [line] = (await shop.stripe.checkout.sessions.listLineItems(session.id)).data;
  const set = (quantity: string) => send(session.id, "quantity", { quantity: `${line?.id}=${quantity}` });
  await set("2");
  expect((await shop.stripe.checkout.sessions.retrieve(session.id)).amount_total).toBe(20_000);
  await set("9");
  expect((await shop.stripe.checkout.sessions.retrieve(session.id)).amount_total).toBe(30_000);
  await set("0");
  expect((await shop.stripe.checkout.sessions.retrieve(session.id)).amount_total).toBe(10_000);
  const fixed = await shop.session();
  const [own] = (await shop.stripe.checkout.sessions.listLineItems(fixed.id)).data;
  await send(fixed.id, "quantity", { quantity: `${own?.id}=5` });
  expect((await shop.stripe.checkout.sessions.retrieve(fixed.id)).amount_total).toBe(49_900);
});

test("what the shop asks for beside the payment is asked, checked and told", async () => {
  const session = await shop.session({
    consent_collection: { terms_of_service: "required" },
    custom_fields: [
      { key: "size", label: { type: "custom", custom: "Size" }, type: "text", text: { minimum_length: 2 } },
    ],
    phone_number_collection: { enabled: true },
    shipping_address_collection: { allowed_countries: ["IN"] },
    shipping_options: [
      { shipping_rate_data: { display_name: "Post", fixed_amount: { amount: 4_000, currency: "inr" } } },
      { shipping_rate_data: { display_name: "Courier", fixed_amount: { amount: 9_000, currency: "inr" } } },
    ],
    tax_id_collection: { enabled: true },
  });
  expect(session).toMatchObject({ amount_total: 53_900, shipping_cost: { amount_total: 4_000 } });
  await send(session.id, "shipping", { shippingOption: String(session.shipping_options[1]?.shipping_rate) });
  const refused = await shop.submit(session.id, { custom_size: "L" }, JSON_ANSWER);
  expect(await refused.json()).toMatchObject({
    problems: {
      custom_size: "Enter at least 2 characters.",
      phone: "This field is required.",
      shippingCity: "This field is required.",
      termsOfService: "Agree to the terms to go on.",
    },
  });
  await shop.submit(session.id, {
    custom_size: "XL",
    phone: "+919800000000",
    shippingCity: "Pune",
    shippingCountry: "IN",
    shippingLine1: "1 Main Road",
    shippingName: "Asha Rao",
    shippingPostalCode: "411001",
    taxId: "29ABCDE1234F1Z5",
    termsOfService: "on",
  });
  expect(await shop.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
    amount_total: 58_900,
    collected_information: { shipping_details: { name: "Asha Rao", address: { city: "Pune" } } },
    consent: { terms_of_service: "accepted" },
    custom_fields: [{ key: "size", text: { value: "XL" } }],
    customer_details: { phone: "+919800000000", tax_ids: [{ type: "in_gst", value: "29ABCDE1234F1Z5" }] },
    payment_status: "paid",
    total_details: { amount_shipping: 9_000 },
  });
});

test("a card that was kept is offered the next time, and only to its customer", async () => {
  const customer = await shop.stripe.customers.create({ email: "known@example.com" });
  const first = await shop.session({
    customer: customer.id,
    payment_intent_data: { setup_future_usage: "off_session" },
  });
  await shop.submit(first.id);
  const [card] = (await shop.stripe.customers.listPaymentMethods(customer.id)).data;
  const second = await shop.session({ customer: customer.id });
  expect(await page(second.id)).toContain("Visa ending in 4242");
  await shop.submit(second.id, { paymentMethod: card?.id ?? "", cardNumber: "", cardCvc: "" });
  const paid = await shop.stripe.checkout.sessions.retrieve(second.id, { expand: ["payment_intent"] });
  expect(paid).toMatchObject({ payment_status: "paid", payment_intent: { payment_method: card?.id } });
  const guest = await shop.session();
  const stolen = await shop.submit(guest.id, { paymentMethod: card?.id ?? "", cardNumber: "" }, JSON_ANSWER);
  expect(stolen.status).toBe(400);
});

test("a voucher completes the order unpaid, and its page pays it or lets it expire", async () => {
  for (const [outcome, event] of [
    ["pay", "checkout.session.async_payment_succeeded"],
    ["expire", "checkout.session.async_payment_failed"],
  ] as const) {
    shop.forget();
    const session = await shop.session();
    await shop.submit(session.id, { paymentMethod: "oxxo" });
    expect(await shop.types()).toEqual([
      "payment_intent.created",
      "payment_intent.requires_action",
      "charge.pending",
      "checkout.session.completed",
    ]);
    const { next_action } = shop.last("payment_intent.requires_action").data.object;
    const url = next_action?.oxxo_display_details?.hosted_voucher_url ?? "";
    expect(await (await fetch(url)).text()).toContain("Pay this voucher in cash");
    await fetch(url, { method: "POST", body: new URLSearchParams({ outcome }) });
    expect((await shop.types()).at(-1)).toBe(event);
  }
});

test.each([
  ["000222222227", "checkout.session.async_payment_failed"],
  ["000555555559", "charge.dispute.funds_withdrawn"],
])("a debit of the account %s settles by itself, with %s at its end", async (bankAccount, last) => {
  shop.forget();
  const session = await shop.session();
  await shop.submit(session.id, { paymentMethod: "us_bank_account", bankAccount });
  await shop.types();
  await shop.advance(6);
  expect((await shop.types()).at(-1)).toBe(last);
});

test("a plan's page says what comes after a discount that ends, and that one that lasts is the price", async () => {
  const once = await shop.stripe.coupons.create({ percent_off: 20 });
  const forever = await shop.stripe.coupons.create({ percent_off: 20, duration: "forever" });
  const ending = await page((await shop.plan({ discounts: [{ coupon: once.id }] })).id);
  expect(ending).toContain("<strong>₹2,397.60</strong> <span>today, then ₹2,997.00 per month</span>");
  const lasting = await page((await shop.plan({ discounts: [{ coupon: forever.id }] })).id);
  expect(lasting).toContain("<strong>₹2,397.60</strong> <span>per month</span>");
  expect(lasting).toContain("charge you ₹2,397.60 per month until you cancel");
  const months = { duration: "repeating", duration_in_months: 3, percent_off: 20 } as const;
  const { id: coupon } = await shop.stripe.coupons.create(months);
  const repeating = await page((await shop.plan({ discounts: [{ coupon }] })).id);
  expect(repeating).toContain(
    "<strong>₹2,397.60</strong> <span>per month for 3 months, then ₹2,997.00 per month</span>",
  );
});

test("a plan with something that is paid once says what is due today, and what each month costs", async () => {
  const once = { currency: "inr", product_data: { name: "Setup" }, unit_amount: 50_000 };
  const { id: price } = await shop.stripe.prices.create({
    currency: "inr",
    product_data: { name: "Pro plan" },
    recurring: { interval: "month" },
    unit_amount: 99_900,
  });
  const line_items = [
    { price, quantity: 3 },
    { price_data: once, quantity: 1 },
  ];
  const both = await page((await shop.plan({ line_items })).id);
  expect(both).toContain("<strong>₹3,497.00</strong> <span>today, then ₹2,997.00 per month</span>");
  const hindi = await page((await shop.plan({ line_items, locale: "hi-IN" })).id);
  expect(hindi).toContain("<strong>₹3,497.00</strong> <span>आज, उसके बाद ₹2,997.00 प्रति माह</span>");
  const trial = { line_items, subscription_data: { trial_period_days: 7 } };
  const fee = await page((await shop.plan(trial)).id);
  expect(fee).toContain("<strong>₹500.00</strong> <span>today, 7 days free, then ₹2,997.00 per month</span>");
});

test("what the shop offers besides is added, given back, and bought; the session and a link show it", async () => {
  const product = (await shop.stripe.products.create({ name: "Sticker sheet" })).id;
  const { id: price } = await shop.stripe.prices.create({ currency: "inr", product, unit_amount: 5_000 });
  const optional_items = [{ adjustable_quantity: { enabled: true, maximum: 4 }, price, quantity: 2 }];
  const session = await shop.session({ locale: "en", optional_items });
  expect(session.optional_items).toEqual([
    { adjustable_quantity: { enabled: true, maximum: 4, minimum: 0 }, price, quantity: 2 },
  ]);
  expect(await page(session.id)).toContain("Add: 2 × Sticker sheet");
  const total = async () => (await shop.stripe.checkout.sessions.retrieve(session.id)).amount_total;
  const added = await (await send(session.id, "offer", { add: price })).json();
  expect(added.button).toBe("Pay ₹599.00");
  await send(session.id, "offer", { add: price });
  expect(await total()).toBe(59_900);
  await send(session.id, "offer", { drop: price });
  expect(await total()).toBe(49_900);
  expect(await page(session.id)).not.toContain("Remove: Sticker sheet");
  await send(session.id, "offer", { add: price });
  const { data } = await shop.stripe.checkout.sessions.listLineItems(session.id);
  await send(session.id, "quantity", { quantity: `${data[1]?.id}=3` });
  await shop.submit(session.id);
  expect(await total()).toBe(64_900);
  const [charge] = (await shop.stripe.charges.list({ limit: 1 })).data;
  expect(charge?.amount).toBe(64_900);
  const { id: other } = await shop.stripe.prices.create({ currency: "inr", product, unit_amount: 9_900 });
  const link = await shop.stripe.paymentLinks.create({
    line_items: [{ price: other, quantity: 1 }],
    optional_items,
  });
  expect(link.optional_items).toHaveLength(1);
  expect(await (await fetch(link.url)).text()).toContain("Sticker sheet");
});

test("an offer that can't be sold with the order is refused", async () => {
  const product = (await shop.stripe.products.create({ name: "Other" })).id;
  const usd = await shop.stripe.prices.create({ currency: "usd", product, unit_amount: 500 });
  const recurring = { interval: "month" } as const;
  const plan = await shop.stripe.prices.create({ currency: "inr", product, recurring, unit_amount: 500 });
  for (const { id: price } of [usd, plan]) {
    const error = await refusal(shop.session({ optional_items: [{ price, quantity: 1 }] }));
    expect(error.statusCode).toBe(400);
  }
});
