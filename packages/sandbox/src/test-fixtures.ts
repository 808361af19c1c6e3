import type Stripe from "stripe";
import type { TestShop } from "./test-shop.ts";

export const DAY = 86_400;
export const MOMENT = Math.floor(Date.now() / 1000) + 7 * DAY;

/** What every probe may refer to. */
export interface Fixtures {
  clock: string;
  coupon: string;
  customer: string;
  invoice: string;
  item: string;
  line: string;
  meter: string;
  meterName: string;
  metered: string;
  meteredItem: string;
  method: string;
  paid: string;
  payer: string;
  plain: string;
  price: string;
  product: string;
  quote: string;
  rate: string;
  recurring: string;
  refund: string;
  shipping: string;
  subscription: string;
  /** What a hash of a name needs beside what the SDK requires; or the hash where one parameter of it is said. */
  needed: Record<string, Record<string, unknown>>;
  /** What a parameter of a name can be, where its kind doesn't say enough. */
  values: Record<string, unknown[]>;
}

export const US_ACCOUNT = {
  billing_details: { name: "Asha" },
  type: "us_bank_account",
  us_bank_account: {
    account_holder_type: "individual",
    account_number: "000123456789",
    routing_number: "110000000",
  },
} as const;

/** What a hash of a name needs whatever there is. */
const NEEDED: Fixtures["needed"] = {
  delivery_estimate: { maximum: { unit: "day", value: 9 }, minimum: { unit: "day", value: 2 } },
  "end timestamp": { type: "timestamp" },
  maximum: { unit: "day", value: 9 },
  minimum: { unit: "day", value: 2 },
  payment_method_data: {
    billing_details: { name: "Asha" },
    type: "us_bank_account",
    us_bank_account: US_ACCOUNT.us_bank_account,
  },
  "payment_method_data ideal": { type: "ideal", us_bank_account: undefined },
  "payment_method_data sepa_debit": { type: "sepa_debit", us_bank_account: undefined },
  bank_transfer: { eu_bank_transfer: { country: "DE" }, type: "eu_bank_transfer" },
  card: { commodity_code: "12345" },
  eu_bank_transfer: { country: "NL" },
  adjustable_quantity: { enabled: true, maximum: 9, minimum: 1 },
  installments: { enabled: true },
  mandate_options: {
    amount: 500,
    amount_type: "fixed",
    interval: "month",
    interval_count: 1,
    reference: "Probe",
    start_date: MOMENT,
  },
  customer_balance: { funding_type: "bank_transfer" },
  "bank_transfer type": { eu_bank_transfer: { country: "DE" } },
  default_price_data: { currency: "usd", unit_amount: 700 },
  end: { type: "min_item_period_end" },
  start: { type: "max_item_period_start" },
  product_data: { name: "Made in passing" },
  owner: { type: "customer" },
  recurring: { interval: "month" },
  shipping_rate_data: {
    display_name: "Post",
    fixed_amount: { amount: 500, currency: "usd" },
    type: "fixed_amount",
  },
  "start timestamp": { type: "timestamp" },
};

/** What a parameter of a name can be, whatever there is. */
const VALUES: Fixtures["values"] = {
  account_number: ["000123456789", "000111111116"],
  routing_number: ["110000000", "011000015"],
  iban: ["DE89370400440532013000", "AT611904300234573201"],
  supported_types: ["india"],
  allowed_payment_method_types: ["card"],
  amount_tax_display: ["exclude_tax"],
  minimum_amount_currency: ["eur"],
  payment_method_types: ["card"],
  period: [{ end: { type: "min_item_period_end" }, start: { type: "max_item_period_start" } }],
  amount_type: ["maximum", "fixed"],
  brands_blocked: ["american_express"],
  exp_month: [7],
  exp_year: [2033],
  flexible: [{ proration_discounts: "itemized" }],
  frozen_time: [MOMENT + DAY],
  funding_type: ["bank_transfer"],
  funding_types_blocked: ["prepaid"],
  interval: ["month", "week"],
  jurisdiction_level: ["state"],
  missing_payment_method: ["cancel", "pause"],
  proration_discounts: ["itemized"],
  request_three_d_secure: ["any"],
  requested_address_types: ["iban"],
  return_url: ["https://probe.test/here"],
  state: ["CA"],
  target_date: [new Date(MOMENT * 1000).toISOString().slice(0, 10)],
  tax_behavior: ["inclusive", "exclusive"],
  timestamp: [MOMENT - 7 * DAY],
  verification_method: ["microdeposits", "instant"],
  amounts: [32],
  country: ["DE", "US"],
  currency: ["usd", "eur", "inr"],
  customer_email: ["probe@example.com"],
  days_until_due: [12],
  email: ["probe@example.com"],
  lookup_key: ["probe key"],
  number: ["4000056655665556"],
  receipt_email: ["probe@example.com"],
  source: ["tok_mastercard"],
  token: ["tok_amex"],
  trial_end: [MOMENT],
  unit_amount_decimal: ["1250.5"],
  url: ["https://probe.test/here"],
};

