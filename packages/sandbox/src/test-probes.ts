import Stripe from "stripe";
import { charged, DAY, type Fixtures, MOMENT, paidIntent, US_ACCOUNT } from "./test-fixtures.ts";
import type { TestShop } from "./test-shop.ts";

/** A request that succeeds, to which a parameter is added. Its ids stand in the path, one after another. */
export interface Probe {
  id?: string | undefined;
  base: object;
  /** What a parameter of a name can be in this request only, as the id of what it is about. */
  own?: Record<string, unknown[]>;
}

type Maker = (f: Fixtures, shop: TestShop) => Probe | Promise<Probe>;

let count = 0;
const fresh = () => `probe_${++count}`;

/**
 * What is sent with each probe of an operation, so that it can succeed, and what it is about. Where no one request can take all
 * parameters there are several.
 */
export const PROBES: Record<string, readonly Maker[]> = {
  "POST /v1/products": [
    () => ({ base: { name: "Probe" }, own: { id: [fresh()] } }),
    () => ({
      base: { default_price_data: { currency: "usd", custom_unit_amount: { enabled: true } }, name: "Probe" },
    }),
  ],
  "POST /v1/products/:id": [
    async (_, { stripe }) => ({ id: (await stripe.products.create({ name: "x" })).id, base: {} }),
  ],
  "POST /v1/products/:id/features": [
    async (_, { stripe }) => {
      const { id } = await stripe.entitlements.features.create({ lookup_key: fresh(), name: "Fast" });
      return {
        id: (await stripe.products.create({ name: "x" })).id,
        base: { entitlement_feature: id },
        own: { entitlement_feature: [id] },
      };
    },
  ],
  "POST /v1/entitlements/features": [() => ({ base: { lookup_key: fresh(), name: "Fast" } })],
  "POST /v1/entitlements/features/:id": [
    async (_, { stripe }) => ({
      id: (await stripe.entitlements.features.create({ lookup_key: fresh(), name: "Fast" })).id,
      base: {},
    }),
  ],
  "POST /v1/prices": [
    (f) => ({ base: { currency: "usd", custom_unit_amount: { enabled: true }, product: f.product } }),
    (f) => ({ base: { currency: "usd", product: f.product, unit_amount: 500 } }),
    (f) => ({ base: { currency: "usd", product: f.product } }),
    () => ({ base: { currency: "usd", unit_amount: 500 } }),
    (f) => ({
      base: {
        billing_scheme: "tiered",
        currency: "usd",
        product: f.product,
        recurring: { interval: "month" },
        tiers: [
          { unit_amount: 5, up_to: 10 },
          { unit_amount: 4, up_to: "inf" },
        ],
        tiers_mode: "graduated",
      },
    }),
    (f) => ({
      base: {
        currency: "usd",
        product: f.product,
        recurring: { interval: "month", usage_type: "metered", meter: f.meter },
        unit_amount: 5,
      },
    }),
  ],
  "POST /v1/prices/:id": [
    async (f, { stripe }) => ({
      id: (await stripe.prices.create({ currency: "usd", product: f.product, unit_amount: 100 })).id,
      base: {},
      own: { lookup_key: [fresh()] },
    }),
  ],
  "POST /v1/plans": [
    (f) => ({ base: { amount: 500, currency: "usd", interval: "month", product: f.product } }),
    () => ({ base: { amount: 500, currency: "usd", interval: "month" } }),
    (f) => ({ base: { currency: "usd", interval: "month", product: f.product } }),
    (f) => ({
      base: {
        billing_scheme: "tiered",
        currency: "usd",
        interval: "month",
        product: f.product,
        tiers: [
          { unit_amount: 5, up_to: 10 },
          { unit_amount: 4, up_to: "inf" },
        ],
        tiers_mode: "graduated",
      },
    }),
    (f) => ({
      base: { amount: 500, currency: "usd", interval: "month", product: f.product, usage_type: "metered" },
    }),
  ],
  "POST /v1/plans/:id": [
    async (f, { stripe }) => ({
      id: (await stripe.plans.create({ amount: 500, currency: "usd", interval: "month", product: f.product }))
        .id,
      base: {},
    }),
  ],
  "POST /v1/coupons": [
    () => ({ base: { percent_off: 10 } }),
    () => ({ base: { amount_off: 500, currency: "usd" } }),
    () => ({ base: { duration: "repeating", duration_in_months: 2, percent_off: 10 } }),
  ],
  "POST /v1/coupons/:id": [
    async (_, { stripe }) => ({ id: (await stripe.coupons.create({ percent_off: 5 })).id, base: {} }),
    async (_, { stripe }) => ({
      id: (await stripe.coupons.create({ amount_off: 5, currency: "usd" })).id,
      base: {},
    }),
  ],
  "POST /v1/promotion_codes": [
    (f) => ({
      base: { promotion: { coupon: f.coupon, type: "coupon" } },
      own: { code: [fresh().toUpperCase().replace("_", "")] },
    }),
    (f) => ({
      base: {
        promotion: { coupon: f.coupon, type: "coupon" },
        restrictions: { minimum_amount: 500, minimum_amount_currency: "usd" },
      },
    }),
  ],
  "POST /v1/promotion_codes/:id": [
    async (f, { stripe }) => ({
      id: (await stripe.promotionCodes.create({ promotion: { coupon: f.coupon, type: "coupon" } })).id,
      base: {},
    }),
    async (f, { stripe }) => ({
      id: (
        await stripe.promotionCodes.create({
          promotion: { coupon: f.coupon, type: "coupon" },
          restrictions: { minimum_amount: 500, minimum_amount_currency: "usd" },
        })
      ).id,
      base: {},
    }),
  ],
  "POST /v1/shipping_rates": [
    () => ({
      base: { display_name: "Post", fixed_amount: { amount: 500, currency: "usd" }, type: "fixed_amount" },
    }),
  ],
  "POST /v1/shipping_rates/:id": [
    async (_, { stripe }) => ({
      id: (
        await stripe.shippingRates.create({
          display_name: "Post",
          fixed_amount: { amount: 500, currency: "usd" },
          type: "fixed_amount",
        })
      ).id,
      base: {},
    }),
  ],
  "POST /v1/tax_rates": [() => ({ base: { display_name: "VAT", inclusive: false, percentage: 5 } })],
  "POST /v1/tax_rates/:id": [
    async (_, { stripe }) => ({
      id: (await stripe.taxRates.create({ display_name: "x", inclusive: true, percentage: 3 })).id,
      base: {},
    }),
  ],
  "POST /v1/tax_ids": [
    (f) => ({
      base: { owner: { customer: f.customer, type: "customer" }, type: "eu_vat", value: "DE123456789" },
      own: { value: ["DE987654321"] },
    }),
  ],
  "POST /v1/customers": [() => ({ base: {}, own: { payment_method: ["pm_card_visa"] } })],
  "POST /v1/customers/:id": [
    async (_, { stripe }) => ({ id: (await stripe.customers.create()).id, base: {} }),
    async (_, { stripe }) => withCard(await stripe.customers.create({ source: "tok_visa" }), stripe),
  ],
  "POST /v1/customers/:id/tax_ids": [
    async (_, { stripe }) => ({
      id: (await stripe.customers.create()).id,
      base: { type: "eu_vat", value: "DE123456789" },
      own: { value: ["DE987654321"] },
    }),
  ],
  "POST /v1/customers/:id/sources": [
    async (_, { stripe }) => ({ id: (await stripe.customers.create()).id, base: { source: "tok_visa" } }),
  ],
  "POST /v1/customers/:id/sources/:id": [
    async (_, { stripe }) => sourceOf(await stripe.customers.create({ source: "tok_visa" })),
    async (_, { stripe }) => sourceOf(await stripe.customers.create({ source: await accountToken(stripe) })),
  ],
  "POST /v1/customers/:id/sources/:id/verify": [
    async (_, { stripe }) =>
      sourceOf(await stripe.customers.create({ source: await accountToken(stripe) }), { amounts: [32, 45] }),
  ],
  "POST /v1/customers/:id/balance_transactions": [
    async (_, { stripe }) => ({
      id: (await stripe.customers.create()).id,
      base: { amount: 500, currency: "usd" },
    }),
  ],
  "POST /v1/customers/:id/balance_transactions/:id": [
    async (_, { stripe }) => {
      const { id } = await stripe.customers.create();
      const made = await stripe.customers.createBalanceTransaction(id, { amount: 500, currency: "usd" });
      return { id: `${id} ${made.id}`, base: {} };
    },
  ],
  "POST /v1/customers/:id/cash_balance": [
    async (_, { stripe }) => ({ id: (await stripe.customers.create()).id, base: {} }),
  ],
  "POST /v1/customers/:id/funding_instructions": [
    async (_, { stripe }) => ({
      id: (await stripe.customers.create()).id,
      base: { bank_transfer: { type: "us_bank_transfer" }, currency: "usd", funding_type: "bank_transfer" },
    }),
    async (_, { stripe }) => ({
      id: (await stripe.customers.create()).id,
      base: {
        bank_transfer: { eu_bank_transfer: { country: "DE" }, type: "eu_bank_transfer" },
        currency: "eur",
        funding_type: "bank_transfer",
      },
    }),
  ],
  "POST /v1/test_helpers/customers/:id/fund_cash_balance": [
    async (_, { stripe }) => ({
      id: (await stripe.customers.create()).id,
      base: { amount: 500, currency: "usd" },
    }),
  ],
  "POST /v1/test_helpers/test_clocks": [
    async (_, { stripe }) => ({
      base: { frozen_time: MOMENT },
      own: { customer: [(await stripe.customers.create()).id] },
    }),
  ],
  "POST /v1/test_helpers/test_clocks/:id/advance": [
    async (_, { stripe }) => ({
      id: (await stripe.testHelpers.testClocks.create({ frozen_time: MOMENT })).id,
      base: {},
    }),
  ],
  "POST /v1/tokens": [
    () => ({ base: { card: NUMBER } }),
    () => ({ base: { bank_account: ACCOUNT } }),
    () => ({ base: {} }),
  ],
  "POST /v1/payment_methods": [
    () => ({ base: { card: { token: "tok_visa" }, type: "card" } }),
    () => ({ base: { card: NUMBER, type: "card" } }),
    () => ({ base: US_ACCOUNT }),
    () => ({ base: { type: "upi" } }),
    () => ({ base: { type: "ideal" } }),
    () => ({ base: { type: "sepa_debit", billing_details: { email: "a@example.com", name: "Asha" } } }),
    () => ({ base: {} }),
  ],
  "POST /v1/payment_methods/:id": [
    async (f, { stripe }) => ({
      id: (await stripe.paymentMethods.attach("pm_card_visa", { customer: f.customer })).id,
      base: {},
    }),
    async (f, { stripe }) => ({
      id: (await stripe.paymentMethods.attach("pm_usBankAccount_success", { customer: f.customer })).id,
      base: {},
    }),
  ],
  "POST /v1/payment_methods/:id/attach": [
    async (_, { stripe }) => ({
      id: (await stripe.paymentMethods.create({ card: { token: "tok_visa" }, type: "card" })).id,
      base: {},
    }),
  ],
  "POST /v1/payment_intents": [
    () => ({ base: { amount: 5_000, currency: "usd" } }),
    (f) => ({ base: { amount: 5_000, currency: "usd", customer: f.customer } }),
    (f) => ({
      base: {
        amount: 5_000,
        confirm: true,
        currency: "usd",
        customer: f.customer,
        payment_method: f.method,
        return_url: "http://shop.test",
      },
    }),
    () => ({
      base: {
        amount: 5_000,
        currency: "usd",
        confirm: true,
        payment_method_data: {
          type: "us_bank_account",
          billing_details: { name: "Asha" },
          us_bank_account: {
            account_holder_type: "individual",
            account_number: "000123456789",
            routing_number: "110000000",
          },
        },
        return_url: "http://shop.test",
      },
    }),
    (f) => ({
      base: {
        amount: 5_000,
        confirm: true,
        currency: "eur",
        customer: f.customer,
        payment_method_data: { type: "customer_balance" },
        payment_method_options: {
          customer_balance: {
            bank_transfer: { eu_bank_transfer: { country: "DE" }, type: "eu_bank_transfer" },
            funding_type: "bank_transfer",
          },
        },
      },
    }),
    () => ({ base: { amount: 5_000, currency: "inr" } }),
    () => ({ base: { amount: 5_000, currency: "eur" } }),
  ],
  "POST /v1/payment_intents/:id": [
    async (_, { stripe }) => ({
      id: (await stripe.paymentIntents.create({ amount: 4_000, currency: "usd" })).id,
      base: {},
    }),
    async (f, { stripe }) => ({
      id: (await stripe.paymentIntents.create({ amount: 4_000, currency: "usd", customer: f.customer })).id,
      base: {},
    }),
    async (f, { stripe }) => ({
      id: (await stripe.paymentIntents.create({ amount: 4_000, currency: "eur", customer: f.customer })).id,
      base: {},
    }),
  ],
  "POST /v1/payment_intents/:id/confirm": [
    async (_, { stripe }) => ({
      id: (await stripe.paymentIntents.create({ amount: 4_000, currency: "usd" })).id,
      base: { payment_method: "pm_card_mastercard" },
    }),
    async (f, { stripe }) => ({
      id: (await stripe.paymentIntents.create({ amount: 4_000, currency: "usd", customer: f.customer })).id,
      base: { payment_method: "pm_card_mastercard" },
    }),
    async (_, { stripe }) => ({
      id: (await stripe.paymentIntents.create({ amount: 4_000, currency: "usd" })).id,
      base: { return_url: "http://shop.test" },
    }),
    async (_, { stripe }) => ({
      id: (await stripe.paymentIntents.create({ amount: 4_000, currency: "usd" })).id,
      base: { payment_method: "pm_card_threeDSecure2Required", return_url: "http://shop.test" },
    }),
    async (f, { stripe }) => ({
      id: (await stripe.paymentIntents.create({ amount: 4_000, currency: "eur", customer: f.customer })).id,
      base: {
        payment_method_data: { type: "customer_balance" },
        payment_method_options: {
          customer_balance: {
            bank_transfer: { eu_bank_transfer: { country: "DE" }, type: "eu_bank_transfer" },
            funding_type: "bank_transfer",
          },
        },
      },
    }),
  ],
  "POST /v1/payment_intents/:id/cancel": [
    async (_, { stripe }) => ({
      id: (await stripe.paymentIntents.create({ amount: 4_000, currency: "usd" })).id,
      base: {},
    }),
  ],
  "POST /v1/payment_intents/:id/capture": [async (_, shop) => ({ id: await held(shop), base: {} })],
  "POST /v1/payment_intents/:id/increment_authorization": [
    async (_, shop) => ({ id: await held(shop), base: { amount: 5_000 }, own: { amount: [6_000] } }),
  ],
  "POST /v1/payment_intents/:id/apply_customer_balance": [
    async (_, shop) => ({ id: await transferred(shop), base: {} }),
  ],
  "POST /v1/payment_intents/:id/verify_microdeposits": [
    async (_, shop) => ({
      id: await deposited(shop),
      base: {},
      own: { amounts: [32], descriptor_code: ["SM11AA"] },
    }),
  ],
  "POST /v1/setup_intents": [
    () => ({ base: {} }),
    (f) => ({ base: { customer: f.customer } }),
    (f) => ({
      base: { confirm: true, customer: f.customer, payment_method: f.method, return_url: "http://shop.test" },
    }),
  ],
  "POST /v1/setup_intents/:id": [
    async (_, { stripe }) => ({ id: (await stripe.setupIntents.create()).id, base: {} }),
    async (f, { stripe }) => ({
      id: (await stripe.setupIntents.create({ customer: f.customer })).id,
      base: {},
    }),
  ],
  "POST /v1/setup_intents/:id/confirm": [
    async (_, { stripe }) => ({
      id: (await stripe.setupIntents.create()).id,
      base: { payment_method: "pm_card_mastercard" },
    }),
    async (_, { stripe }) => ({
      id: (await stripe.setupIntents.create()).id,
      base: { return_url: "http://shop.test" },
    }),
    async (_, { stripe }) => ({
      id: (await stripe.setupIntents.create()).id,
      base: { payment_method: "pm_card_threeDSecure2Required", return_url: "http://shop.test" },
    }),
  ],
  "POST /v1/setup_intents/:id/cancel": [
    async (_, { stripe }) => ({ id: (await stripe.setupIntents.create()).id, base: {} }),
  ],
  "POST /v1/setup_intents/:id/verify_microdeposits": [
    async (_, shop) => ({
      id: await setUp(shop),
      base: {},
      own: { amounts: [32], descriptor_code: ["SM11AA"] },
    }),
  ],
  "POST /v1/charges": [
    () => ({ base: { amount: 5_000, currency: "usd", source: "tok_visa" } }),
    (f) => ({ base: { amount: 5_000, currency: "usd", customer: f.customer } }),
  ],
  "POST /v1/charges/:id": [async (_, shop) => ({ id: await charged(shop), base: {} })],
  "POST /v1/charges/:id/capture": [
    async (_, shop) => ({ id: await charged(shop, { capture: false }), base: {} }),
  ],
  "POST /v1/refunds": [
    async (_, shop) => ({ base: { charge: await charged(shop) } }),
    async (_, shop) => ({ base: { payment_intent: await paidIntent(shop) } }),
    () => ({ base: {} }),
  ],
  "POST /v1/refunds/:id": [
    async (_, shop) => ({
      id: (await shop.stripe.refunds.create({ charge: await charged(shop) })).id,
      base: {},
    }),
  ],
  "POST /v1/disputes/:id": [
    async (_, shop) => ({ id: await disputed(shop), base: {} }),
    async (_, shop) => ({ id: await disputed(shop), base: { evidence: { customer_name: "Asha" } } }),
  ],
  "POST /v1/subscriptions": [
    (f) => ({ base: { customer: f.customer, items: [{ price: f.recurring }] } }),
    (f) => ({ base: { customer: f.customer, items: [{ quantity: 1 }] } }),
    (f) => ({
      base: {
        collection_method: "send_invoice",
        customer: f.customer,
        days_until_due: 5,
        items: [{ price: f.recurring }],
      },
    }),
    (f) => ({ base: { billing_cycle_anchor: MOMENT, customer: f.customer, items: [{ price: f.plain }] } }),
  ],
  "POST /v1/subscriptions/:id": [
    async (f, shop) => ({ id: (await subscribed(f, shop)).id, base: {} }),
    async (f, shop) => itemOf(await subscribed(f, shop)),
    async (f, shop) => ({
      id: (await subscribed(f, shop)).id,
      base: { items: [{ quantity: 1, price: await anotherPrice(f, shop) }], proration_behavior: "none" },
    }),
    async (f, shop) => ({
      id: (await subscribed(f, shop)).id,
      base: { collection_method: "send_invoice", days_until_due: 5 },
    }),
    async (f, shop) => ({ id: (await subscribed(f, shop)).id, base: { cancel_at_period_end: true } }),
  ],
  "DELETE /v1/subscriptions/:id": [
    async (f, shop) => ({ id: (await subscribed(f, shop, f.plain)).id, base: {} }),
  ],
  "POST /v1/subscriptions/:id/pause": [
    async (f, shop) => ({ id: (await subscribed(f, shop, f.plain)).id, base: { type: "subscription" } }),
  ],
  "POST /v1/subscriptions/:id/resume": [
    async (f, shop) => {
      const { id } = await subscribed(f, shop, f.plain);
      await shop.stripe.subscriptions.pause(id, { type: "subscription" });
      return { id, base: {} };
    },
  ],
  "POST /v1/subscriptions/:id/migrate": [
    async (f, { stripe }) => ({
      id: (
        await stripe.subscriptions.create({
          billing_mode: { type: "classic" },
          customer: f.customer,
          items: [{ price: f.recurring }],
        })
      ).id,
      base: { billing_mode: { type: "flexible" } },
    }),
  ],
  "POST /v1/subscription_items": [
    async (f, shop) => {
      const price = await anotherPrice(f, shop);
      return {
        base: { price, proration_behavior: "none", subscription: (await subscribed(f, shop)).id },
        own: { price: [price] },
      };
    },
    async (f, shop) => ({
      base: { proration_behavior: "none", subscription: (await subscribed(f, shop)).id },
    }),
  ],
  "POST /v1/subscription_items/:id": [
    async (f, shop) => ({ id: (await subscribed(f, shop)).items.data[0]?.id, base: {} }),
  ],
  "DELETE /v1/subscription_items/:id": [
    async (f, shop) => ({
      id: await secondItem(f, shop, { meter: f.meter, usage_type: "metered" }),
      base: {},
    }),
    async (f, shop) => ({ id: await secondItem(f, shop, {}), base: {} }),
  ],
  "POST /v1/subscription_schedules": [
    (f) => ({
      base: {
        customer: f.customer,
        phases: [{ items: [{ price: f.recurring }], proration_behavior: "none" }],
        start_date: "now",
      },
    }),
    (f) => ({
      base: {
        customer: f.customer,
        phases: [{ items: [{ quantity: 1 }], proration_behavior: "none" }],
        start_date: "now",
      },
    }),
    async (f, shop) => ({ base: { from_subscription: (await subscribed(f, shop)).id } }),
    () => ({ base: {} }),
    (f) => ({
      base: {
        customer: f.customer,
        phases: [
          {
            collection_method: "send_invoice",
            invoice_settings: { days_until_due: 5 },
            items: [{ price: f.recurring }],
            proration_behavior: "none",
          },
        ],
        start_date: "now",
      },
    }),
  ],
  "POST /v1/subscription_schedules/:id": [
    async (f, shop) => planned(f, shop, {}),
    async (f, shop) => {
      const { id, base } = await planned(f, shop, {});
      const [phase] = base.phases;
      return { id, base: { phases: [{ ...phase, items: [{ quantity: 1 }] }] } };
    },
  ],
  "POST /v1/subscription_schedules/:id/cancel": [
    async (f, shop) => ({ id: (await planned(f, shop, {})).id, base: {} }),
  ],
  "POST /v1/subscription_schedules/:id/release": [
    async (f, shop) => ({ id: (await planned(f, shop, { start_date: "now" })).id, base: {} }),
  ],
  "POST /v1/invoices": [
    (f) => ({ base: { customer: f.customer } }),
    (f) => ({ base: { collection_method: "send_invoice", customer: f.customer, days_until_due: 5 } }),
  ],
  "POST /v1/invoices/:id": [
    async (f, { stripe }) => ({ id: (await stripe.invoices.create({ customer: f.customer })).id, base: {} }),
    async (f, { stripe }) => ({
      id: (
        await stripe.invoices.create({
          collection_method: "send_invoice",
          customer: f.customer,
          days_until_due: 5,
        })
      ).id,
      base: {},
    }),
  ],
  "POST /v1/invoices/:id/finalize": [async (f, shop) => ({ id: (await draft(f, shop)).invoice, base: {} })],
  "POST /v1/invoices/:id/pay": [async (f, shop) => ({ id: (await draft(f, shop)).invoice, base: {} })],
  "POST /v1/invoices/:id/attach_payment": [
    async (_, { stripe }) => {
      const { id: customer } = await stripe.customers.create();
      const { id } = await stripe.invoices.create({ customer });
      await stripe.invoices.addLines(id, { lines: [{ amount: 5_000 }] });
      await stripe.invoices.finalizeInvoice(id, { auto_advance: false });
      const paid = await stripe.paymentIntents.create({
        amount: 500,
        confirm: true,
        currency: "usd",
        customer,
        payment_method: "pm_card_visa",
        return_url: "http://shop.test",
      });
      return { id, base: { payment_intent: paid.id }, own: { payment_intent: [paid.id] } };
    },
  ],
  "POST /v1/invoices/:id/add_lines": [
    async (f, { stripe }) => ({
      id: (await stripe.invoices.create({ customer: f.customer })).id,
      base: { lines: [{ amount: 500, description: "Line" }] },
    }),
    async (f, { stripe }) => ({
      id: (await stripe.invoices.create({ customer: f.customer })).id,
      base: { lines: [{ description: "Line" }] },
    }),
    async (f, { stripe }) => ({
      id: (await stripe.invoices.create({ customer: f.customer, pending_invoice_items_behavior: "exclude" }))
        .id,
      base: {
        lines: [
          {
            invoice_item: (
              await stripe.invoiceItems.create({ amount: 500, currency: "usd", customer: f.customer })
            ).id,
          },
        ],
      },
    }),
  ],
  "POST /v1/invoices/:id/update_lines": [
    async (f, shop) => {
      const { invoice, line } = await draft(f, shop);
      return { id: invoice, base: { lines: [{ id: line }] }, own: { id: [line] } };
    },
  ],
  "POST /v1/invoices/:id/remove_lines": [
    async (f, shop) => {
      const { invoice, line } = await draft(f, shop);
      return { id: invoice, base: { lines: [{ behavior: "delete", id: line }] }, own: { id: [line] } };
    },
  ],
  "POST /v1/invoices/:id/lines/:id": [
    async (f, shop) => {
      const { invoice, line } = await draft(f, shop);
      return { id: `${invoice} ${line}`, base: {} };
    },
  ],
  "POST /v1/invoices/create_preview": [
    (f) => ({ base: { subscription: f.subscription } }),
    (f) => ({ base: { customer: f.customer, subscription_details: { items: [{ price: f.plain }] } } }),
    (f) => ({ base: { customer: f.customer, subscription_details: { items: [{ quantity: 2 }] } } }),
    (f) => ({
      base: {
        customer: f.customer,
        schedule_details: { phases: [{ items: [{ price: f.plain }], start_date: "now" }] },
      },
    }),
    (f) => ({
      base: {
        customer: f.customer,
        schedule_details: { phases: [{ items: [{ quantity: 2 }], start_date: "now" }] },
      },
    }),
    (f) => ({ base: { subscription_details: { items: [{ price: f.plain }] } } }),
    (f) => ({
      base: {
        subscription: f.metered,
        subscription_details: { items: [{ deleted: true, id: f.meteredItem }] },
      },
    }),
    (f) => ({ base: { customer: f.customer, invoice_items: [{ amount: 500, currency: "usd" }] } }),
    (f) => ({ base: { customer: f.customer, invoice_items: [{ currency: "usd" }] } }),
  ],
  "POST /v1/invoiceitems": [
    async (f, shop) => ({
      base: { amount: 500, currency: "usd", customer: f.customer },
      own: { invoice: [(await draft(f, shop)).invoice] },
    }),
    (f) => ({ base: { currency: "usd", customer: f.customer, unit_amount_decimal: "250" } }),
    (f) => ({ base: { amount: 500, currency: "usd", customer: f.customer } }),
    (f) => ({ base: { currency: "usd", customer: f.customer } }),
    (f) => ({ base: { customer: f.customer } }),
  ],
  "POST /v1/invoiceitems/:id": [
    async (f, { stripe }) => ({
      id: (await stripe.invoiceItems.create({ amount: 500, currency: "usd", customer: f.customer })).id,
      base: {},
    }),
    async (f, { stripe }) => ({
      id: (
        await stripe.invoiceItems.create({
          currency: "usd",
          customer: f.customer,
          quantity: 2,
          unit_amount_decimal: Stripe.Decimal.from("250"),
        })
      ).id,
      base: {},
    }),
  ],
  "POST /v1/credit_notes": [
    (f) => ({
      base: {
        invoice: f.invoice,
        lines: [{ description: "Late", quantity: 1, type: "custom_line_item", unit_amount: 5 }],
      },
    }),
    (f) => ({
      base: { invoice: f.invoice, lines: [{ description: "Late", quantity: 1, type: "custom_line_item" }] },
    }),
    (f) => ({
      base: {
        invoice: f.invoice,
        lines: [{ amount: 5, invoice_line_item: f.line, type: "invoice_line_item" }],
      },
    }),
    (f) => ({ base: { amount: 7, invoice: f.paid } }),
    (f) => ({ base: { amount: 777, invoice: f.paid } }),
    (f) => ({ base: { amount: 900, invoice: f.paid } }),
    (f) => ({ base: { invoice: f.invoice } }),
    (f) => ({
      base: { invoice: f.invoice, lines: [{ invoice_line_item: f.line, type: "invoice_line_item" }] },
    }),
  ],
  "POST /v1/credit_notes/:id": [
    async (f, { stripe }) => ({
      id: (await stripe.creditNotes.create({ invoice: f.invoice, amount: 3 })).id,
      base: {},
    }),
  ],
  "POST /v1/checkout/sessions": [
    (f) => ({
      own: { expires_at: [MOMENT - 7 * DAY + 7_200] },
      base: {
        line_items: [{ price: f.price, quantity: 1 }],
        mode: "payment",
        success_url: "http://shop.test",
      },
    }),
    (f) => ({
      base: {
        line_items: [{ price: f.recurring, quantity: 1 }],
        mode: "subscription",
        success_url: "http://shop.test",
      },
    }),
    () => ({ base: { currency: "usd", mode: "setup", success_url: "http://shop.test" } }),
    (f) => ({
      base: {
        automatic_tax: { enabled: true },
        customer: f.customer,
        line_items: [{ price: f.price, quantity: 1 }],
        mode: "payment",
        shipping_address_collection: { allowed_countries: ["DE"] },
        success_url: "http://shop.test",
      },
    }),
    () => ({ base: { line_items: [{ quantity: 1 }], mode: "payment", success_url: "http://shop.test" } }),
    (f) => ({
      base: {
        line_items: [{ price: f.price, quantity: 1 }],
        mode: "payment",
        return_url: "http://shop.test",
        ui_mode: "embedded_page",
      },
    }),
    (f) => ({
      base: {
        line_items: [{ price: f.plain, quantity: 1 }],
        mode: "subscription",
        subscription_data: { trial_period_days: 9 },
        success_url: "http://shop.test",
      },
    }),
    (f) => ({
      base: {
        invoice_creation: { enabled: true },
        line_items: [{ price: f.price, quantity: 1 }],
        mode: "payment",
        success_url: "http://shop.test",
      },
    }),
    (f) => ({
      base: {
        line_items: [{ price: f.price, quantity: 1 }],
        mode: "payment",
        optional_items: [{ price: f.price, quantity: 1 }],
        shipping_address_collection: { allowed_countries: ["DE"] },
        success_url: "http://shop.test",
      },
    }),
    (f) => ({
      base: {
        customer: f.customer,
        line_items: [{ price: f.price, quantity: 1 }],
        mode: "payment",
        success_url: "http://shop.test",
        tax_id_collection: { enabled: true },
      },
    }),
    () => ({
      base: {
        line_items: [
          { price_data: { currency: "inr", product_data: { name: "x" }, unit_amount: 50_000 }, quantity: 1 },
        ],
        mode: "payment",
        success_url: "http://shop.test",
      },
    }),
    () => ({
      base: {
        line_items: [
          { price_data: { currency: "eur", product_data: { name: "x" }, unit_amount: 50_000 }, quantity: 1 },
        ],
        mode: "payment",
        success_url: "http://shop.test",
      },
    }),
    () => ({
      base: {
        customer_creation: "always",
        line_items: [{ price_data: { currency: "usd", product_data: { name: "x" } }, quantity: 1 }],
        mode: "payment",
        success_url: "http://shop.test",
      },
    }),
    () => ({
      base: {
        line_items: [
          {
            price_data: {
              currency: "usd",
              recurring: { interval: "month" },
              product_data: { name: "x" },
              unit_amount: 500,
            },
            quantity: 1,
          },
        ],
        mode: "subscription",
        success_url: "http://shop.test",
      },
    }),
  ],
  "POST /v1/checkout/sessions/:id": [
    async (_, shop) => ({ id: (await shop.session()).id, base: {} }),
    async (f, { stripe }) => ({
      id: (
        await stripe.checkout.sessions.create({
          line_items: [{ price: f.price, quantity: 1 }],
          mode: "payment",
          return_url: "http://shop.test",
          ui_mode: "elements",
        })
      ).id,
      base: {},
    }),
    async (f, { stripe }) => {
      const made = await stripe.checkout.sessions.create({
        expand: ["line_items"],
        line_items: [{ adjustable_quantity: { enabled: true }, price: f.price, quantity: 1 }],
        mode: "payment",
        return_url: "http://shop.test",
        shipping_address_collection: { allowed_countries: ["DE", "US"] },
        ui_mode: "elements",
      });
      const line = made.line_items?.data[0]?.id;
      return { id: made.id, base: { line_items: [{ id: line }] }, own: { id: [line] } };
    },
    async (f, { stripe }) => ({
      id: (
        await stripe.checkout.sessions.create({
          line_items: [{ price: f.plain, quantity: 1 }],
          mode: "subscription",
          return_url: "http://shop.test",
          ui_mode: "elements",
        })
      ).id,
      base: {},
    }),
    async (f, { stripe }) => ({
      id: (
        await stripe.checkout.sessions.create({
          invoice_creation: { enabled: true },
          line_items: [{ price: f.price, quantity: 1 }],
          mode: "payment",
          return_url: "http://shop.test",
          shipping_address_collection: { allowed_countries: ["DE", "US"] },
          ui_mode: "elements",
        })
      ).id,
      base: {},
    }),
    async (f, { stripe }) => ({
      id: (
        await stripe.checkout.sessions.create({
          line_items: [{ price: f.price, quantity: 1 }],
          mode: "payment",
          return_url: "http://shop.test",
          ui_mode: "elements",
        })
      ).id,
      base: { line_items: [{ quantity: 1 }] },
    }),
  ],
  "POST /v1/payment_links": [
    (f) => ({ base: { line_items: [{ price: f.price, quantity: 1 }] } }),
    (f) => ({ base: { line_items: [{ price: f.recurring, quantity: 1 }] } }),
    () => ({ base: { line_items: [{ quantity: 1 }] } }),
    (f) => ({ base: { invoice_creation: { enabled: true }, line_items: [{ price: f.price, quantity: 1 }] } }),
    (f) => ({
      base: {
        line_items: [{ price: f.price, quantity: 1 }],
        shipping_address_collection: { allowed_countries: ["DE"] },
      },
    }),
    () => ({
      base: { line_items: [{ price_data: { currency: "usd", product_data: { name: "x" } }, quantity: 1 }] },
    }),
  ],
  "POST /v1/payment_links/:id": [
    async (f, { stripe }) => ({
      id: (await stripe.paymentLinks.create({ line_items: [{ price: f.price, quantity: 1 }] })).id,
      base: {},
    }),
    async (f, { stripe }) => ({
      id: (await stripe.paymentLinks.create({ line_items: [{ price: f.recurring, quantity: 1 }] })).id,
      base: {},
    }),
    async (f, { stripe }) => {
      const { id } = await stripe.paymentLinks.create({ line_items: [{ price: f.price, quantity: 1 }] });
      const [line] = (await stripe.paymentLinks.listLineItems(id)).data;
      return { id, base: { line_items: [{ id: line?.id, quantity: 1 }] }, own: { id: [line?.id] } };
    },
    async (f, { stripe }) => ({
      id: (
        await stripe.paymentLinks.create({
          line_items: [{ price: f.price, quantity: 1 }],
          shipping_address_collection: { allowed_countries: ["DE"] },
        })
      ).id,
      base: {},
    }),
  ],
  "POST /v1/quotes": [
    (f) => ({ base: { line_items: [{ price: f.price }] } }),
    (f) => ({ base: { customer: f.customer, line_items: [{ price: f.recurring }] } }),
    () => ({ base: { line_items: [{ quantity: 1 }] } }),
    (f) => ({
      base: {
        collection_method: "send_invoice",
        customer: f.customer,
        invoice_settings: { days_until_due: 5 },
        line_items: [{ price: f.price }],
      },
    }),
    (f) => ({ base: { from_quote: { quote: f.quote } } }),
  ],
  "POST /v1/quotes/:id": [
    async (f, { stripe }) => ({
      id: (await stripe.quotes.create({ line_items: [{ price: f.price }] })).id,
      base: {},
    }),
    async (f, { stripe }) => ({
      id: (await stripe.quotes.create({ customer: f.customer, line_items: [{ price: f.recurring }] })).id,
      base: {},
    }),
    async (f, { stripe }) => {
      const { id } = await stripe.quotes.create({
        customer: f.customer,
        line_items: [{ price: f.recurring }],
      });
      const [line] = (await stripe.quotes.listLineItems(id)).data;
      return { id, base: { line_items: [{ id: line?.id }] }, own: { id: [line?.id] } };
    },
  ],
  "POST /v1/quotes/:id/finalize": [
    async (f, { stripe }) => ({
      id: (await stripe.quotes.create({ customer: f.customer, line_items: [{ price: f.price }] })).id,
      base: {},
    }),
  ],
  "POST /v1/billing/meters": [
    () => ({
      base: { default_aggregation: { formula: "sum" }, display_name: "Calls", event_name: fresh() },
      own: { event_name: [fresh()] },
    }),
  ],
  "POST /v1/billing/meters/:id": [
    async (_, { stripe }) => ({
      id: (
        await stripe.billing.meters.create({
          default_aggregation: { formula: "sum" },
          display_name: "Calls",
          event_name: fresh(),
        })
      ).id,
      base: {},
    }),
  ],
  "POST /v1/billing/meter_events": [
    (f) => ({ base: { event_name: f.meterName, payload: { stripe_customer_id: f.customer, value: "5" } } }),
  ],
  "POST /v1/billing/meter_event_adjustments": [
    async (f, { stripe }) => {
      const identifier = fresh();
      await stripe.billing.meterEvents.create({
        event_name: f.meterName,
        identifier,
        payload: { stripe_customer_id: f.customer, value: "5" },
      });
      return {
        base: { cancel: { identifier }, event_name: f.meterName, type: "cancel" },
        own: { identifier: [identifier] },
      };
    },
  ],
  "POST /v1/billing_portal/configurations": [
    () => ({ base: { features: { invoice_history: { enabled: true } } } }),
    (f) => ({
      base: {
        features: {
          subscription_update: {
            default_allowed_updates: ["price"],
            enabled: true,
            products: [{ prices: [f.plain], product: f.product }],
          },
        },
      },
    }),
  ],
  "POST /v1/billing_portal/configurations/:id": [
    async (_, { stripe }) => ({
      id: (
        await stripe.billingPortal.configurations.create({ features: { invoice_history: { enabled: true } } })
      ).id,
      base: {},
    }),
  ],
  "POST /v1/billing_portal/sessions": [
    (f) => ({ base: { customer: f.customer } }),
    (f) => ({
      base: {
        customer: f.customer,
        flow_data: {
          subscription_update_confirm: {
            items: [{ id: f.item, price: f.plain, quantity: 2 }],
            subscription: f.subscription,
          },
          type: "subscription_update_confirm",
        },
      },
    }),
    (f) => ({
      base: {
        customer: f.customer,
        flow_data: { subscription_cancel: { subscription: f.subscription }, type: "subscription_cancel" },
      },
    }),
    (f) => ({
      base: {
        customer: f.customer,
        flow_data: { subscription_update: { subscription: f.subscription }, type: "subscription_update" },
      },
    }),
    (f) => ({ base: { customer: f.customer, flow_data: { type: "payment_method_update" } } }),
  ],
  "POST /v1/webhook_endpoints": [
    () => ({ base: { enabled_events: ["plan.deleted"], url: "http://127.0.0.1:1/nobody" } }),
  ],
  "POST /v1/webhook_endpoints/:id": [
    async (_, { stripe }) => ({
      id: (
        await stripe.webhookEndpoints.create({
          enabled_events: ["plan.deleted"],
          url: "http://127.0.0.1:1/nobody",
        })
      ).id,
      base: {},
    }),
  ],
};

