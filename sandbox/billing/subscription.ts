import type { Act } from "../act.ts";
import type { Contents } from "../checkout/contents.ts";
import { longId, shortId } from "../ids.ts";
import type { Kinds, LineItem } from "../wire.ts";
import { periodAfter } from "./period.ts";

type Subscription = Kinds["subscription"];
type Item = Subscription["items"]["data"][number];
type Price = Kinds["price"];

const DAY = 86_400;

/** The subscription that a paid session starts. `latest_invoice` is filled in once there is one. */
export function buildSubscription(
  act: Act,
  given: {
    contents: Contents;
    currency: string;
    customer: string;
    paymentMethod: string | null;
    missingMethod: string;
  },
): Subscription {
  const id = longId("sub");
  const { trialDays, trialEnd, description, metadata } = given.contents.subscription;
  const until = trialEnd ?? (trialDays === undefined ? null : act.now + trialDays * DAY);
  const items = given.contents.lines
    .filter((line) => line.price?.type === "recurring")
    .flatMap((line) => (line.price ? [buildItem(act, id, line, line.price, until)] : []));
  return {
    id,
    object: "subscription",
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: until ?? act.now,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: "included" }, type: "flexible", updated_at: act.now },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: "charge_automatically",
    created: act.now,
    currency: given.currency,
    customer: given.customer,
    customer_account: null,
    days_until_due: null,
    default_payment_method: given.paymentMethod,
    default_source: null,
    default_tax_rates: [],
    description: description ?? null,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: "self" },
    },
    items: { object: "list", data: items, has_more: false, url: `/v1/subscription_items?subscription=${id}` },
    latest_invoice: null,
    livemode: false,
    managed_payments: { enabled: false },
    metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: "off",
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: act.now,
    status: until === null ? "active" : "trialing",
    test_clock: null,
    transfer_data: null,
    trial_end: until,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: given.missingMethod },
    },
    trial_start: until === null ? null : act.now,
  };
}

function buildItem(
  act: Act,
  subscription: string,
  line: LineItem,
  price: Price,
  trialEnd: number | null,
): Item {
  const rhythm = price.recurring ?? { interval: "month", interval_count: 1 };
  return {
    id: shortId("si"),
    object: "subscription_item",
    billing_thresholds: null,
    created: act.now,
    current_period_end: trialEnd ?? periodAfter(act.now, rhythm),
    current_period_start: act.now,
    current_trial: null,
    discounts: [],
    metadata: line.metadata ?? {},
    plan: planOf(price),
    price,
    quantity: line.quantity ?? 1,
    subscription,
    tax_rates: [],
  };
}

/** The older name of a recurring price, which subscription items still carry. */
function planOf(price: Price): Item["plan"] {
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
    meter: null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: price.recurring?.trial_period_days ?? null,
    usage_type: "licensed",
  };
}
