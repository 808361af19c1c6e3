import type { z } from "zod";
import type { Act } from "../act.ts";
import { hash, oneOf } from "../api/params.ts";
import { periodEndAfter } from "../catalog/period.ts";
import { longId, shortId } from "../ids.ts";
import type { Kinds, Metadata } from "../wire.ts";
import { isMetered } from "./usage.ts";

export type Subscription = Kinds["subscription"];
export type SubscriptionItem = Subscription["items"]["data"][number];
type Price = Kinds["price"];

/** What is sold, and how many of it. */
export interface Sold {
  price: Price;
  quantity: number;
  metadata: Metadata;
  /** Ids of discounts that are for this alone. */
  discounts?: string[] | undefined;
  taxRates?: Kinds["tax_rate"][] | undefined;
  /** Of what is sold once: whether discounts of the whole bill take something off it, and the time it is for. */
  discountable?: boolean | undefined;
  period?: { end: Edge; start: Edge } | undefined;
}

/** A moment by its name (`min_item_period_end`, `now`), or as a `timestamp`. */
interface Edge {
  timestamp?: number | undefined;
  type: string;
}

/** How a subscription's invoices look and are paid before anybody said so. */
export const NO_SETTINGS: Pick<Subscription, "invoice_settings" | "payment_settings"> = {
  invoice_settings: {
    account_tax_ids: null,
    custom_fields: null,
    description: null,
    footer: null,
    issuer: { type: "self" },
  },
  payment_settings: {
    payment_method_options: null,
    payment_method_types: null,
    save_default_payment_method: "off",
  },
};

export const billingMode = () =>
  hash({
    flexible: hash({ proration_discounts: oneOf("included", "itemized").optional() }).optional(),
    type: oneOf("classic", "flexible"),
  });

/** Since 2025-09-30 a new subscription is `flexible`, unless it is made as `classic`. */
export function billingModeOf(
  { flexible, type }: z.output<ReturnType<typeof billingMode>>,
  now: number,
): Subscription["billing_mode"] {
  if (type === "classic") return { flexible: null, type };
  const { proration_discounts = "included" } = flexible ?? {};
  return { flexible: { proration_discounts }, type, updated_at: now };
}

/** It goes on as it is. */
const UNENDING = {
  cancel_at: null,
  cancel_at_period_end: false,
  canceled_at: null,
  cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
  ended_at: null,
  pause_collection: null,
  pending_setup_intent: null,
  pending_update: null,
  schedule: null,
} satisfies Partial<Subscription>;

/** How it is billed before anybody said so. */
const PLAIN = {
  application: null,
  application_fee_percent: null,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null },
  billing_cycle_anchor_config: null,
  billing_schedules: [],
  billing_thresholds: null,
  collection_method: "charge_automatically",
  customer_account: null,
  days_until_due: null,
  default_payment_method: null,
  default_source: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  managed_payments: { enabled: false },
  next_pending_invoice_item_invoice: null,
  on_behalf_of: null,
  pending_invoice_item_interval: null,
  transfer_data: null,
} satisfies Partial<Subscription>;

/** A subscription as it begins. Nothing is stored but whose its items are; see `planLife` for what time does to it. */
export function newSubscription(
  act: Act,
  given: {
    currency: string;
    customer: string;
    items: readonly Sold[];
    trialEnd: number | null;
    /** A later day on which periods shall begin; the first one is short then. */
    anchor?: number | undefined;
    missingMethod: string;
    fields: Partial<Subscription>;
  },
): Subscription {
  const id = longId("sub");
  const customer = act.store.find("customer", given.customer);
  const until = given.trialEnd;
  const anchor = given.anchor ?? until ?? act.now;
  const items = given.items.map((sold) =>
    buildItem(act, id, sold, { start: act.now, end: until ?? endOfPeriod(anchor, act.now, sold.price) }),
  );
  return {
    id,
    object: "subscription",
    ...PLAIN,
    ...UNENDING,
    billing_cycle_anchor: anchor,
    billing_mode: billingModeOf({ type: "flexible" }, act.now),
    created: act.now,
    currency: given.currency,
    customer: given.customer,
    ...NO_SETTINGS,
    ...withItems({ items: { object: "list", data: [], has_more: false, url: urlOfItems(id) } }, items),
    latest_invoice: null,
    livemode: false,
    metadata: {},
    start_date: act.now,
    status: until === null ? "active" : "trialing",
    test_clock: customer?.test_clock ?? null,
    trial_end: until,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: given.missingMethod },
    },
    trial_start: until === null ? null : act.now,
    ...given.fields,
  };
}

export function buildItem(
  act: Act,
  subscription: string,
  { price, quantity, discounts, metadata, taxRates }: Sold,
  period: { start: number; end: number },
): SubscriptionItem {
  const id = shortId("si");
  act.store.setNote(id, OWNER, subscription);
  return {
    id,
    object: "subscription_item",
    billing_thresholds: null,
    created: act.now,
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: discounts ?? [],
    metadata,
    plan: planOf(price),
    price,
    // What is paid by use has no quantity.
    ...(!isMetered(price) && { quantity }),
    subscription,
    tax_rates: taxRates ?? [],
  };
}

const OWNER = "subscription";

/** The subscription an item is, or was, part of. */
export function ownerOf(act: Act, item: string): Subscription | undefined {
  return act.store.find("subscription", act.store.note(item, OWNER) ?? "");
}

export const rhythmOf = ({
  recurring,
}: Price): Pick<NonNullable<Price["recurring"]>, "interval" | "interval_count"> =>
  recurring ?? { interval: "month", interval_count: 1 };

export const endOfPeriod = (anchor: number, moment: number, price: Price) =>
  periodEndAfter(anchor, moment, rhythmOf(price));

const urlOfItems = (id: string) => `/v1/subscription_items?subscription=${id}`;

/** The items, and what a subscription says about them: with one item, also its plan and its quantity. */
export function withItems(
  { items }: Pick<Subscription, "items">,
  data: SubscriptionItem[],
): Pick<Subscription, "items" | "plan" | "quantity"> {
  const [first, ...others] = data;
  const only = others.length === 0 ? first : undefined;
  return {
    items: { ...items, data, total_count: data.length },
    plan: only?.plan ?? null,
    quantity: only?.quantity ?? null,
  };
}

/** The subscription of an invoice, and the act at its time. */
export function subscriptionOf(act: Act, invoice: Kinds["invoice"]): Subscription | undefined {
  return act.store.find("subscription", invoice.parent?.subscription_details?.subscription ?? "");
}

export function customerOf(act: Act, owner: { customer: string | null }): Kinds["customer"] {
  const customer =
    act.store.find("customer", owner.customer ?? "") ??
    act.store.findDeleted("customer", owner.customer ?? "");
  if (!customer) throw new Error(`there is no customer ${owner.customer}`);
  return customer;
}

/** The older name of a recurring price, which subscription items still carry. */
export function planOf(price: Price): SubscriptionItem["plan"] {
  return {
    id: price.id,
    object: "plan",
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? "month",
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: false,
    metadata: price.metadata,
    meter: price.recurring?.meter ?? null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: price.tiers_mode,
    transform_usage: price.transform_quantity,
    trial_period_days: price.recurring?.trial_period_days ?? null,
    usage_type: price.recurring?.usage_type ?? "licensed",
  };
}