export async function makeFixtures(shop: TestShop): Promise<Fixtures> {
  await shop.control("cards", { raw_numbers: true });
  const goods = await makeGoods(shop);
  const buyer = await makeBuyer(shop);
  const billing = await makeBilling(shop, { ...goods, ...buyer });
  const all = { ...goods, ...buyer, ...billing, ...(await makePayments(shop)) };
  const { coupon, plain, price, product } = goods;
  return {
    ...idsOf(all),
    needed: {
      ...NEEDED,
      add_invoice_items: { price: price.id },
      discounts: { coupon: coupon.id },
      items: { price: plain.id },
      refunds: { refund: all.refund.id },
      price_data: { currency: "usd", product: product.id, unit_amount: 700 },
    },
    values: { ...VALUES, ...valuesOf(all) },
  };
}

type Goods = Awaited<ReturnType<typeof makeGoods>>;
type Buyer = Awaited<ReturnType<typeof makeBuyer>>;
type Made = Goods &
  Buyer &
  Awaited<ReturnType<typeof makeBilling>> &
  Awaited<ReturnType<typeof makePayments>>;

function idsOf(made: Made): Omit<Fixtures, "needed" | "values"> {
  return {
    clock: made.clock.id,
    coupon: made.coupon.id,
    customer: made.customer.id,
    invoice: made.open.invoice,
    item: made.subscription.items.data[0]?.id ?? "",
    line: made.open.line,
    meter: made.meter.id,
    meterName: made.meter.event_name,
    metered: made.metered.id,
    meteredItem: made.metered.items.data[1]?.id ?? "",
    method: made.method.id,
    paid: made.paid,
    payer: made.payer.id,
    plain: made.plain.id,
    price: made.price.id,
    product: made.product.id,
    quote: made.quote.id,
    rate: made.rate.id,
    recurring: made.recurring.id,
    refund: made.refund.id,
    shipping: made.shipping.id,
    subscription: made.subscription.id,
  };
}

/** What can be named where a parameter is the id of something. */
function valuesOf(made: Made): Fixtures["values"] {
  return {
    discount: [String(made.discounted.discounts[0])],
    default_source: [made.sourced],
    account_tax_ids: [made.tax.id],
    plan: [made.plain.id],
    charge: [made.charge],
    configuration: [made.configuration.id],
    coupon: [made.coupon.id],
    customer: [made.customer.id],
    default_payment_method: [made.method.id],
    default_tax_rates: [made.rate.id],
    event_name: [made.meter.event_name],
    from_subscription: [made.subscription.id],
    invoice: [made.open.invoice],
    invoice_line_item: [made.open.line],
    meter: [made.meter.id],
    payment_intent: [made.intent],
    payment_method: [made.method.id, "pm_card_visa"],
    price: [made.recurring.id, made.price.id],
    prices: [made.plain.id],
    product: [made.product.id],
    products: [made.product.id],
    promotion_code: [made.promotion.id],
    quote: [made.quote.id],
    refund: [made.refund.id],
    schedule: [made.schedule.id],
    shipping_rate: [made.shipping.id],
    subscription: [made.subscription.id],
    tax_rate: [made.rate.id],
    tax_rates: [made.rate.id],
    test_clock: [made.clock.id],
  };
}

