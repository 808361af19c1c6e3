import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, missing, noSuch } from "../api/errors.ts";
import { currency, hash, integer, list, notBuilt, text, timestamp } from "../api/params.ts";
import { anchorConfig, nextAnchor, shownConfig } from "../billing/anchor-config.ts";
import { startSubscription } from "../billing/create.ts";
import { detailsOf } from "../billing/end.ts";
import { extrasOf } from "../billing/extras.ts";
import { grantDiscounts } from "../billing/grant-discount.ts";
import { checkCurrency } from "../billing/one-currency.ts";
import { inTimeOf } from "../billing/own-time.ts";
import { methodFor, newItem, soldItems, trialEndOf } from "../billing/params.ts";
import { pendingIntervalOf } from "../billing/pending-interval.ts";
import { billingMode, billingModeOf, NO_SETTINGS, type Subscription } from "../billing/subscription.ts";
import { ending, settingsOf, shared } from "../billing/subscription-fields.ts";
import { checkRoomFor } from "../billing/test-clock.ts";
import { priceIn } from "../catalog/currencies.ts";
import { defaultSourceFor } from "../payment-methods/source.ts";
import { subscriptionTax } from "../tax/fields.ts";
import { customerAt } from "./customers.ts";

const DAY = 86_400;

export const createSubscription = endpoint({
  method: "POST",
  path: "/v1/subscriptions",
  creates: true,
  params: hash({
    ...shared,
    backdate_start_date: notBuilt(),
    billing_cycle_anchor: timestamp().optional(),
    billing_cycle_anchor_config: anchorConfig().optional(),
    billing_mode: billingMode().optional(),
    currency: currency().optional(),
    customer: text().optional(),
    customer_account: notBuilt(),
    items: list(newItem(), { max: 20 }).optional(),
    trial_period_days: integer({ min: 0, max: 730 }).optional(),
  }),
  run(given, params) {
    if (params.payment_behavior === "pending_if_incomplete") {
      throw invalid(
        "`pending_if_incomplete` can only be passed when updating a subscription.",
        "payment_behavior",
      );
    }
    if (!params.customer) throw missing("customer");
    if (!given.store.find("customer", params.customer)) throw noSuch("customer", params.customer, "customer");
    const customer = customerAt(given, params.customer);
    const act = inTimeOf(given, customer);
    checkRoomFor(act, customer);
    if (!params.items || params.items.length === 0) throw missing("items");
    if (params.collection_method === "send_invoice" && params.days_until_due === undefined) {
      throw missing("days_until_due");
    }
    const sold = soldItems(act, params.items, customer.id);
    const money = params.currency ?? sold[0]?.price.currency ?? "usd";
    checkCurrency(act, customer, money);
    const items = sold.map((one) => ({ ...one, price: priceIn(act.store, one.price, money) }));
    const trialEnd = firstTrialEnd(act, params, items);
    const anchor = anchorOf(act, params);
    const extras = extrasOf(act, params.add_invoice_items, money, customer.id);
    const subscription = startSubscription(act, {
      anchor,
      behavior: params.payment_behavior ?? "allow_incomplete",
      currency: money,
      customer,
      extras,
      fields: {
        ...subscriptionTax(act, customer, params),
        collection_method: params.collection_method ?? "charge_automatically",
        days_until_due: params.days_until_due ?? null,
        default_payment_method:
          methodFor(act, params.default_payment_method, customer.id, "default_payment_method") ?? null,
        default_source: defaultSourceFor(act, params.default_source, customer.id) ?? null,
        description: params.description ?? null,
        discounts: params.discounts ? grantDiscounts(act, params.discounts, customer.id) : [],
        metadata: mergeMetadata(null, params.metadata),
        ...settingsOf({ ...NO_SETTINGS, currency: money }, params),
        ...(params.billing_cycle_anchor_config && {
          billing_cycle_anchor_config: shownConfig(params.billing_cycle_anchor_config),
        }),
        ...pendingIntervalOf(params.pending_invoice_item_interval, act.now),
        ...(params.billing_mode && { billing_mode: billingModeOf(params.billing_mode, act.now) }),
      },
      items,
      missingMethod: params.trial_settings?.end_behavior.missing_payment_method ?? "create_invoice",
      proration: params.proration_behavior ?? "create_prorations",
      trialEnd,
    });
    const end = ending(act, subscription, params);
    if (Object.keys(end).length === 0) return subscription;
    if (end.cancel_at) act.plan(end.cancel_at, "subscription.end", subscription.id);
    const reason = { cancellation_details: detailsOf(subscription, undefined, "cancellation_requested") };
    return act.change(subscription, { ...end, ...reason });
  },
});

/** The day on which periods shall begin, where one was named. */
function anchorOf(
  act: Act,
  { billing_cycle_anchor: moment, billing_cycle_anchor_config: config }: Anchored,
): number | undefined {
  if (moment !== undefined && config) {
    throw invalid(
      "You may only specify one of these parameters: billing_cycle_anchor, billing_cycle_anchor_config.",
      "billing_cycle_anchor_config",
    );
  }
  if (config) return nextAnchor(config, act.now);
  if (moment !== undefined && moment <= act.now) {
    throw invalid("`billing_cycle_anchor` must be in the future.", "billing_cycle_anchor");
  }
  return moment;
}

interface Anchored {
  billing_cycle_anchor?: number | undefined;
  billing_cycle_anchor_config?: Parameters<typeof nextAnchor>[0] | undefined;
}

/** When the first trial ends: a day that was named, so many days from now, or what the price says if it may. */
function firstTrialEnd(
  act: Act,
  params: {
    trial_end?: string | undefined;
    trial_from_plan?: boolean | undefined;
    trial_period_days?: number | undefined;
  },
  items: readonly { price: Subscription["items"]["data"][number]["price"] }[],
): number | null {
  const { trial_period_days: days } = params;
  if (days !== undefined && params.trial_end !== undefined) {
    throw invalid("You may only specify one of these parameters: trial_end, trial_period_days.", "trial_end");
  }
  const until = trialEndOf(act, params.trial_end);
  if (typeof until === "number") return until;
  const ofPrice = Math.max(0, ...items.map(({ price }) => price.recurring?.trial_period_days ?? 0));
  const length = days ?? (params.trial_from_plan && until === undefined ? ofPrice : 0);
  return length > 0 ? act.now + length * DAY : null;
}
