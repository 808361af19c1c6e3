import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { declaredOperations, leavesOf, type Operation, type Shape } from "../test-operations.ts";
import { TestShop } from "../test-shop.ts";
import { fatesOf, routeFor } from "../test-taken.ts";
import { routes } from "../v1/routes.ts";
import { isJson } from "../wire.ts";
import { WHY_IGNORED } from "./ignored.ts";

const OPERATIONS = declaredOperations();
const DAY = 86_400;

/** What every probe may refer to. */
interface Fixtures {
  clock: string;
  coupon: string;
  customer: string;
  intent: string;
  invoice: string;
  item: string;
  method: string;
  price: string;
  product: string;
  promotion: string;
  rate: string;
  recurring: string;
  subscription: string;
}

let dir: string;
let shop: TestShop;
let db: DatabaseSync;
let fixtures: Fixtures;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "parameters-"));
  shop = await TestShop.open({ dataDir: dir, webhook: { url: "http://127.0.0.1:1/nobody" } });
  db = new DatabaseSync(join(dir, "sandbox.sqlite"), { readOnly: true });
  fixtures = await makeFixtures();
});
afterAll(async () => {
  db.close();
  await shop.close();
  rmSync(dir, { recursive: true, force: true });
});

test("every reason for ignoring a parameter is one of the list", () => {
  const given = OPERATIONS.flatMap((operation) => {
    const route = routeFor(routes, operation);
    return route ? fatesOf(route, operation) : [];
  }).flatMap(({ fate }) => (typeof fate === "object" ? fate.ignored : []));
  expect(given.length).toBeGreaterThan(50);
  expect(Object.keys(WHY_IGNORED)).toEqual(expect.arrayContaining([...new Set(given)]));
});

/**
 * What is sent with each probe of an operation, so that it can succeed, and what it is about. A parameter that only shows
 * later than in the same request is named in `LATER`.
 */
const PROBED: Record<
  string,
  (f: Fixtures) => Promise<{ id?: string; base: object }> | { id?: string; base: object }
