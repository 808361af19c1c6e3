import { expect, test } from "vitest";
import {
  idempotencyKey,
  type PageSettings,
  type Purchase,
  sessionParameters,
} from "#/checkout/parameters.ts";
import { findProduct } from "../../../../shop/src/catalog/products.ts";

const settings: PageSettings = {
  appUrl: "https://shop.example",
  pages: { success: "/checkout/success", cancel: "/pricing", cart: "/cart" },
  automaticTax: false,
  taxIds: false,
  invoices: false,
  billingAddress: "auto",
  branding: {},
};

const cart = (...keys: string[]) =>
  keys.flatMap((key) => {
    const product = findProduct(key);
    return product ? [{ product, quantity: 2, price: "default" }] : [];
  });

const purchase: Purchase = {
  slotId: undefined,
  date: undefined,
  language: "en",
  orderId: "order-1",
  cartId: "cart-1",
  userId: "user-1",
  items: cart("ebook"),
  email: undefined,
  customer: undefined,
  expiresAt: undefined,
  trialDays: 0,
  currency: undefined,
  page: { ui: "hosted_page", locale: "en" },
};

const parameters = (more: Partial<Purchase> = {}, set: Partial<PageSettings> = {}) =>
  sessionParameters(
    { ...purchase, ...more },
    { ...settings, ...set },
    ({ product }) => `price_${product.key}`,
  );

test("the order's id travels with the session and with what it becomes, and nothing personal does", () => {
  const metadata = { order_id: "order-1", cart_id: "cart-1", product_key: "ebook", user_id: "user-1" };
  const once = parameters({ email: "asha@example.com" });
  expect(once).toMatchObject({ client_reference_id: "order-1", metadata, payment_intent_data: { metadata } });
  expect(JSON.stringify([once.metadata, once.payment_intent_data])).not.toContain("asha");
  const plan = parameters({ items: cart("pro") });
  expect(plan.subscription_data?.metadata).toMatchObject({ order_id: "order-1" });
  expect(plan.payment_intent_data).toBeUndefined();
});

test("an invoice of what is paid once carries the order's id, and a plan has its own", () => {
  const set = { invoices: true };
  expect(parameters({}, set).invoice_creation).toMatchObject({
    enabled: true,
    invoice_data: { metadata: { order_id: "order-1" } },
  });
  expect(parameters({ items: cart("pro") }, set).invoice_creation).toBeUndefined();
  expect(parameters().invoice_creation).toBeUndefined();
});

test("several products and quantities are several lines; with a plan among them it is a subscription", () => {
  expect(parameters({ items: cart("ebook", "pro") })).toMatchObject({
    mode: "subscription",
    line_items: [
      { price: "price_ebook", quantity: 2 },
      { price: "price_pro", quantity: 2 },
    ],
    metadata: { product_key: "ebook,pro" },
    allow_promotion_codes: true,
  });
});

test("a known customer is named, and else the address that was given", () => {
  expect(parameters({ customer: "cus_1", email: "asha@example.com" })).toMatchObject({ customer: "cus_1" });
  expect(parameters({ customer: "cus_1", email: "asha@example.com" }).customer_email).toBeUndefined();
  expect(parameters({ email: "asha@example.com" }).customer_email).toBe("asha@example.com");
});

test("a trial is asked for by its days, and ends with the plan where no card was given", () => {
  expect(parameters({ items: cart("pro"), trialDays: 14 }).subscription_data).toMatchObject({
    trial_period_days: 14,
    trial_settings: { end_behavior: { missing_payment_method: "cancel" } },
  });
  expect(parameters({ items: cart("pro") }).subscription_data).not.toHaveProperty("trial_period_days");
});

test("tax, tax ids and the address are asked for as the shop is set, and kept with a known customer", () => {
  const all = { automaticTax: true, taxIds: true, billingAddress: "required" as const };
  expect(parameters({}, all)).toMatchObject({
    automatic_tax: { enabled: true },
    tax_id_collection: { enabled: true },
    billing_address_collection: "required",
  });
  expect(parameters({}, all).customer_update).toBeUndefined();
  expect(parameters({ customer: "cus_1" }, all).customer_update).toEqual({ address: "auto", name: "auto" });
  expect(parameters({ customer: "cus_1" })).not.toHaveProperty("customer_update");
  expect(parameters()).not.toHaveProperty("automatic_tax");
});

test("a hosted page leads back by two ways, an embedded one by one", () => {
  const back = "https://shop.example/checkout/success?session_id={CHECKOUT_SESSION_ID}";
  expect(parameters()).toMatchObject({
    success_url: back,
    cancel_url: "https://shop.example/pricing?checkout=cancelled&order_id=order-1",
  });
  expect(parameters({ fromCart: true }).cancel_url).toBe(
    "https://shop.example/cart?checkout=cancelled&order_id=order-1",
  );
  const embedded = parameters({ page: { ui: "embedded_page", locale: "hi-IN" } });
  expect(embedded).toMatchObject({ ui_mode: "embedded_page", return_url: back, locale: "hi-IN" });
  expect(embedded).not.toHaveProperty("success_url");
  expect(embedded).not.toHaveProperty("cancel_url");
});

test("the key changes with the order, the attempt and anything that is sent", () => {
  const keys = [
    idempotencyKey("order-1", 1, parameters()),
    idempotencyKey("order-2", 1, parameters()),
    idempotencyKey("order-1", 2, parameters()),
    idempotencyKey("order-1", 1, parameters({ trialDays: 7, items: cart("pro") })),
    idempotencyKey("order-1", 1, parameters({}, { automaticTax: true })),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  expect(idempotencyKey("order-1", 1, parameters())).toBe(keys[0]);
});

test("the payment page looks as it is told, and else as the account's settings say", () => {
  expect(parameters().branding_settings).toBeUndefined();
  const branding = { displayName: "Aurora", buttonColor: "#1d4ed8", icon: "https://shop.example/icon.png" };
  expect(parameters({}, { branding }).branding_settings).toEqual({
    display_name: "Aurora",
    button_color: "#1d4ed8",
    icon: { type: "url", url: "https://shop.example/icon.png" },
  });
});

const date = {
  startsAt: new Date("2027-03-12T09:00:00Z"),
  endsAt: new Date("2027-03-12T12:30:00Z"),
  timeZone: "Europe/Berlin",
  place: "Silver Street 14",
};
/** What stands beside the button; kinds of spaces differ between versions of Unicode's data. */
function said(more: Partial<Purchase>): string {
  const { submit } = parameters(more).custom_text ?? {};
  return submit ? submit.message.replace(/\s/gu, " ") : "";
}

test("the page says which date is booked and where, in the buyer's language and the time of that place", () => {
  expect(said({ date })).toBe("Friday, March 12, 2027, 10:00 AM – 1:30 PM GMT+1 · Silver Street 14");
  expect(said({ date, language: "de" })).toMatch(
    /^Freitag, 12\. März 2027.*10:00.*13:30.* · Silver Street 14$/,
  );
  expect(said({ date, language: "hi" })).toContain("शुक्रवार");
  expect(said({ date, language: "no_language" })).toBe(said({ date }));
  expect(parameters()).not.toHaveProperty("custom_text");
});

test("a place that is a link isn't shown before it is paid for, and no text is longer than Stripe takes", () => {
  const online = { ...date, place: "https://meet.example/secret" };
  expect(said({ date: online })).toBe("Friday, March 12, 2027, 10:00 AM – 1:30 PM GMT+1");
  expect([...said({ date: { ...date, place: "ö".repeat(2_000) } })]).toHaveLength(1_200);
});
