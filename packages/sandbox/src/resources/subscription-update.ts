import type { z } from "zod";
import type { Act } from "../act.ts";
import { cleared, mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, refused } from "../api/errors.ts";
import { clearable, hash, list, notBuilt, oneOf, timestamp } from "../api/params.ts";
import { changeSubscription } from "../billing/change.ts";
import { detailsOf } from "../billing/end.ts";
import { extrasOf } from "../billing/extras.ts";
import { grantDiscounts } from "../billing/grant-discount.ts";
import { billExtra } from "../billing/invoice-item.ts";
import { cancellationDetails, changedItem, itemChanges, methodFor, trialEndOf } from "../billing/params.ts";
import { pauseCollection } from "../billing/pause.ts";
import { pendingIntervalOf } from "../billing/pending-interval.ts";
import { planPendingItems } from "../billing/plan.ts";
import { customerOf, type Subscription } from "../billing/subscription.ts";
import { ending, settingsOf, shared, subscriptionIn } from "../billing/subscription-fields.ts";
import { defaultSourceFor } from "../payment-methods/source.ts";
import { subscriptionTax } from "../tax/fields.ts";

/** What may change once it is paid; everything else is changed in a request of its own. */
const CAN_WAIT = [
  "billing_cycle_anchor",
  "items",
  "off_session",
  "payment_behavior",
  "proration_behavior",
  "proration_date",
  "trial_end",
  "trial_from_plan",
];

function checkPending(params: { payment_behavior?: string | undefined }): void {
  if (params.payment_behavior !== "pending_if_incomplete") return;
  const asked = Object.entries(params).filter(([, value]) => value !== undefined);
  const other = asked.find(([name]) => !CAN_WAIT.includes(name))?.[0];
  if (other === undefined) return;
  throw invalid(
    `When \`payment_behavior\` is set to \`pending_if_incomplete\`, you cannot pass \`${other}\`.`,
    other,
  );
}

const updateParams = hash({
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
  trial_from_plan: notBuilt(),
});

type Params = z.output<typeof updateParams>;

export const updateSubscription = endpoint({
  method: "POST",
  path: "/v1/subscriptions/:id",
  params: updateParams,
  run(given, params, { id }) {
    const { act, subscription } = subscriptionIn(given, id);
    checkEnded(subscription, params);
    checkPending(params);
    const { currency, customer } = subscription;
    const fields = fieldsOf(act, subscription, params);
    for (const extra of extrasOf(act, params.add_invoice_items, currency, customer)) {
      billExtra(act, customerOf(act, subscription), subscription, extra);
    }
    const changed = changeSubscription(act, subscription, {
      anchorNow: params.billing_cycle_anchor?.type === "now",
      behavior: params.payment_behavior,
      fields,
      items: params.items ? itemChanges(act, subscription, params.items) : [],
      proration: params.proration_behavior,
      prorationDate: params.proration_date,
      trialEnd: trialEndOf(act, params.trial_end),
    });
    if (params.pending_invoice_item_interval) planPendingItems(act, changed);
    return changed;
  },
});

function checkEnded({ status }: Subscription, params: Params): void {
  const { metadata: _, cancellation_details: __, ...others } = params;
  const ended = ["canceled", "incomplete_expired"].includes(status);
  if (ended && Object.values(others).some((value) => value !== undefined)) {
    throw refused("A canceled subscription can only update its cancellation_details and metadata.", {
      code: "invalid_canceled_subscription_fields",
    });
  }
}

/** What is set as it was said. Items, trials and anchors are not: they bring periods and invoices with them. */
function fieldsOf(act: Act, subscription: Subscription, params: Params): Partial<Subscription> {
  const { customer } = subscription;
  const { discounts } = params;
  const { missing_payment_method } = params.trial_settings?.end_behavior ?? {};
  const method = methodFor(act, params.default_payment_method, customer, "default_payment_method");
  return {
    ...endFields(act, subscription, params),
    ...subscriptionTax(act, act.store.find("customer", customer), params),
    collection_method: params.collection_method ?? subscription.collection_method,
    days_until_due: params.days_until_due ?? subscription.days_until_due,
    default_payment_method: cleared(method, subscription.default_payment_method),
    default_source: cleared(
      defaultSourceFor(act, params.default_source, customer),
      subscription.default_source,
    ),
    description: cleared(params.description, subscription.description),
    ...(discounts !== undefined && {
      discounts:
        discounts === "" ? [] : grantDiscounts(act, discounts, customer, { subscription: subscription.id }),
    }),
    ...settingsOf(subscription, params),
    ...pendingIntervalOf(params.pending_invoice_item_interval, act.now),
    metadata: mergeMetadata(subscription.metadata, params.metadata),
    ...(params.pause_collection !== undefined && {
      pause_collection: pauseCollection(act, subscription, params.pause_collection),
    }),
    ...(missing_payment_method && {
      trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method } },
    }),
  };
}

/** When it ends, and why. Under a schedule it is the schedule that says so. */
function endFields(act: Act, subscription: Subscription, params: Params): Partial<Subscription> {
  const end = ending(act, subscription, params);
  if ("cancel_at" in end && subscription.schedule) {
    throw refused(
      `The subscription is managed by the subscription schedule \`${subscription.schedule}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`,
    );
  }
  const known = subscription.cancellation_details?.reason ?? null;
  const wanted = end.cancel_at === null ? null : "cancellation_requested";
  const reason = "cancel_at" in end ? wanted : known;
  return { ...end, cancellation_details: detailsOf(subscription, params.cancellation_details, reason) };
}
