import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());
beforeEach(() => shop.forget());

test("setup mode keeps a card and charges nothing", async () => {
  const customer = await shop.stripe.customers.create({ email: "asha@example.com" });
  const session = await shop.stripe.checkout.sessions.create({
    currency: "inr",
    customer: customer.id,
    mode: "setup",
    setup_intent_data: { metadata: { a: "1" } },
    success_url: "http://shop.test/done",
  });
  expect(session).toMatchObject({ amount_total: null, payment_status: "no_payment_required" });
  const text = await (await fetch(session.url ?? "")).text();
  expect(text).toContain("Save card");
  expect(await shop.types()).toEqual(["customer.created", "setup_intent.created"]);
  shop.forget();
  await shop.submit(session.id);
  expect(await shop.types()).toEqual([
    "payment_method.attached",
    "setup_intent.succeeded",
    "checkout.session.completed",
  ]);
  const done = await shop.stripe.checkout.sessions.retrieve(session.id, { expand: ["setup_intent"] });
  expect(done).toMatchObject({
    setup_intent: { status: "succeeded", customer: customer.id, metadata: { a: "1" } },
    status: "complete",
  });
  expect((await shop.stripe.customers.listPaymentMethods(customer.id)).data).toHaveLength(1);
});

test("a card that its bank declines is not kept", async () => {
  const session = await shop.stripe.checkout.sessions.create({
    currency: "inr",
    mode: "setup",
    success_url: "http://shop.test/done",
  });
  const response = await shop.submit(session.id, { cardNumber: "4000000000000002" });
  expect(response.status).toBe(402);
  expect((await shop.types()).at(-1)).toBe("setup_intent.setup_failed");
  expect((await shop.stripe.checkout.sessions.retrieve(session.id)).status).toBe("open");
});

test.each(["embedded_page", "elements", "form"] as const)(
  "a session for %s has a secret instead of a page, and can be changed",
  async (ui_mode) => {
    const session = await shop.stripe.checkout.sessions.create({
      line_items: [
        { price_data: { currency: "inr", unit_amount: 500, product_data: { name: "x" } }, quantity: 10 },
      ],
      mode: "payment",
      return_url: "http://shop.test/back",
      ui_mode,
    });
    expect(session).toMatchObject({
      client_secret: expect.stringContaining(session.id),
      redirect_on_completion: "always",
      return_url: "http://shop.test/back",
      success_url: null,
      ui_mode,
      url: null,
    });
    const [line] = (await shop.stripe.checkout.sessions.listLineItems(session.id)).data;
    const items = [{ id: line?.id ?? "", quantity: 20 }];
    const changed = await shop.stripe.checkout.sessions.update(session.id, { line_items: items });
    expect(changed.amount_total).toBe(10_000);
    await shop.confirm(session.id);
    expect(
      (await refusal(shop.stripe.checkout.sessions.update(session.id, { line_items: items }))).message,
    ).toContain("status of `complete`");
  },
);

test("a hosted page's items stay as they are, and its secret is none", async () => {
  const session = await shop.session();
  expect(session.client_secret).toBeNull();
  const error = await refusal(
    shop.stripe.checkout.sessions.update(session.id, { line_items: [{ id: "li_1" }] }),
  );
  expect(error.param).toBe("line_items");
});

test("an expired session can be had anew, with the same order", async () => {
  const session = await shop.session({ after_expiration: { recovery: { enabled: true } } });
  await shop.stripe.checkout.sessions.expire(session.id);
  await shop.types();
  const expired = shop.last("checkout.session.expired").data.object;
  const recovery = expired.after_expiration?.recovery?.url ?? "";
  const response = await fetch(recovery, { redirect: "manual" });
  expect(response.status).toBe(303);
  const [renewed] = (await shop.stripe.checkout.sessions.list({ limit: 1 })).data;
  expect(renewed).toMatchObject({ amount_total: 49_900, recovered_from: session.id, status: "open" });
  await shop.confirm(renewed?.id ?? "");
  expect((await shop.stripe.checkout.sessions.retrieve(renewed?.id ?? "")).payment_status).toBe("paid");
  await shop.advance(31 * 86_400);
  expect(await (await fetch(recovery)).text()).toContain("This page has expired");
});

test("an invoice is made of a payment where the shop wants one", async () => {
  const session = await shop.session({
    invoice_creation: { enabled: true, invoice_data: { footer: "Thank you" } },
  });
  await shop.confirm(session.id);
  expect((await shop.types()).slice(-5)).toEqual([
    "checkout.session.completed",
    "invoice.created",
    "invoice.finalized",
    "invoice.paid",
    "invoice.payment_succeeded",
  ]);
  const done = await shop.stripe.checkout.sessions.retrieve(session.id, { expand: ["invoice"] });
  expect(done.invoice).toMatchObject({
    amount_paid: 49_900,
    billing_reason: "manual",
    customer: done.customer,
    footer: "Thank you",
  });
});

test("a payment that is only held completes the session unpaid", async () => {
  const session = await shop.session({ payment_intent_data: { capture_method: "manual" } });
  await shop.confirm(session.id);
  const held = await shop.stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });
  expect(held).toMatchObject({
    status: "complete",
    payment_status: "unpaid",
    payment_intent: { status: "requires_capture" },
  });
});

test("a known customer is changed only as far as the shop allows", async () => {
  const customer = await shop.stripe.customers.create({ email: "k@example.com", name: "Old" });
  const silent = await shop.session({ customer: customer.id });
  await shop.submit(silent.id);
  expect(await shop.stripe.customers.retrieve(customer.id)).toMatchObject({ name: "Old", address: null });
  const open = await shop.session({
    customer: customer.id,
    customer_update: { address: "auto", name: "auto" },
  });
  await shop.submit(open.id);
  expect(await shop.stripe.customers.retrieve(customer.id)).toMatchObject({
    name: "Asha Rao",
    address: { country: "IN" },
  });
});

test("only a session with a page can be recovered", async () => {
  const problem = await refusal(
    shop.stripe.checkout.sessions.create({
      after_expiration: { recovery: { enabled: true } },
      line_items: [
        { price_data: { currency: "inr", unit_amount: 500, product_data: { name: "x" } }, quantity: 10 },
      ],
      mode: "payment",
      return_url: "http://shop.test/back",
      ui_mode: "elements",
    }),
  );
  expect(problem.param).toBe("after_expiration");
});