/** What a list needs to be asked for. */
export const LISTS: Record<string, (f: Fixtures) => Probe> = {
  "GET /v1/billing/meters/:id/event_summaries": (f) => ({
    id: f.meter,
    base: {
      customer: f.customer,
      end_time: MOMENT - (MOMENT % 60),
      start_time: MOMENT - 30 * DAY - (MOMENT % 60),
    },
  }),
  "GET /v1/customers/:id/balance_transactions": (f) => ({ id: f.payer, base: {} }),
  "GET /v1/customers/:id/payment_methods": (f) => ({ id: f.customer, base: {} }),
  "GET /v1/customers/:id/sources": (f) => ({ id: f.customer, base: {} }),
  "GET /v1/entitlements/active_entitlements": (f) => ({ base: { customer: f.customer } }),
  "GET /v1/subscription_items": (f) => ({ base: { subscription: f.subscription } }),
};

const NUMBER = { cvc: "123", exp_month: 12, exp_year: 2034, number: "4242424242424242" };
const ACCOUNT = {
  account_number: "000123456789",
  country: "US",
  currency: "usd",
  routing_number: "110000000",
};

async function withCard({ id }: Stripe.Customer, stripe: Stripe): Promise<Probe> {
  const card = await stripe.paymentMethods.attach("pm_card_visa", { customer: id });
  const source = await stripe.customers.createSource(id, { source: "tok_mastercard" });
  return { id, base: {}, own: { default_payment_method: [card.id], default_source: [source.id] } };
}

