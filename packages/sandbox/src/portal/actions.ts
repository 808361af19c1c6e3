import type { Act } from "../act.ts";
import { ApiError } from "../api/errors.ts";
import { cancelSubscription, changeSubscription } from "../billing/change.ts";
import { collect } from "../billing/collect.ts";
import { detailsOf } from "../billing/end.ts";
import { inTimeOf } from "../billing/own-time.ts";
import { pauseNow, resumeNow } from "../billing/pause.ts";
import { lastPeriodEnd } from "../billing/period.ts";
import type { Subscription } from "../billing/subscription.ts";
import { attach } from "../payment-methods/method.ts";
import type { Decline } from "../payment-methods/test-cards.ts";
import { release } from "../schedules/life.ts";
import type { Kinds } from "../wire.ts";
import type { Features } from "./configuration.ts";

type Method = Kinds["payment_method"];

/** What a customer does in the portal. Each is one act, with the events that Stripe sends for it. */

export function cancel(
  from: Act,
  subscription: Subscription,
  rule: Features["subscription_cancel"],
  given: { feedback?: string | undefined; comment?: string | undefined },
): void {
  const act = inTimeOf(from, subscription);
  if (rule.mode === "immediately") {
    const prorate = rule.proration_behavior !== "none";
    const invoiceNow = rule.proration_behavior === "always_invoice";
    cancelSubscription(act, subscription, { details: given, invoiceNow, prorate });
    return;
  }
  const schedule = act.store.find("subscription_schedule", subscription.schedule ?? "");
  if (schedule) release(act, schedule);
  changeSubscription(act, act.store.find("subscription", subscription.id) ?? subscription, {
    fields: {
      cancel_at: lastPeriodEnd(subscription),
      cancel_at_period_end: true,
      canceled_at: act.now,
      cancellation_details: detailsOf(subscription, given, "cancellation_requested"),
    },
  });
}

/** Takes a planned cancellation back, or goes on after a pause. */
export function goOn(from: Act, subscription: Subscription): void {
  const act = inTimeOf(from, subscription);
  if (subscription.status === "paused") {
    resumeNow(act, subscription, { anchorNow: true, onSuccess: true });
    return;
  }
  changeSubscription(act, subscription, {
    fields: {
      cancel_at: null,
      cancel_at_period_end: false,
      canceled_at: null,
      cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    },
  });
}

export function pause(from: Act, subscription: Subscription): void {
  pauseNow(inTimeOf(from, subscription), subscription, { invoiced: false, unusedFrom: "none" });
}

export interface PlanChange {
  item: string;
  price?: Kinds["price"] | undefined;
  quantity: number;
}

export function changePlan(
  from: Act,
  subscription: Subscription,
  rule: Features["subscription_update"],
  { item, price, quantity }: PlanChange,
): Subscription {
  return changeSubscription(inTimeOf(from, subscription), subscription, {
    anchorNow: rule.billing_cycle_anchor === "now",
    behavior: "error_if_incomplete",
    items: [{ id: item, price, quantity }],
    proration: rule.proration_behavior,
    ...(rule.trial_update_behavior === "end_trial" &&
      subscription.status === "trialing" && { trialEnd: "now" }),
  });
}

/** The new card pays from now on, whatever else is said on a subscription; what is owed is tried with it at once. */
export function replaceCard(from: Act, customerId: string, method: Method): Decline | null {
  try {
    attach(from, method, customerId);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { code = "card_declined", decline_code: declineCode = null } = error.details;
    return { code, decline_code: declineCode, message: error.message };
  }
  const customer = from.store.find("customer", customerId);
  if (!customer) return null;
  const settings = { ...customer.invoice_settings, default_payment_method: method.id };
  from.change(customer, { invoice_settings: settings }, "customer.updated");
  const theirs = { field: "customer", is: "=", value: customerId } as const;
  for (const subscription of from.store.list("subscription", [theirs], { limit: 100 }).data) {
    const over = ["canceled", "incomplete_expired"].includes(subscription.status);
    if (over || subscription.default_payment_method === null) continue;
    from.change(subscription, { default_payment_method: method.id }, "customer.subscription.updated");
  }
  const open = { field: "status", is: "=", value: "open" } as const;
  for (const invoice of from.store.list("invoice", [theirs, open], { limit: 100 }).data.reverse()) {
    const collected = invoice.collection_method === "charge_automatically" && invoice.attempted;
    if (collected) collect(inTimeOf(from, invoice), invoice);
  }
  return null;
}

export function payInvoice(from: Act, invoice: Kinds["invoice"]): Decline | null {
  const { tried } = collect(inTimeOf(from, invoice), invoice);
  if (tried.outcome === "declined") return tried.decline;
  const unpaid = tried.outcome === "no_method" || tried.outcome === "action_required";
  const message = "Your card was declined. This transaction requires authentication.";
  return unpaid ? { code: "authentication_required", decline_code: null, message } : null;
}