async function makeGoods({ stripe }: TestShop) {
  const product = await stripe.products.create({ name: "Handbook" });
  const price = await stripe.prices.create({ currency: "usd", product: product.id, unit_amount: 900 });
  const recurring = await stripe.prices.create({
    currency: "usd",
    product: product.id,
    recurring: { interval: "month", trial_period_days: 5 },
    unit_amount: 1_000,
  });
  const plain = await stripe.prices.create({
    currency: "usd",
    product: product.id,
    recurring: { interval: "month" },
    unit_amount: 2_000,
  });
  const meter = await stripe.billing.meters.create({
    default_aggregation: { formula: "sum" },
    display_name: "Calls",
    event_name: "calls",
  });
  const usage = await stripe.prices.create({
    currency: "usd",
    product: product.id,
    recurring: { interval: "month", meter: meter.id, usage_type: "metered" },
    unit_amount: 3,
  });
  const coupon = await stripe.coupons.create({ duration: "forever", percent_off: 10 });
  const promotion = await stripe.promotionCodes.create({ promotion: { coupon: coupon.id, type: "coupon" } });
  const rate = await stripe.taxRates.create({ display_name: "VAT", inclusive: false, percentage: 10 });
  const shipping = await stripe.shippingRates.create({
    display_name: "Post",
    fixed_amount: { amount: 500, currency: "usd" },
    type: "fixed_amount",
  });
  return { coupon, meter, plain, price, product, promotion, rate, recurring, shipping, usage };
}

async function makeBuyer({ stripe }: TestShop) {
  const customer = await stripe.customers.create({
    address: { country: "DE" },
    email: "fixture@example.com",
  });
  const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } });
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: MOMENT });
  const sourced = (await stripe.customers.createSource(customer.id, { source: "tok_visa" })).id;
  const tax = await stripe.taxIds.create({ type: "eu_vat", value: "DE123456789" });
  return { clock, customer, method, sourced, tax };
}

async function makeBilling({ stripe }: TestShop, { coupon, customer, plain, price, usage }: Goods & Buyer) {
  const subscribe = (prices: { id: string }[], extra = {}) =>
    stripe.subscriptions.create({
      customer: customer.id,
      items: prices.map(({ id }) => ({ price: id })),
      ...extra,
    });
  const subscription = await subscribe([plain]);
  const discounted = await subscribe([plain], { discounts: [{ coupon: coupon.id }] });
  const metered = await subscribe([plain, usage]);
  // The first session makes the configuration that all others have.
  await stripe.billingPortal.sessions.create({ customer: customer.id });
  const configuration = await stripe.billingPortal.configurations.create({
    features: { invoice_history: { enabled: true } },
  });
  const quote = await stripe.quotes.create({ customer: customer.id, line_items: [{ price: price.id }] });
  await stripe.quotes.finalizeQuote(quote.id);
  const schedule = await stripe.subscriptionSchedules.create({
    customer: customer.id,
    phases: [{ duration: { interval: "month" }, items: [{ price: plain.id }] }],
    start_date: MOMENT,
  });
  return { configuration, discounted, metered, quote, schedule, subscription };
}

async function makePayments(shop: TestShop) {
  const { stripe } = shop;
  // What is credited goes to a balance, which the next invoices would take from.
  const payer = await stripe.customers.create({ email: "payer@example.com" });
  const card = await stripe.paymentMethods.attach("pm_card_visa", { customer: payer.id });
  await stripe.customers.update(payer.id, { invoice_settings: { default_payment_method: card.id } });
  const open = await billed(shop, payer);
  const { invoice: paid } = await billed(shop, payer);
  const settled = await stripe.invoices.pay(paid, { expand: ["payments"] });
  const payment_intent = String(settled.payments?.data[0]?.payment.payment_intent);
  const refund = await stripe.refunds.create({ amount: 900, payment_intent });
  const intent = await paidIntent(shop);
  const charge = await charged(shop);
  await shop.control(`charges/${charge}/fraud_warning`);
  return { charge, intent, open, paid, payer, refund };
}

async function billed({ stripe }: TestShop, { id: customer }: Stripe.Customer) {
  const { id } = await stripe.invoices.create({ customer, pending_invoice_items_behavior: "exclude" });
  const { lines } = await stripe.invoices.addLines(id, { lines: [{ amount: 9_000_000 }] });
  await stripe.invoices.finalizeInvoice(id, { auto_advance: false });
  return { invoice: id, line: lines.data[0]?.id ?? "" };
}

export async function paidIntent({ stripe }: TestShop): Promise<string> {
  const { id } = await stripe.paymentIntents.create({
    amount: 4_000,
    confirm: true,
    currency: "usd",
    payment_method: "pm_card_visa",
    return_url: "http://shop.test",
  });
  return id;
}

export async function charged(
  { stripe }: TestShop,
  extra: Partial<Stripe.ChargeCreateParams> = {},
): Promise<string> {
  return (await stripe.charges.create({ amount: 900, currency: "usd", source: "tok_visa", ...extra })).id;
}
