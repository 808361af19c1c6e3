import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, missing, noSuch, refused } from "../api/errors.ts";
import { equals } from "../api/lists.ts";
import {
  boolean,
  clearable,
  currency,
  hash,
  ignored,
  integer,
  list,
  metadata,
  notBuilt,
  oneOf,
  text,
  timestamp,
} from "../api/params.ts";
import { createdWithin, is, listRoute, narrowsNothing, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { cancelSubscription, changeSubscription } from "../billing/change.ts";
import { startSubscription } from "../billing/create.ts";
import { detailsOf } from "../billing/end.ts";
import { discountParams, grantDiscounts } from "../billing/grant-discount.ts";
import { inTimeOf } from "../billing/own-time.ts";
import {
  cancellationDetails,
  changedItem,
  extraItems,
  itemChanges,
  methodFor,
  momentOf,
  newItem,
  otherCurrency,
  paymentBehavior,
  priceOf,
  prorationBehavior,
  soldItems,
  trialEndOf,
} from "../billing/params.ts";
import { pauseCollection, pauseNow, resumeNow } from "../billing/pause.ts";
import { lastPeriodEnd, type Subscription } from "../billing/subscription.ts";
import { checkRoomFor } from "../billing/test-clock.ts";
import type { Filter } from "../store.ts";
import { cleared, mergeMetadata } from "./changes.ts";
import { customerAt } from "./customers.ts";

const DAY = 86_400;

const STATUSES = [
  "active",
  "canceled",
  "ended",
  "incomplete",
  "incomplete_expired",
  "past_due",
  "paused",
  "trialing",
  "unpaid",
] as const;

const invoiceSettings = () =>
  hash({
    account_tax_ids: ignored(),
    custom_fields: ignored(),
    description: text().optional(),
    footer: text().optional(),
    issuer: ignored(),
  });

const paymentSettings = () =>
  hash({
    payment_method_options: ignored(),
    payment_method_types: ignored(),
    save_default_payment_method: oneOf("off", "on_subscription").optional(),
  });

const trialSettings = () =>
  hash({
    end_behavior: hash({
      billing_cycle_anchor: ignored(),
      missing_payment_method: oneOf("cancel", "create_invoice", "pause").optional(),
    }),
  });

/** What making and changing a subscription have in common. */
const shared = {
  add_invoice_items: extraItems().optional(),
  application_fee_percent: notBuilt(),
  automatic_tax: ignored(),
  billing_schedules: notBuilt(),
  billing_thresholds: notBuilt(),
  cancel_at: text().optional(),
  cancel_at_period_end: boolean().optional(),
  collection_method: oneOf("charge_automatically", "send_invoice").optional(),
  days_until_due: integer({ min: 0 }).optional(),
  default_payment_method: text().optional(),
  default_source: notBuilt(),
  default_tax_rates: ignored(),
  description: text(500).optional(),
  discounts: clearable(discountParams()).optional(),
  invoice_settings: invoiceSettings().optional(),
  metadata: metadata().optional(),
  off_session: boolean().optional(),
  on_behalf_of: notBuilt(),
  payment_behavior: paymentBehavior(),
  payment_settings: paymentSettings().optional(),
  pending_invoice_item_interval: notBuilt(),
  proration_behavior: prorationBehavior(),
  transfer_data: notBuilt(),
  trial_end: text().optional(),
  trial_from_plan: boolean().optional(),
  trial_settings: trialSettings().optional(),
};

export const subscriptionAt = (act: Act, id?: string) => stored(act, "subscription", id);

/** The subscription, and the act at its time. */
function at(given: Act, id: string | undefined): { act: Act; subscription: Subscription } {
  const subscription = subscriptionAt(given, id);
  return { act: inTimeOf(given, subscription), subscription };
}

/** Whether it shall end with its period, or at a moment of its own. */
function ending(
  act: Act,
  subscription: Subscription,
  params: { cancel_at?: string | undefined; cancel_at_period_end?: boolean | undefined },
): Partial<Subscription> {
  const { cancel_at: moment, cancel_at_period_end: atEnd } = params;
  if (moment && atEnd) {
    throw invalid(
      "You may only specify one of these parameters: cancel_at, cancel_at_period_end.",
      "cancel_at",
    );
  }
  const open = { cancel_at: null, cancel_at_period_end: false, canceled_at: null };
  if (moment === "" || (atEnd === false && subscription.cancel_at !== null)) return open;
  if (moment !== undefined) {
    const cancelAt = momentOf(subscription, moment);
    if (cancelAt <= act.now) throw invalid("`cancel_at` must be in the future.", "cancel_at");
    return { cancel_at: cancelAt, cancel_at_period_end: false, canceled_at: act.now };
  }
  if (!atEnd || subscription.cancel_at_period_end) return {};
  return { cancel_at: lastPeriodEnd(subscription), cancel_at_period_end: true, canceled_at: act.now };
}

/** Without a status Stripe lists what hasn't been canceled. */
const ofStatus = () =>
  oneOf("all", ...STATUSES)
    .optional()
    .transform((status): Filter[] => {
      if (status === undefined) return [{ field: "status", is: "!=", value: "canceled" }];
      if (status === "all") return [];
      if (status === "ended")
        return [{ field: "status", is: "in", value: ["canceled", "incomplete_expired"] }];
      return equals("status", status);
    });

export const subscriptions = [
  endpoint({
    method: "POST",
    path: "/v1/subscriptions",
    creates: true,
    params: hash({
      ...shared,
      backdate_start_date: notBuilt(),
      billing_cycle_anchor: timestamp().optional(),
      billing_cycle_anchor_config: notBuilt(),
      billing_mode: ignored(),
      currency: currency().optional(),
      customer: text().optional(),
      customer_account: notBuilt(),
      items: list(newItem(), { max: 20 }).optional(),
      trial_period_days: integer({ min: 0, max: 730 }).optional(),
    }),
    run(given, params) {
      if (!params.customer) throw missing("customer");
      if (!given.store.find("customer", params.customer))
        throw noSuch("customer", params.customer, "customer");
      const customer = customerAt(given, params.customer);
      const act = inTimeOf(given, customer);
      checkRoomFor(act, customer);
      if (!params.items || params.items.length === 0) throw missing("items");
      if (params.collection_method === "send_invoice" && params.days_until_due === undefined) {
        throw missing("days_until_due");
      }
      const items = soldItems(act, params.items);
      const money = params.currency ?? items[0]?.price.currency ?? "usd";
      for (const { price } of items) if (price.currency !== money) throw otherCurrency(money, price);
      const trialEnd = firstTrialEnd(act, params, items);
      const anchor = params.billing_cycle_anchor;
      if (anchor !== undefined && anchor <= act.now) {
        throw invalid("`billing_cycle_anchor` must be in the future.", "billing_cycle_anchor");
      }
      const extras = (params.add_invoice_items ?? []).map((extra, index) => {
        const price = priceOf(act, extra, `add_invoice_items[${index}]`, "one_time");
        if (!price) throw missing(`add_invoice_items[${index}][price]`);
        return { price, quantity: extra.quantity ?? 1, metadata: {} };
      });
      const subscription = startSubscription(act, {
        anchor,
        behavior: params.payment_behavior ?? "allow_incomplete",
        currency: money,
        customer,
        extras,
        fields: {
          collection_method: params.collection_method ?? "charge_automatically",
          days_until_due: params.days_until_due ?? null,
          default_payment_method:
            methodFor(act, params.default_payment_method, customer.id, "default_payment_method") ?? null,
          description: params.description ?? null,
          discounts: params.discounts ? grantDiscounts(act, params.discounts, customer.id) : [],
          metadata: mergeMetadata(null, params.metadata),
          payment_settings: {
            payment_method_options: null,
            payment_method_types: null,
            save_default_payment_method: params.payment_settings?.save_default_payment_method ?? "off",
          },
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
  }),
  listRoute({
    kind: "subscription",
    path: "/v1/subscriptions",
    by: {
      automatic_tax: narrowsNothing(),
      collection_method: is("collection_method"),
      created: createdWithin(),
      current_period_end: narrowsNothing(),
      current_period_start: narrowsNothing(),
      customer: is("customer"),
      customer_account: narrowsNothing(),
      plan: is("items.data[0].price.id"),
      price: is("items.data[0].price.id"),
      status: ofStatus(),
      test_clock: is("test_clock"),
    },
  }),
  retrieveRoute("/v1/subscriptions/:id", subscriptionAt),
  endpoint({
    method: "POST",
    path: "/v1/subscriptions/:id",
    params: hash({
      ...shared,
      billing_cycle_anchor: hash({ type: oneOf("now", "unchanged") }).optional(),
      cancellation_details: cancellationDetails().optional(),
      items: list(changedItem(), { max: 20 }).optional(),
      pause_collection: clearable(
        hash({
          behavior: oneOf("keep_as_draft", "mark_uncollectible", "void"),
          resumes_at: timestamp().optional(),
        }),
      ).optional(),
      proration_date: timestamp().optional(),
    }),
    run(given, params, { id }) {
      const { act, subscription } = at(given, id);
      const { metadata: pairs, cancellation_details: details, ...others } = params;
      const ended = ["canceled", "incomplete_expired"].includes(subscription.status);
      if (ended && Object.values(others).some((value) => value !== undefined)) {
        throw refused("A canceled subscription can only update its cancellation_details and metadata.", {
          code: "invalid_canceled_subscription_fields",
        });
      }
      const { discounts, payment_settings: payment, invoice_settings: billing } = params;
      const method = methodFor(
        act,
        params.default_payment_method,
        subscription.customer,
        "default_payment_method",
      );
      const end = ending(act, subscription, params);
      const reason =
        "cancel_at" in end
          ? end.cancel_at === null
            ? null
            : "cancellation_requested"
          : (subscription.cancellation_details?.reason ?? null);
      const endBehavior = params.trial_settings?.end_behavior;
      return changeSubscription(act, subscription, {
        anchorNow: params.billing_cycle_anchor?.type === "now",
        behavior: params.payment_behavior,
        fields: {
          ...end,
          cancellation_details: detailsOf(subscription, details, reason),
          collection_method: params.collection_method ?? subscription.collection_method,
          days_until_due: params.days_until_due ?? subscription.days_until_due,
          default_payment_method: cleared(method, subscription.default_payment_method),
          description: cleared(params.description, subscription.description),
          ...(discounts !== undefined && {
            discounts:
              discounts === "" ? [] : grantDiscounts(act, discounts, subscription.customer, subscription.id),
          }),
          ...(billing && {
            invoice_settings: {
              ...subscription.invoice_settings,
              description: cleared(billing.description, subscription.invoice_settings.description),
              footer: cleared(billing.footer, subscription.invoice_settings.footer),
            },
          }),
          metadata: mergeMetadata(subscription.metadata, pairs),
          ...(params.pause_collection !== undefined && {
            pause_collection: pauseCollection(act, subscription, params.pause_collection),
          }),
          ...(payment?.save_default_payment_method &&
            subscription.payment_settings && {
              payment_settings: {
                ...subscription.payment_settings,
                save_default_payment_method: payment.save_default_payment_method,
              },
            }),
          ...(endBehavior?.missing_payment_method && {
            trial_settings: {
              end_behavior: {
                billing_cycle_anchor: null,
                missing_payment_method: endBehavior.missing_payment_method,
              },
            },
          }),
        },
        items: params.items ? itemChanges(act, subscription, params.items) : [],
        proration: params.proration_behavior,
        prorationDate: params.proration_date,
        trialEnd: trialEndOf(act, params.trial_end),
      });
    },
  }),
  endpoint({
    method: "DELETE",
    path: "/v1/subscriptions/:id",
    params: hash({
      cancellation_details: cancellationDetails().optional(),
      invoice_now: boolean().optional(),
      prorate: boolean().optional(),
    }),
    run(given, params, { id }) {
      const { act, subscription } = at(given, id);
      // To the API a canceled subscription is gone for this purpose, though it can still be read.
      if (subscription.status === "canceled") throw noSuch("subscription", subscription.id, "id", 404);
      return cancelSubscription(act, subscription, {
        details: params.cancellation_details,
        invoiceNow: params.invoice_now,
        prorate: params.prorate,
      });
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/subscriptions/:id/pause",
    params: hash({
      bill_for: hash({
        outstanding_usage_through: ignored(),
        unused_time_from: hash({ type: oneOf("item_current_period_start", "none", "now") }).optional(),
      }).optional(),
      invoicing_behavior: oneOf("invoice", "pending_invoice_item").optional(),
      type: oneOf("subscription").optional(),
    }),
    run(given, params, { id }) {
      const { act, subscription } = at(given, id);
      return pauseNow(act, subscription, {
        unusedFrom: params.bill_for?.unused_time_from?.type ?? "none",
        invoiced: params.invoicing_behavior !== "pending_invoice_item",
      });
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/subscriptions/:id/resume",
    params: hash({
      billing_cycle_anchor: hash({ type: oneOf("now", "unchanged") }).optional(),
      payment_behavior: oneOf("resume_on_payment_attempt", "resume_on_payment_success").optional(),
      proration_behavior: prorationBehavior(),
      proration_date: ignored(),
    }),
    run(given, params, { id }) {
      const { act, subscription } = at(given, id);
      return resumeNow(act, subscription, {
        anchorNow: params.billing_cycle_anchor?.type !== "unchanged",
        onSuccess: params.payment_behavior === "resume_on_payment_success",
      });
    },
  }),
  endpoint({
    method: "DELETE",
    path: "/v1/subscriptions/:id/discount",
    params: hash({}),
    run(given, _, { id }) {
      const { act, subscription } = at(given, id);
      const [first] = subscription.discounts;
      const discount = act.store.find("discount", first ?? "");
      if (!discount) throw noSuch("discount", first ?? "", "id", 404);
      const discounts = subscription.discounts.filter((one) => one !== first);
      act.change(subscription, { discounts }, "customer.subscription.updated");
      act.emit("customer.discount.deleted", discount);
      return { ...discount, deleted: true };
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/subscriptions/:id/migrate",
    params: hash({
      billing_mode: hash({
        flexible: hash({ proration_discounts: oneOf("included", "itemized").optional() }).optional(),
        type: oneOf("flexible"),
      }),
    }),
    run(given, _, { id }) {
      const { subscription } = at(given, id);
      throw refused(`The subscription ${subscription.id} is already on flexible billing mode.`);
    },
  }),
];

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
