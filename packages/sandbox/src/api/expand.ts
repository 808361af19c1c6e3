import type { Act } from "../act.ts";
import { cardSourceOf, isSource } from "../payments/card-source.ts";
import { isJson, type Json } from "../wire.ts";
import { invalid } from "./errors.ts";
import { included } from "./included.ts";

/** The deepest when listing charges is `data.payment_intent.customer.default_source` (docs.stripe.com/api/expanding_objects). */
const MAX_DEPTH = 4;

/** Fields holding an id, or a list of ids, that `expand[]` may replace with the object, by the object they are on. */
const EXPANDABLE: Record<string, readonly string[]> = {
  balance_transaction: ["source"],
  "billing_portal.configuration": ["application"],
  "billing_portal.session": ["configuration"],
  charge: [
    "application",
    "application_fee",
    "balance_transaction",
    "customer",
    "failure_balance_transaction",
    "on_behalf_of",
    "payment_intent",
    "review",
    "source_transfer",
    "transfer",
  ],
  "checkout.session": [
    "customer",
    "invoice",
    "payment_intent",
    "payment_link",
    "setup_intent",
    "subscription",
  ],
  customer_balance_transaction: ["checkout_session", "credit_note", "customer", "invoice"],
  customer_cash_balance_transaction: [
    "applied_to_payment.payment_intent",
    "customer",
    "unapplied_from_payment.payment_intent",
  ],
  card: ["customer"],
  customer: ["default_source", "invoice_settings.default_payment_method", "test_clock"],
  discount: ["customer", "promotion_code", "source.coupon"],
  dispute: ["charge", "payment_intent"],
  invoice: [
    "account_tax_ids",
    "application",
    "customer",
    "default_payment_method",
    "default_source",
    "discounts",
    "latest_revision",
    "on_behalf_of",
    "parent.subscription_details.subscription",
    "test_clock",
  ],
  invoice_payment: ["invoice", "payment.payment_intent", "payment.charge"],
  invoiceitem: ["customer", "discounts", "invoice", "test_clock"],
  line_item: ["discounts", "pricing.price_details.price", "subscription"],
  payment_intent: [
    "application",
    "customer",
    "latest_charge",
    "on_behalf_of",
    "payment_method",
    "payment_record",
    "review",
    "source",
  ],
  payment_method: ["customer"],
  plan: ["product"],
  price: ["product"],
  product: ["default_price", "tax_code"],
  promotion_code: ["customer", "promotion.coupon"],
  "radar.early_fraud_warning": ["charge", "payment_intent"],
  refund: [
    "balance_transaction",
    "charge",
    "customer",
    "failure_balance_transaction",
    "payment_intent",
    "payment_method",
    "source_transfer_reversal",
    "transfer_reversal",
  ],
  setup_intent: [
    "application",
    "customer",
    "latest_attempt",
    "mandate",
    "on_behalf_of",
    "payment_method",
    "single_use_mandate",
  ],
  subscription: [
    "application",
    "customer",
    "default_payment_method",
    "default_source",
    "discounts",
    "latest_invoice",
    "on_behalf_of",
    "pending_setup_intent",
    "schedule",
    "test_clock",
  ],
  subscription_item: ["discounts"],
};

/** Replaces ids by their objects along each path, such as `data.payment_intent.latest_charge`. */
export function expand(act: Act, answer: object, paths: readonly string[]): Json {
  const root: Json = JSON.parse(JSON.stringify(answer));
  for (const path of paths) {
    const segments = path.split(".");
    if (segments.length > MAX_DEPTH) {
      const problem = `You cannot expand more than ${MAX_DEPTH} levels of a property. Property: ${path}`;
      throw invalid(problem, "expand");
    }
    walk(act, root, segments, path, root, []);
  }
  return root;
}

function walk(
  act: Act,
  at: Json,
  segments: readonly string[],
  path: string,
  whole: Json,
  trail: string[],
): void {
  const owner = String(whole.object);
  const [name, ...rest] = segments;
  if (name === undefined) return;
  if (at.object === "list" && name === "data") {
    const items = Array.isArray(at.data) ? at.data.filter(isJson) : [];
    for (const item of items) walk(act, item, rest, path, item, []);
    return;
  }
  const field = [...trail, name];
  const value = at[name];
  const allowed = EXPANDABLE[owner]?.includes(field.join("."));
  if (allowed) {
    const found = Array.isArray(value)
      ? value.map((item) => object(act, item))
      : object(act, value, name === "default_source");
    at[name] = found;
    for (const one of Array.isArray(found) ? found : [found]) {
      if (isJson(one)) walk(act, one, rest, path, one, []);
    }
    return;
  }
  if (value === undefined) {
    const extra = included(act, owner, field.join("."), whole);
    if (extra) {
      at[name] = JSON.parse(JSON.stringify(extra));
      const made = at[name];
      if (isJson(made)) walk(act, made, rest, path, made, []);
      return;
    }
  }
  if (value === null && leadsSomewhere(owner, field)) return;
  if (!isJson(value) || rest.length === 0) {
    if (value !== undefined && included(act, owner, field.join("."), whole) !== undefined) return;
    throw invalid(`This property cannot be expanded (${path}).`, "expand");
  }
  if (typeof value.object === "string") walk(act, value, rest, path, value, []);
  else walk(act, value, rest, path, whole, field);
}

function leadsSomewhere(owner: string, field: readonly string[]): boolean {
  return EXPANDABLE[owner]?.some((known) => known.startsWith(`${field.join(".")}.`)) ?? false;
}

/** What an id stands for; anything else is itself. */
function object(act: Act, id: unknown, asSource = false): unknown {
  if (typeof id !== "string") return id;
  const found = act.store.findAny(id);
  if (!found) return id;
  const { object: whole, deleted } = found;
  const object = whole.object === "payment_method" && isSource(id) && asSource ? cardSourceOf(whole) : whole;
  return JSON.parse(JSON.stringify(deleted ? { id, object: object.object, deleted: true } : object));
}