const sourceOf = ({ id, default_source: source }: Stripe.Customer, base: object = {}): Probe => ({
  id: `${id} ${source}`,
  base,
});

const accountToken = async (stripe: Stripe) => (await stripe.tokens.create({ bank_account: ACCOUNT })).id;

async function held({ stripe }: TestShop): Promise<string> {
  const { id } = await stripe.paymentIntents.create({
    amount: 4_000,
    capture_method: "manual",
    confirm: true,
    currency: "usd",
    payment_method: "pm_card_visa",
    return_url: "http://shop.test",
  });
  return id;
}

/** A payment by bank transfer whose money has come to its customer and waits there. */
async function transferred({ stripe }: TestShop): Promise<string> {
  const { id: customer } = await stripe.customers.create({
    cash_balance: { settings: { reconciliation_mode: "manual" } },
  });
  const { id } = await stripe.paymentIntents.create({
    amount: 4_000,
    confirm: true,
    currency: "eur",
    customer,
    payment_method_data: { type: "customer_balance" },
    payment_method_options: {
      customer_balance: {
        bank_transfer: { eu_bank_transfer: { country: "DE" }, type: "eu_bank_transfer" },
        funding_type: "bank_transfer",
      },
    },
  });
  await stripe.testHelpers.customers.fundCashBalance(customer, { amount: 4_000, currency: "eur" });
  return id;
}

