import { endpoint } from "../api/endpoint.ts";
import { noSuch, refused } from "../api/errors.ts";
import { equals } from "../api/lists.ts";
import { boolean, hash, notBuilt, oneOf, unsupported } from "../api/params.ts";
import { createdWithin, is, isWithin, leavesNothing, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { cancelSubscription } from "../billing/change.ts";
import { cancellationDetails, prorationBehavior } from "../billing/params.ts";
import { pauseNow, resumeNow } from "../billing/pause.ts";
import { billingModeOf } from "../billing/subscription.ts";
import { subscriptionAt, subscriptionIn } from "../billing/subscription-fields.ts";
import type { Filter } from "../listing.ts";
import { searchOf, searchParams } from "./search.ts";
import { createSubscription } from "./subscription-create.ts";
import { updateSubscription } from "./subscription-update.ts";

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
  createSubscription,
  listRoute({
    kind: "subscription",
    path: "/v1/subscriptions",
    onTestClocksBy: ["customer", "test_clock"],
    by: {
      automatic_tax: hash({ enabled: is("automatic_tax.enabled", boolean()) })
        .transform(({ enabled }) => enabled)
        .optional(),
      collection_method: is("collection_method"),
      created: createdWithin(),
      current_period_end: isWithin("items.data[].current_period_end"),
      current_period_start: isWithin("items.data[].current_period_start"),
      customer: is("customer"),
      customer_account: leavesNothing(),
      plan: is("items.data[].price.id"),
      price: is("items.data[].price.id"),
      status: ofStatus(),
      test_clock: is("test_clock"),
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/subscriptions/search",
    params: searchParams(),
    run: (act, params) => searchOf(act, "subscription", "/v1/subscriptions/search", params),
  }),
  retrieveRoute("/v1/subscriptions/:id", subscriptionAt),
  updateSubscription,
  endpoint({
    method: "DELETE",
    path: "/v1/subscriptions/:id",
    params: hash({
      cancellation_details: cancellationDetails().optional(),
      invoice_now: boolean().optional(),
      prorate: boolean().optional(),
    }),
    run(given, params, { id }) {
      const { act, subscription } = subscriptionIn(given, id);
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
        outstanding_usage_through: notBuilt(),
        unused_time_from: hash({ type: oneOf("item_current_period_start", "none", "now") }).optional(),
      }).optional(),
      invoicing_behavior: oneOf("invoice", "pending_invoice_item").optional(),
      type: oneOf("subscription").optional(),
    }),
    run(given, params, { id }) {
      const { act, subscription } = subscriptionIn(given, id);
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
      proration_date: notBuilt(),
    }),
    run(given, params, { id }) {
      const { act, subscription } = subscriptionIn(given, id);
      const anchorNow = params.billing_cycle_anchor?.type !== "unchanged";
      // With a new period there is nothing to prorate; in the old cycle Stripe would, and that isn't built.
      if (!anchorNow && params.proration_behavior) throw unsupported("proration_behavior");
      return resumeNow(act, subscription, {
        anchorNow,
        onSuccess: params.payment_behavior === "resume_on_payment_success",
      });
    },
  }),
  endpoint({
    method: "DELETE",
    path: "/v1/subscriptions/:id/discount",
    params: hash({}),
    run(given, _, { id }) {
      const { act, subscription } = subscriptionIn(given, id);
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
    run(given, params, { id }) {
      const { act, subscription } = subscriptionIn(given, id);
      if (subscription.billing_mode.type === "flexible") {
        throw refused(`The subscription ${subscription.id} is already on flexible billing mode.`);
      }
      const billing_mode = billingModeOf(params.billing_mode, act.now);
      return act.change(subscription, { billing_mode }, "customer.subscription.updated");
    },
  }),
];