> = {
  "POST /v1/products": () => ({ base: { name: "Probe" } }),
  "POST /v1/products/:id": async () => ({
    id: (await shop.stripe.products.create({ name: "x" })).id,
    base: {},
  }),
  "POST /v1/prices": (f) => ({ base: { currency: "usd", product: f.product, unit_amount: 500 } }),
  "POST /v1/coupons": () => ({ base: { percent_off: 10 } }),
  "POST /v1/coupons/:id": async () => ({
    id: (await shop.stripe.coupons.create({ percent_off: 5 })).id,
    base: {},
  }),
  "POST /v1/promotion_codes": (f) => ({ base: { promotion: { coupon: f.coupon, type: "coupon" } } }),
  "POST /v1/customers": () => ({ base: {} }),
  "POST /v1/customers/:id": async () => ({ id: (await shop.stripe.customers.create()).id, base: {} }),
  "POST /v1/tax_rates": () => ({ base: { display_name: "VAT", inclusive: false, percentage: 5 } }),
  "POST /v1/tax_rates/:id": async () => ({
    id: (await shop.stripe.taxRates.create({ display_name: "x", inclusive: true, percentage: 3 })).id,
    base: {},
  }),
  "POST /v1/payment_methods": () => ({ base: { card: { token: "tok_visa" }, type: "card" } }),
  "POST /v1/payment_intents": () => ({ base: { amount: 5_000, currency: "usd" } }),
  "POST /v1/payment_intents/:id": async () => ({
    id: (await shop.stripe.paymentIntents.create({ amount: 4_000, currency: "usd" })).id,
    base: {},
  }),
  "POST /v1/setup_intents": () => ({ base: {} }),
  "POST /v1/charges": () => ({ base: { amount: 5_000, currency: "usd", source: "tok_visa" } }),
  "POST /v1/subscriptions": (f) => ({ base: { customer: f.customer, items: [{ price: f.recurring }] } }),
  "POST /v1/subscriptions/:id": async (f) => ({
    id: (await shop.stripe.subscriptions.create({ customer: f.customer, items: [{ price: f.recurring }] }))
      .id,
    base: {},
  }),
  "POST /v1/invoices": (f) => ({ base: { customer: f.customer } }),
  "POST /v1/invoices/:id": async (f) => ({
    id: (await shop.stripe.invoices.create({ customer: f.customer })).id,
    base: {},
  }),
  "POST /v1/invoiceitems": (f) => ({ base: { amount: 500, currency: "usd", customer: f.customer } }),
  "POST /v1/invoiceitems/:id": async (f) => ({
    id: (await shop.stripe.invoiceItems.create({ amount: 500, currency: "usd", customer: f.customer })).id,
    base: {},
  }),
  "POST /v1/checkout/sessions": (f) => ({
    base: {
      line_items: [{ price: f.price, quantity: 1 }],
      mode: "payment",
      success_url: "http://shop.test",
    },
  }),
  "POST /v1/prices/:id": async (f) => ({
    id: (await shop.stripe.prices.create({ currency: "usd", product: f.product, unit_amount: 100 })).id,
    base: {},
  }),
  "POST /v1/promotion_codes/:id": async (f) => ({
    id: (await shop.stripe.promotionCodes.create({ promotion: { coupon: f.coupon, type: "coupon" } })).id,
    base: {},
  }),
  "POST /v1/payment_methods/:id": async (f) => ({
    id: (await shop.stripe.paymentMethods.attach("pm_card_visa", { customer: f.customer })).id,
    base: {},
  }),
  "POST /v1/charges/:id": async () => ({
    id: (await shop.stripe.charges.create({ amount: 500, currency: "usd", source: "tok_visa" })).id,
    base: {},
  }),
  "POST /v1/charges/:id/capture": async () => ({
    id: (
      await shop.stripe.charges.create({ amount: 900, capture: false, currency: "usd", source: "tok_visa" })
    ).id,
    base: {},
  }),
  "POST /v1/refunds": async () => ({
    base: {
      charge: (await shop.stripe.charges.create({ amount: 500, currency: "usd", source: "tok_visa" })).id,
    },
  }),
  "POST /v1/payment_intents/:id/confirm": async () => ({
    id: (await shop.stripe.paymentIntents.create({ amount: 4_000, currency: "usd" })).id,
    base: { payment_method: "pm_card_mastercard" },
  }),
  "POST /v1/payment_intents/:id/capture": async () => ({ id: await held(), base: {} }),
  "POST /v1/payment_intents/:id/increment_authorization": async () => ({
    id: await held(),
    base: { amount: 5_000 },
  }),
  "POST /v1/setup_intents/:id": async () => ({ id: (await shop.stripe.setupIntents.create()).id, base: {} }),
  "POST /v1/setup_intents/:id/confirm": async () => ({
    id: (await shop.stripe.setupIntents.create()).id,
    base: { payment_method: "pm_card_mastercard" },
  }),
  "POST /v1/subscription_items": async (f) => ({
    base: {
      // What remains of the period is less with every second.
      proration_behavior: "none",
      price: await anotherPrice(f),
      subscription: (
        await shop.stripe.subscriptions.create({ customer: f.customer, items: [{ price: f.recurring }] })
      ).id,
    },
  }),
  "POST /v1/subscription_items/:id": async (f) => {
    const made = await shop.stripe.subscriptions.create({
      customer: f.customer,
      items: [{ price: f.recurring }],
    });
    return { id: made.items.data[0]?.id ?? "", base: {} };
  },
  "POST /v1/invoices/create_preview": (f) => ({ base: { subscription: f.subscription } }),
  "POST /v1/webhook_endpoints/:id": async () => {
    const [known] = (await shop.stripe.webhookEndpoints.list()).data;
    return { id: known?.id ?? "", base: {} };
  },
  "POST /v1/billing_portal/configurations": () => ({
    base: { features: { invoice_history: { enabled: true } } },
  }),
  "POST /v1/billing_portal/sessions": (f) => ({ base: { customer: f.customer } }),
  "POST /v1/subscription_schedules": (f) => ({
    base: {
      customer: f.customer,
      phases: [{ items: [{ price: f.recurring }], proration_behavior: "none" }],
      start_date: "now",
    },
  }),
  "POST /v1/subscription_schedules/:id": async (f) => {
    const phases = [{ duration: { interval: "month" as const }, items: [{ price: f.recurring }] }];
    const start_date = MOMENT + 30 * DAY;
    const made = await shop.stripe.subscriptionSchedules.create({ customer: f.customer, phases, start_date });
    return { id: made.id, base: { phases } };
  },
  "POST /v1/quotes": (f) => ({ base: { line_items: [{ price: f.price }] } }),
  "POST /v1/quotes/:id": async (f) => ({
    id: (await shop.stripe.quotes.create({ line_items: [{ price: f.price }] })).id,
    base: {},
  }),
  "POST /v1/invoices/:id/add_lines": async (f) => ({
    id: (await shop.stripe.invoices.create({ customer: f.customer })).id,
    base: { lines: [{ amount: 500, description: "Line" }] },
  }),
  "POST /v1/invoices/:id/update_lines": async (f) => {
    const { invoice, line } = await draftWithLine(f);
    return { id: invoice, base: { lines: [{ id: line }] } };
  },
  "POST /v1/invoices/:id/lines/:id": async (f) => {
    const { invoice, line } = await draftWithLine(f);
    return { id: `${invoice} ${line}`, base: {} };
  },
};