async function deposited({ stripe }: TestShop): Promise<string> {
  const { id } = await stripe.paymentIntents.create({
    amount: 4_000,
    confirm: true,
    currency: "usd",
    payment_method_data: US_ACCOUNT,
    payment_method_options: { us_bank_account: { verification_method: "microdeposits" } },
    return_url: "http://shop.test",
  });
  return id;
}

async function setUp({ stripe }: TestShop): Promise<string> {
  const { id } = await stripe.setupIntents.create({
    confirm: true,
    payment_method_data: US_ACCOUNT,
    payment_method_options: { us_bank_account: { verification_method: "microdeposits" } },
    return_url: "http://shop.test",
  });
  return id;
}

async function disputed(shop: TestShop): Promise<string> {
  const charge = await charged(shop, { source: "tok_createDispute" });
  return (await shop.stripe.disputes.list({ charge })).data[0]?.id ?? "";
}

const subscribed = ({ customer, recurring }: Fixtures, { stripe }: TestShop, price = recurring) =>
  stripe.subscriptions.create({ customer, items: [{ price }] });

const itemOf = ({ id, items }: Stripe.Subscription): Probe => ({
  id,
  base: { items: [{ id: items.data[0]?.id }], proration_behavior: "none" },
  own: { id: [items.data[0]?.id] },
});

