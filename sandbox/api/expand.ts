import type { Act } from "../act.ts";
import { isJson, type Json } from "../wire.ts";
import { invalid } from "./errors.ts";
import { included } from "./included.ts";

const MAX_DEPTH = 4;

/** Fields holding an id that `expand[]` may replace with the object, by the object they are on. */
const EXPANDABLE: Record<string, readonly string[]> = {
  balance_transaction: ["source"],
  charge: ["balance_transaction", "customer", "failure_balance_transaction", "payment_intent"],
  "checkout.session": ["customer", "invoice", "payment_intent", "setup_intent", "subscription"],
  customer: ["invoice_settings.default_payment_method"],
  invoice: [
    "customer",
    "default_payment_method",
    "latest_revision",
    "parent.subscription_details.subscription",
  ],
  invoice_payment: ["invoice", "payment.payment_intent", "payment.charge"],
  line_item: ["pricing.price_details.price", "subscription"],
  payment_intent: ["customer", "latest_charge", "payment_method"],
  payment_method: ["customer"],
  plan: ["product"],
  price: ["product"],
  product: ["default_price"],
  refund: [
    "balance_transaction",
    "charge",
    "customer",
    "failure_balance_transaction",
    "payment_intent",
    "payment_method",
  ],
  setup_intent: ["customer", "latest_attempt", "payment_method"],
  subscription: ["customer", "default_payment_method", "latest_invoice", "pending_setup_intent"],
};

/** Replaces ids by their objects along each path, such as `data.payment_intent.latest_charge`. */
export function expand(act: Act, answer: object, paths: readonly string[]): Json {
  const root: Json = JSON.parse(JSON.stringify(answer));
  for (const path of paths) {
    const segments = path.split(".");
    const depth = segments.filter((segment) => segment !== "data").length;
    if (depth > MAX_DEPTH) {
      const problem = `You cannot expand more than ${MAX_DEPTH} levels of a property. Property: ${path}`;
      throw invalid(problem, "expand");
    }
    walk(act, root, segments, path, String(root.object), []);
  }
  return root;
}

function walk(
  act: Act,
  at: Json,
  segments: readonly string[],
  path: string,
  owner: string,
  trail: string[],
): void {
  const [name, ...rest] = segments;
  if (name === undefined) return;
  if (at.object === "list" && name === "data") {
    const items = Array.isArray(at.data) ? at.data.filter(isJson) : [];
    for (const item of items) walk(act, item, rest, path, String(item.object), []);
    return;
  }
  const field = [...trail, name];
  const value = at[name];
  const allowed = EXPANDABLE[owner]?.includes(field.join("."));
  if (allowed) {
    const found = typeof value === "string" ? lookup(act, value) : value;
    at[name] = found;
    if (isJson(found)) walk(act, found, rest, path, String(found.object), []);
    return;
  }
  if (trail.length === 0 && value === undefined) {
    const extra = included(act, owner, name, at);
    if (extra) {
      at[name] = JSON.parse(JSON.stringify(extra));
      const made = at[name];
      if (isJson(made)) walk(act, made, rest, path, String(made.object), []);
      return;
    }
  }
  if (value === null && leadsSomewhere(owner, field)) return;
  if (!isJson(value) || rest.length === 0) {
    if (isJson(value) && included(act, owner, name, at) !== undefined) return;
    throw invalid(`This property cannot be expanded (${path}).`, "expand");
  }
  if (typeof value.object === "string") walk(act, value, rest, path, value.object, []);
  else walk(act, value, rest, path, owner, field);
}

function leadsSomewhere(owner: string, field: readonly string[]): boolean {
  return EXPANDABLE[owner]?.some((known) => known.startsWith(`${field.join(".")}.`)) ?? false;
}

function lookup(act: Act, id: string): unknown {
  const found = act.store.findAny(id);
  if (!found) return id;
  const { object, deleted } = found;
  return JSON.parse(JSON.stringify(deleted ? { id, object: object.object, deleted: true } : object));
}