async function draftWithLine({ customer }: Fixtures) {
  const { id: invoice } = await shop.stripe.invoices.create({ customer });
  const { lines } = await shop.stripe.invoices.addLines(invoice, { lines: [{ amount: 5_000 }] });
  return { invoice, line: lines.data[0]?.id ?? "" };
}

async function held(): Promise<string> {
  const { id } = await shop.stripe.paymentIntents.create({
    amount: 4_000,
    capture_method: "manual",
    confirm: true,
    currency: "usd",
    payment_method: "pm_card_visa",
    return_url: "http://shop.test",
  });
  return id;
}

async function anotherPrice({ product }: Fixtures): Promise<string> {
  const recurring = { interval: "month" } as const;
  return (await shop.stripe.prices.create({ currency: "usd", product, recurring, unit_amount: 700 })).id;
}

/** Taken, and seen nowhere in what the same request leaves behind: why, or where it is seen. */
const LATER: Record<string, string> = {
  "POST /v1/invoices/create_preview preview_mode": "It is about subscriptions whose items renew apart.",
  "POST /v1/payment_intents confirm": "It needs a way to pay, and is tried in tests of its own.",
  "POST /v1/payment_intents/:id/confirm error_on_requires_action": "It is about cards whose bank asks.",
  "POST /v1/payment_intents/:id/confirm off_session": "It is about cards whose bank asks.",
  "POST /v1/payment_intents/:id/confirm return_url": "It is about cards whose bank asks.",
  "POST /v1/prices transfer_lookup_key": "It is about a key that another price has.",
  "POST /v1/prices/:id transfer_lookup_key": "It is about a key that another price has.",
  "POST /v1/setup_intents confirm": "It needs a card, and is tried in tests of its own.",
  "POST /v1/setup_intents/:id/confirm return_url": "It is about cards whose bank asks.",
  "POST /v1/invoices/create_preview subscription_details.cancel_at_period_end":
    "True leaves nothing to preview.",
  "POST /v1/invoices/create_preview subscription_details.proration_date":
    "It is about the middle of a period.",
  "POST /v1/refunds instructions_email": "It is about buyers who paid in cash.",
  "POST /v1/subscription_items payment_behavior": "It is about a change that costs something now.",
  "POST /v1/subscription_items proration_date": "It is about the middle of a period.",
  "POST /v1/subscription_items/:id payment_behavior": "It is about a change that costs something now.",
  "POST /v1/subscription_items/:id proration_behavior": "It decides about a change that costs something.",
  "POST /v1/subscription_items/:id proration_date": "It is about the middle of a period.",
  "POST /v1/invoices pending_invoice_items_behavior": "It takes what is pending, and nothing is.",
  "POST /v1/quotes expires_at": "It only moves days, which look alike here.",
  "POST /v1/quotes/:id expires_at": "It only moves days, which look alike here.",
  "POST /v1/subscription_schedules phases.0.duration.interval_count":
    "It only moves days, which look alike here.",
  "POST /v1/subscription_schedules phases.0.end_date": "It only moves days, which look alike here.",
  "POST /v1/subscription_schedules/:id phases.0.duration.interval":
    "It only moves days, which look alike here.",
  "POST /v1/subscriptions/:id payment_behavior": "It decides about a change that costs something.",
  "POST /v1/subscriptions/:id proration_behavior": "It decides about a change that costs something.",
  "POST /v1/subscriptions/:id proration_date": "It decides about a change that costs something.",
};

test.each(Object.keys(PROBED))(
  "%s loses nothing that it takes",
  async (name) => {
    const [method = "", path = ""] = name.split(" ");
    const operation = OPERATIONS.find(
      (one) => one.method === method && one.path.replace(/:\w+/g, ":id") === path,
    );
    const route = operation && routeFor(routes, operation);
    if (!operation || !route) throw new Error(`${name} isn't there`);
    const shapes = new Map(leavesOf(operation.params).map(({ way, shape }) => [way.join("."), shape]));
    const plain = await plainOf(name);
    const lost: string[] = [];
    let applied = 0;
    for (const { way, fate } of fatesOf(route, operation)) {
      if (fate !== "taken") continue;
      const outcome = await probe(
        operation,
        name,
        plain,
        way,
        shapes.get(way.join(".")) ?? { kind: "unknown" },
      );
      if (outcome === "applied") applied += 1;
      if (outcome === "lost" && !(`${name} ${way.join(".")}` in LATER)) lost.push(way.join("."));
    }
    expect(lost).toEqual([]);
    expect(applied).toBeGreaterThan(0);
  },
  120_000,
);