async function secondItem(f: Fixtures, shop: TestShop, recurring: object): Promise<string> {
  const { id } = await shop.stripe.prices.create({
    currency: "usd",
    product: f.product,
    recurring: { interval: "month", ...recurring },
    unit_amount: 700,
  });
  const { customer, plain } = f;
  const made = await shop.stripe.subscriptions.create({ customer, items: [{ price: plain }, { price: id }] });
  return made.items.data.at(-1)?.id ?? "";
}

async function anotherPrice({ product }: Fixtures, { stripe }: TestShop): Promise<string> {
  const recurring = { interval: "month" } as const;
  return (await stripe.prices.create({ currency: "usd", product, recurring, unit_amount: 700 })).id;
}

async function planned(
  { customer, recurring }: Fixtures,
  { stripe }: TestShop,
  extra: Partial<Stripe.SubscriptionScheduleCreateParams>,
) {
  const phases = [{ duration: { interval: "month" as const }, items: [{ price: recurring }] }];
  const start_date = MOMENT + 30 * DAY;
  const { id } = await stripe.subscriptionSchedules.create({ customer, phases, start_date, ...extra });
  return { id, base: { phases } };
}

async function draft({ customer }: Fixtures, { stripe }: TestShop) {
  const { id: invoice } = await stripe.invoices.create({
    customer,
    pending_invoice_items_behavior: "exclude",
  });
  const { lines } = await stripe.invoices.addLines(invoice, { lines: [{ amount: 5_000 }] });
  return { invoice, line: lines.data[0]?.id ?? "" };
}
