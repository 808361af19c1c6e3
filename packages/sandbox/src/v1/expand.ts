import type { Act } from "../act.ts";
import { invalid } from "../api/errors.ts";
import { totalOf } from "../api/lists.ts";
import { isSource, shownSource } from "../payment-methods/source.ts";
import type { Dress } from "../versions/chain.ts";
import { isJson, type Json } from "../wire.ts";
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
    "shipping_cost.shipping_rate",
    "shipping_options.shipping_rate",
    "subscription",
  ],
  credit_note: [
    "customer",
    "customer_balance_transaction",
    "discount_amounts.discount",
    "invoice",
    "refunds.refund",
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
  "entitlements.active_entitlement": ["feature"],
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
    "total_discount_amounts.discount",
    "total_pretax_credit_amounts.discount",
  ],
  invoice_payment: ["invoice", "payment.payment_intent", "payment.charge"],
  invoiceitem: ["customer", "discounts", "invoice", "test_clock"],
  line_item: [
    "discount_amounts.discount",
    "discounts",
    "pretax_credit_amounts.discount",
    "pricing.price_details.price",
    "subscription",
  ],
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
  payment_link: ["application", "on_behalf_of", "shipping_options.shipping_rate"],
  payment_method: ["customer"],
  plan: ["product"],
  price: ["product"],
  product: ["default_price", "tax_code"],
  promotion_code: ["customer", "promotion.coupon"],
  quote: [
    "application",
    "customer",
    "default_tax_rates",
    "discounts",
    "from_quote.quote",
    "invoice",
    "on_behalf_of",
    "subscription",
    "subscription_schedule",
    "test_clock",
  ],
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
  subscription_schedule: [
    "application",
    "customer",
    "default_settings.default_payment_method",
    "phases.default_payment_method",
    "phases.items.price",
    "subscription",
    "test_clock",
  ],
};

/** How things looked, and what else could be expanded, in the version that is answered in. */
export interface Then {
  dress: Dress | undefined;
  more: Record<string, readonly string[]>;
}

const TODAY: Then = { dress: undefined, more: {} };

/** What a walk along one path needs all the way. */
interface Way {
  act: Act;
  path: string;
  then: Then;
}

/** Replaces ids by their objects along each path, such as `data.payment_intent.latest_charge`. */
export function expand(act: Act, answer: object, paths: readonly string[], then: Then = TODAY): Json {
  const root: Json = JSON.parse(JSON.stringify(answer));
  then.dress?.(root);
  for (const path of paths) {
    if (path === "total_count" && root.object === "list" && then.more.list?.includes(path)) {
      root.total_count = totalOf(answer);
      continue;
    }
    const segments = path.split(".");
    if (segments.length > MAX_DEPTH) {
      const problem = `You cannot expand more than ${MAX_DEPTH} levels of a property. Property: ${path}`;
      throw invalid(problem, "expand");
    }
    walk({ act, path, then }, root, segments, root, []);
  }
  return root;
}

function walk(way: Way, at: Json, segments: readonly string[], whole: Json, trail: string[]): void {
  const { act, path, then } = way;
  const owner = String(whole.object);
  const [name, ...rest] = segments;
  if (name === undefined) return;
  if (at.object === "list" && name === "data") {
    const items = Array.isArray(at.data) ? at.data.filter(isJson) : [];
    for (const item of items) walk(way, item, rest, item, []);
    return;
  }
  const field = [...trail, name];
  const value = at[name];
  // A part that stands in a list, such as one of an invoice's discounts, belongs to the same object.
  if (Array.isArray(value) && value.length > 0 && value.every(isJson) && leadsSomewhere(owner, field)) {
    for (const item of value) walk(way, item, rest, whole, field);
    return;
  }
  const allowed = [...(EXPANDABLE[owner] ?? []), ...(then.more[owner] ?? [])].includes(field.join("."));
  if (allowed) {
    const found = Array.isArray(value)
      ? value.map((item) => object(act, item))
      : object(act, value, name === "default_source");
    then.dress?.(found);
    at[name] = found;
    for (const one of Array.isArray(found) ? found : [found]) {
      if (isJson(one)) walk(way, one, rest, one, []);
    }
    return;
  }
  if (value === undefined) {
    const extra = included(act, owner, field.join("."), whole);
    if (extra !== undefined) {
      at[name] = JSON.parse(JSON.stringify(extra));
      then.dress?.(at[name]);
      const made = at[name];
      if (isJson(made)) walk(way, made, rest, made, []);
      return;
    }
  }
  const empty = value === null || (Array.isArray(value) && value.length === 0);
  if (empty && leadsSomewhere(owner, field)) return;
  if (!isJson(value) || rest.length === 0) {
    if (value !== undefined && included(act, owner, field.join("."), whole) !== undefined) return;
    throw invalid(`This property cannot be expanded (${path}).`, "expand");
  }
  if (typeof value.object === "string") walk(way, value, rest, value, []);
  else walk(way, value, rest, whole, field);
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
  const object =
    whole.object === "payment_method" && isSource(id) && asSource ? shownSource(act.store, whole) : whole;
  return JSON.parse(JSON.stringify(deleted ? { id, object: object.object, deleted: true } : object));
}