/** Sends a parameter in each of the ways it can be said, until it shows. */
async function probe(
  operation: Operation,
  name: string,
  plain: string,
  way: readonly string[],
  shape: Shape,
) {
  let outcome: "applied" | "lost" | "refused" = "refused";
  const called = way.findLast((part) => part !== "0") ?? "";
  for (const value of valuesFor(called, shape)) {
    const { id, base } = await prepared(name);
    const after = await send(name, id, withValue(base, operation.params, way, value));
    if (after === undefined) continue;
    if (after.plain !== plain || shows(after.whole, value)) return "applied";
    outcome = "lost";
  }
  return outcome;
}

function prepared(name: string) {
  const make = PROBED[name];
  if (!make) throw new Error(`nothing is said of ${name}`);
  return make(fixtures);
}

/** What the request leaves behind without the parameter: the same every time, or nothing could be told from it. */
async function plainOf(name: string): Promise<string> {
  const twice = [await prepared(name), await prepared(name)];
  const [one, other] = [
    await send(name, twice[0]?.id, twice[0]?.base ?? {}),
    await send(name, twice[1]?.id, twice[1]?.base ?? {}),
  ];
  if (!one || !other) throw new Error(`${name} is refused as it is`);
  expect(one.plain).toBe(other.plain);
  return one.plain;
}

/**
 * All that a request leaves behind, without what is never the same twice; undefined where it was refused. Bookings come
 * by themselves, seconds after a charge.
 */
async function send(name: string, id: string | undefined, params: object) {
  const [method = "", path = ""] = name.split(" ");
  const seq = db.prepare("SELECT max(seq) AS seq FROM object").get()?.seq ?? 0;
  try {
    const url = (id ?? "").split(" ").reduce((way, one) => way.replace(":id", one), path);
    const answer = await shop.stripe.rawRequest(method, url, { ...params });
    const made = db
      .prepare(
        "SELECT id, body FROM object WHERE seq > ? AND kind NOT IN ('balance_transaction', 'event') ORDER BY seq",
      )
      .all(Number(seq));
    const ids = [String(Object(answer).id), ...made.map((row) => String(row.id))];
    const notes = ids.flatMap((one) =>
      db.prepare("SELECT name, body FROM note WHERE id = ? ORDER BY name").all(one),
    );
    const whole = JSON.stringify([
      answer,
      made.map(({ body }) => JSON.parse(String(body))),
      notes.map(noteOf),
    ]);
    return { plain: plainly(whole), whole };
  } catch (error) {
    if (
      error instanceof Stripe.errors.StripeError &&
      error.statusCode !== undefined &&
      error.statusCode < 500
    )
      return undefined;
    throw error;
  }
}

/** Numbers and booleans are everywhere; a text or an id that was sent is there because it was taken. */
const shows = (whole: string, value: unknown) =>
  typeof value === "string" && whole.includes(JSON.stringify(value));

const noteOf = ({ name, body }: Record<string, unknown>) => [
  name,
  name === "contents" ? JSON.parse(String(body)) : body,
];

/** What is drawn, or comes by itself seconds later. */
const RANDOM = [
  "authorization_code",
  "client_secret",
  "code",
  "fingerprint",
  "id",
  "invoice_prefix",
  "network_transaction_id",
  "number",
  "reference",
  "reference_status",
];

