import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());

const poster = () =>
  shop.stripe.prices.create({ currency: "usd", product_data: { name: "Poster" }, unit_amount: 1_500 });

/** What a visitor of a link is led to. */
async function visit(url: string): Promise<string> {
  const response = await fetch(url, { redirect: "manual" });
  expect(response.status).toBe(303);
  return new URL(response.headers.get("location") ?? "").pathname.split("/").at(-1) ?? "";
}

test("each visit of a link is a session of its own, and names the link", async () => {
  const { id: price } = await poster();
  const link = await shop.stripe.paymentLinks.create({
    line_items: [{ price, quantity: 2 }],
    metadata: { campaign: "spring" },
    payment_intent_data: { description: "By link" },
  });
  expect(link).toMatchObject({ active: true, currency: "usd", object: "payment_link" });
  const first = await visit(`${link.url}?prefilled_email=asha@example.com&client_reference_id=cart-7`);
  expect(await visit(link.url)).not.toBe(first);
  await shop.confirm(first);
  const session = await shop.stripe.checkout.sessions.retrieve(first, { expand: ["payment_intent"] });
  expect(session).toMatchObject({
    amount_total: 3_000,
    client_reference_id: "cart-7",
    customer_email: "asha@example.com",
    metadata: { campaign: "spring" },
    payment_intent: { description: "By link", status: "succeeded" },
    payment_link: link.id,
  });
  const { data } = await shop.stripe.checkout.sessions.list({ payment_link: link.id });
  expect(data).toHaveLength(2);
  const thanks = await (await fetch(session.success_url ?? "")).text();
  expect(thanks).toContain("Thank");
});

test("a link can sell a subscription, with a price of its own", async () => {
  const link = await shop.stripe.paymentLinks.create({
    after_completion: { redirect: { url: "http://shop.test/welcome" }, type: "redirect" },
    line_items: [
      {
        price_data: {
          currency: "usd",
          product_data: { name: "Plan" },
          recurring: { interval: "month" },
          unit_amount: 900,
        },
        quantity: 1,
      },
    ],
    subscription_data: { metadata: { by: "link" }, trial_period_days: 7 },
  });
  for (const _ of [1, 2]) {
    const id = await visit(link.url);
    await shop.confirm(id);
    const session = await shop.stripe.checkout.sessions.retrieve(id, { expand: ["subscription"] });
    expect(session).toMatchObject({
      mode: "subscription",
      subscription: { metadata: { by: "link" }, status: "trialing" },
      success_url: "http://shop.test/welcome",
    });
  }
});

test("a link is changed, closed, and counts how often it was used", async () => {
  const { id: price } = await poster();
  const link = await shop.stripe.paymentLinks.create({
    inactive_message: "Sold out",
    line_items: [{ price, quantity: 1 }],
    restrictions: { completed_sessions: { limit: 1 } },
  });
  const [line] = (await shop.stripe.paymentLinks.listLineItems(link.id)).data;
  await shop.stripe.paymentLinks.update(link.id, {
    line_items: [{ id: line?.id ?? "", quantity: 3 }],
    metadata: { a: "1" },
  });
  const id = await visit(link.url);
  expect((await shop.stripe.checkout.sessions.retrieve(id)).amount_total).toBe(4_500);
  await shop.confirm(id);
  expect((await shop.stripe.paymentLinks.retrieve(link.id)).restrictions).toEqual({
    completed_sessions: { count: 1, limit: 1 },
  });
  expect(await (await fetch(link.url)).text()).toContain("Sold out");
  await shop.stripe.paymentLinks.update(link.id, { active: false, restrictions: "" });
  expect(await (await fetch(link.url)).text()).toContain("Sold out");
  expect((await shop.types()).filter((type) => type.startsWith("payment_link."))).toContain(
    "payment_link.updated",
  );
});

test("shipping rates are made once and used in links and sessions", async () => {
  const rate = await shop.stripe.shippingRates.create({
    delivery_estimate: { maximum: { unit: "business_day", value: 5 } },
    display_name: "Post",
    fixed_amount: { amount: 400, currency: "usd" },
  });
  const { id: price } = await poster();
  const link = await shop.stripe.paymentLinks.create({
    line_items: [{ price, quantity: 1 }],
    shipping_address_collection: { allowed_countries: ["US"] },
    shipping_options: [{ shipping_rate: rate.id }],
  });
  const session = await shop.stripe.checkout.sessions.retrieve(await visit(link.url), {
    expand: ["shipping_cost.shipping_rate"],
  });
  expect(session).toMatchObject({
    amount_total: 1_900,
    shipping_cost: { amount_total: 400, shipping_rate: { display_name: "Post", id: rate.id } },
  });
  await shop.stripe.shippingRates.update(rate.id, { active: false });
  const late = shop.session({ shipping_options: [{ shipping_rate: rate.id }] });
  expect((await refusal(late)).message).toContain("archived");
});

test("plans are recurring prices under their older name", async () => {
  const plan = await shop.stripe.plans.create({
    amount: 700,
    currency: "usd",
    id: "gold",
    interval: "month",
    product: { name: "Gold" },
  });
  expect(plan).toMatchObject({ amount: 700, id: "gold", interval: "month", object: "plan" });
  expect(await shop.stripe.prices.retrieve("gold")).toMatchObject({ recurring: { interval: "month" } });
  expect((await shop.stripe.plans.update("gold", { nickname: "Old" })).nickname).toBe("Old");
  expect((await shop.stripe.plans.list()).data.map(({ id }) => id)).toContain("gold");
  await shop.stripe.plans.del("gold");
  expect((await refusal(shop.stripe.plans.retrieve("gold"))).statusCode).toBe(404);
});

test("the account says who it is, and has tax ids of its own", async () => {
  const account = await shop.stripe.accounts.retrieveCurrent();
  expect(account).toMatchObject({ charges_enabled: true, country: "US", default_currency: "usd" });
  const own = await shop.stripe.taxIds.create({ type: "eu_vat", value: "DE123456789" });
  const customer = await shop.stripe.customers.create();
  const theirs = await shop.stripe.taxIds.create({
    owner: { customer: customer.id, type: "customer" },
    type: "eu_vat",
    value: "ATU12345678",
  });
  expect((await shop.stripe.taxIds.list()).data.map(({ id }) => id)).toEqual([own.id]);
  const listed = await shop.stripe.taxIds.list({ owner: { customer: customer.id, type: "customer" } });
  expect(listed.data.map(({ id }) => id)).toEqual([theirs.id]);
  await shop.stripe.taxIds.del(own.id);
  expect((await refusal(shop.stripe.taxIds.retrieve(own.id))).statusCode).toBe(404);
});

test("a link's sessions ask for the names that it collects, and refuse the brands that it blocks", async () => {
  const { id: price } = await poster();
  const link = await shop.stripe.paymentLinks.create({
    line_items: [{ price, quantity: 1 }],
    name_collection: { business: { enabled: true, optional: true } },
    payment_method_options: { card: { restrictions: { brands_blocked: ["american_express"] } } },
  });
  expect(link).toMatchObject({
    name_collection: { business: { enabled: true, optional: true } },
    payment_method_options: { card: { restrictions: { brands_blocked: ["american_express"] } } },
  });
  const session = await visit(link.url);
  expect(await (await fetch(`${shop.sandbox.url}/c/pay/${session}`)).text()).toContain("Business name");
  expect((await refusal(shop.confirm(session, "pm_card_amex"))).param).toBe("payment_method");
  await shop.confirm(session, "pm_card_visa");
});
