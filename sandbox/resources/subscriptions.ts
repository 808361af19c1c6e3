import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, noSuch, refused } from "../api/errors.ts";
import { equals, listOf, within } from "../api/lists.ts";
import { boolean, hash, ignored, metadata, oneOf, paging, range, text } from "../api/params.ts";
import type { Kinds } from "../wire.ts";
import { cleared, mergeMetadata } from "./changes.ts";

type Subscription = Kinds["subscription"];
type Details = NonNullable<Subscription["cancellation_details"]>;

const STATUSES = [
  "active",
  "canceled",
  "ended",
  "incomplete",
  "incomplete_expired",
  "past_due",
  "paused",
] as const;

const cancellationDetails = () =>
  hash({
    comment: text().optional(),
    feedback: oneOf(
      "customer_service",
      "low_quality",
      "missing_features",
      "other",
      "switched_service",
      "too_complex",
      "too_expensive",
      "unused",
    ).optional(),
  });

function subscriptionAt(act: Act, id = ""): Subscription {
  const subscription = act.store.find("subscription", id);
  if (!subscription) throw noSuch("subscription", id, "id", 404);
  return subscription;
}

const periodEnd = (subscription: Subscription) =>
  Math.max(...subscription.items.data.map((item) => item.current_period_end));

function detailsOf(
  subscription: Subscription,
  given: Partial<Details> | undefined,
  reason: string | null,
): Details {
  const old = subscription.cancellation_details;
  return {
    comment: given?.comment ?? old?.comment ?? null,
    feedback: given?.feedback ?? old?.feedback ?? null,
    feedback_option: null,
    reason,
  };
}

/** Ends a subscription at once. What was paid stays paid. */
export function endSubscription(act: Act, subscription: Subscription, details: Details): Subscription {
  return act.change(
    subscription,
    {
      cancel_at: subscription.cancel_at,
      canceled_at: subscription.canceled_at ?? act.now,
      cancellation_details: details,
      ended_at: act.now,
      status: "canceled",
    },
    "customer.subscription.deleted",
  );
}

/** The end of a period of a subscription that was to be canceled then. Others go on. */
export function endIfCanceled(act: Act, id: string): void {
  const subscription = act.store.find("subscription", id);
  if (!subscription || subscription.status === "canceled" || subscription.cancel_at === null) return;
  if (subscription.cancel_at > act.now) return;
  endSubscription(act, subscription, detailsOf(subscription, undefined, "cancellation_requested"));
}

function scheduledEnd(
  act: Act,
  subscription: Subscription,
  wanted: boolean | undefined,
): Partial<Subscription> {
  if (wanted === undefined || wanted === subscription.cancel_at_period_end) return {};
  if (!wanted) return { cancel_at: null, cancel_at_period_end: false, canceled_at: null };
  const cancel_at = periodEnd(subscription);
  act.schedule(cancel_at, "subscription.end", subscription.id);
  return { cancel_at, cancel_at_period_end: true, canceled_at: act.now };
}

export const subscriptions = [
  endpoint({
    method: "GET",
    path: "/v1/subscriptions",
    params: hash({
      ...paging,
      automatic_tax: ignored(),
      collection_method: text().optional(),
      created: range().optional(),
      current_period_end: ignored(),
      current_period_start: ignored(),
      customer: text().optional(),
      customer_account: ignored(),
      price: text().optional(),
      status: oneOf("all", ...STATUSES, "trialing", "unpaid").optional(),
      test_clock: ignored(),
    }),
    run(act, params) {
      const { status } = params;
      const byStatus =
        status === "all"
          ? undefined
          : status === undefined
            ? ({ field: "status", is: "!=", value: "canceled" } as const)
            : status === "ended"
              ? ({ field: "status", is: "in", value: ["canceled", "incomplete_expired"] } as const)
              : equals("status", status);
      return listOf(act, "subscription", "/v1/subscriptions", params, [
        byStatus,
        equals("customer", params.customer),
        equals("collection_method", params.collection_method),
        equals("items.data[0].price.id", params.price),
        ...within(params.created),
      ]);
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/subscriptions/:id",
    params: hash({}),
    run: (act, _, { id }) => subscriptionAt(act, id),
  }),
  endpoint({
    method: "POST",
    path: "/v1/subscriptions/:id",
    params: hash({
      cancel_at_period_end: boolean().optional(),
      cancellation_details: cancellationDetails().optional(),
      default_payment_method: text().optional(),
      description: text(500).optional(),
      metadata: metadata().optional(),
    }),
    run(act, params, { id }) {
      const subscription = subscriptionAt(act, id);
      if (
        subscription.status === "canceled" &&
        (params.cancel_at_period_end !== undefined || params.description)
      ) {
        throw refused("A canceled subscription can only update its cancellation_details and metadata.", {
          code: "invalid_canceled_subscription_fields",
        });
      }
      const { default_payment_method: method } = params;
      if (method && !act.store.find("payment_method", method)) {
        throw noSuch("PaymentMethod", method, "default_payment_method");
      }
      const end = scheduledEnd(act, subscription, params.cancel_at_period_end);
      const reason = end.cancel_at_period_end
        ? "cancellation_requested"
        : end.cancel_at_period_end === false
          ? null
          : (subscription.cancellation_details?.reason ?? null);
      return act.change(
        subscription,
        {
          ...end,
          cancellation_details: detailsOf(subscription, params.cancellation_details, reason),
          default_payment_method: cleared(method, subscription.default_payment_method),
          description: cleared(params.description, subscription.description),
          metadata: mergeMetadata(subscription.metadata, params.metadata),
        },
        "customer.subscription.updated",
      );
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
    run(act, params, { id }) {
      const subscription = subscriptionAt(act, id);
      // To the API a canceled subscription is gone for this purpose, though it can still be read.
      if (subscription.status === "canceled") throw noSuch("subscription", subscription.id, "id", 404);
      if (params.invoice_now || params.prorate) {
        throw invalid("This sandbox cancels without a final invoice: leave `invoice_now` and `prorate` out.");
      }
      const details = detailsOf(subscription, params.cancellation_details, "cancellation_requested");
      return endSubscription(act, subscription, details);
    },
  }),
];