function plainly(text: string): string {
  const stripped = JSON.stringify(JSON.parse(text), (key, value) => (RANDOM.includes(key) ? "…" : value));
  return stripped
    .replaceAll(/http:\/\/127[^"]*/g, "url")
    .replaceAll(/\b(?:[a-z]+_)+(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{8,}/g, "id")
    .replaceAll(/\b(cus|prod|si|sub|in|price|pi|ch|di|evt|il|li)_[A-Za-z0-9]{8,}/g, "id")
    .replaceAll(/\b1[789]\d{8}\b/g, "moment");
}

/** The base with one more value, and with whatever the hashes on its way require beside it. */
function withValue(base: object, shape: Shape | undefined, way: readonly string[], value: unknown): object {
  return Object(placed(structuredClone(base), shape, way, value));
}

function placed(
  at: unknown,
  shape: Shape | undefined,
  [name, ...rest]: readonly string[],
  value: unknown,
): unknown {
  if (name === undefined) return value;
  const inner = shape?.kind === "words" ? shape.also : shape;
  if (inner?.kind === "list") {
    const items = Array.isArray(at) ? at : [];
    return [placed(items[0], inner.item, rest, value)];
  }
  const hash = isJson(at) ? at : {};
  const fields = inner?.kind === "hash" ? inner.fields : {};
  for (const [field, { shape: needed, required }] of Object.entries(fields)) {
    if (required && field !== name && hash[field] === undefined) hash[field] = minimal(field, needed);
  }
  hash[name] = placed(hash[name], fields[name]?.shape, rest, value);
  return hash;
}

function minimal(name: string, shape: Shape): unknown {
  if (shape.kind === "list") return [minimal(name, shape.item)];
  if (shape.kind !== "hash") return valuesFor(name, shape)[0];
  const required = Object.entries(shape.fields).filter(([, field]) => field.required);
  return Object.fromEntries(required.map(([field, inner]) => [field, minimal(field, inner.shape)]));
}

const MOMENT = Math.floor(Date.now() / 1000) + 7 * DAY;

function valuesFor(name: string, shape: Shape): unknown[] {
  const known = knownValue(name);
  if (shape.kind === "words")
    return [...(known ?? []), ...shape.words, ...(shape.also ? valuesFor(name, shape.also) : [])];
  if (known) return known;
  if (shape.kind === "boolean") return [true, false];
  if (shape.kind === "map") return [{ probe: "7" }];
  if (shape.kind === "number") {
    if (/(_at|_end|_date|_by|end|start|anchor)$/.test(name)) return [MOMENT, 7];
    return [7, 777, 12];
  }
  return ["Probe text", "https://probe.test/here", "12.5", "#123456"];
}

function knownValue(name: string): unknown[] | undefined {
  const f = fixtures;
  const values: Record<string, unknown[]> = {
    account_tax_ids: ["txi_probe"],
    coupon: [f.coupon],
    country: ["DE"],
    currency: ["usd", "eur"],
    customer: [f.customer],
    customer_email: ["probe@example.com"],
    default_payment_method: [f.method],
    default_tax_rates: [f.rate],
    email: ["probe@example.com"],
    invoice: [f.invoice],
    receipt_email: ["probe@example.com"],
    payment_method: [f.method, "pm_card_visa"],
    price: [f.recurring, f.price],
    product: [f.product],
    products: [f.product],
    promotion_code: [f.promotion],
    source: ["tok_mastercard"],
    subscription: [f.subscription],
    tax_rates: [f.rate],
    test_clock: [f.clock],
    token: ["tok_amex"],
    trial_end: [MOMENT],
    unit_amount_decimal: ["12.5"],
    url: ["https://probe.test/here"],
  };
  return values[name];
}

async function makeFixtures(): Promise<Fixtures> {
  const { stripe } = shop;
  const product = await stripe.products.create({ name: "Handbook" });
  const price = await stripe.prices.create({ currency: "usd", product: product.id, unit_amount: 900 });
  const recurring = await stripe.prices.create({
    currency: "usd",
    product: product.id,
    recurring: { interval: "month", trial_period_days: 5 },
    unit_amount: 1_000,
  });
  const customer = await stripe.customers.create({
    address: { country: "DE" },
    email: "fixture@example.com",
  });
  const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } });
  const coupon = await stripe.coupons.create({ duration: "forever", percent_off: 10 });
  const promotion = await stripe.promotionCodes.create({ promotion: { coupon: coupon.id, type: "coupon" } });
  const rate = await stripe.taxRates.create({ display_name: "VAT", inclusive: false, percentage: 10 });
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: MOMENT });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: recurring.id }],
  });
  // The first session makes the configuration that all others have.
  await stripe.billingPortal.sessions.create({ customer: customer.id });
  const invoice = await stripe.invoices.create({ customer: customer.id });
  const intent = await stripe.paymentIntents.create({ amount: 500, currency: "usd" });
  return {
    clock: clock.id,
    coupon: coupon.id,
    customer: customer.id,
    intent: intent.id,
    invoice: invoice.id,
    item: subscription.items.data[0]?.id ?? "",
    method: method.id,
    price: price.id,
    product: product.id,
    promotion: promotion.id,
    rate: rate.id,
    recurring: recurring.id,
    subscription: subscription.id,
  };
}
