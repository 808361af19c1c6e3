import type { Act } from "../act.ts";
import { ApiError, refused } from "../api/errors.ts";
import { periodBefore } from "../catalog/period.ts";
import { paymentError } from "../payments/charge.ts";
import type { Kinds } from "../wire.ts";
import { type Attempt, attempt, defaultMethod, intentOf, tellCharge, tellIntent } from "./attempt.ts";
import { conclude, finalize } from "./collect.ts";
import { draftFor } from "./draft.ts";
import { billExtra } from "./invoice-item.ts";
import { recurringLine } from "./lines.ts";
import { planLife } from "./plan.ts";
import { rulesOf } from "./rules.ts";
import { customerOf, newSubscription, rhythmOf, type Sold, type Subscription } from "./subscription.ts";
import { isLicensed } from "./usage.ts";

type Invoice = Kinds["invoice"];

export const NO_METHOD =
  "This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.";

export interface Order {
  anchor?: number | undefined;
  behavior: string;
  currency: string;
  customer: Kinds["customer"];
  /** Sold once, on the first invoice. */
  extras: Sold[];
  fields: Partial<Subscription>;
  items: Sold[];
  missingMethod: string;
  /** `none`: a first period that is cut short by the anchor costs nothing. */
  proration: string;
  trialEnd: number | null;
}

/** A subscription made over the API, with its first invoice, charged at once if that is how it is paid. */
export function startSubscription(act: Act, order: Order): Subscription {
  const { customer } = order;
  const built = newSubscription(act, { ...order, customer: customer.id });
  const trial = built.status === "trialing";
  const sent = built.collection_method === "send_invoice";
  for (const extra of order.extras) billExtra(act, customer, built, extra);
  if (trial && order.extras.length === 0 && !rulesOf(act.store).trial_invoice) {
    return announce(act, act.create(built));
  }
  const draft = draftFor(act, built, {
    reason: "subscription_create",
    lines: (id) =>
      built.items.data
        .filter(isLicensed)
        .map((item) => recurringLine(act.store, id, built, item, firstPart(order, item))),
    waits: sent && !trial,
  });
  const subscription = act.create({ ...built, latest_invoice: draft.id });
  if (sent && !trial) {
    announce(act, subscription);
    act.emit("invoice.created", draft);
    return subscription;
  }
  const open = finalize(act, draft);
  if (open.amount_due > 0 && order.behavior === "default_incomplete") {
    return waitForPayment(act, subscription, draft, open);
  }
  return payFirst(act, subscription, draft, open, order.behavior);
}

/** The first payment is made by the customer, in a browser, with the secret of the invoice's payment. */
function waitForPayment(act: Act, subscription: Subscription, draft: Invoice, open: Invoice): Subscription {
  const { created } = intentOf(act, open);
  const incomplete = announce(act, act.change(subscription, { status: "incomplete" }));
  if (created) act.emit("payment_intent.created", created);
  act.emit("invoice.created", draft);
  act.emit("invoice.finalized", open);
  return incomplete;
}

function payFirst(
  act: Act,
  subscription: Subscription,
  draft: Invoice,
  open: Invoice,
  behavior: string,
): Subscription {
  const method = defaultMethod(act, customerOf(act, subscription), subscription);
  if (open.amount_due > 0 && !method) throw refused(NO_METHOD, { code: "resource_missing" });
  const tried = attempt(act, open, method);
  const failed = tried.outcome === "declined" || tried.outcome === "action_required";
  if (failed && behavior === "error_if_incomplete") throw paymentRefusal(tried);
  tellCharge(act, tried);
  const begun = announce(act, failed ? act.change(subscription, { status: "incomplete" }) : subscription);
  tellIntent(act, tried);
  act.emit("invoice.created", draft);
  act.emit("invoice.finalized", open);
  conclude(act, open, tried);
  return act.store.find("subscription", begun.id) ?? begun;
}

/** A customer's first subscription fixes its currency. */
function announce(act: Act, subscription: Subscription): Subscription {
  const customer = act.store.find("customer", subscription.customer);
  if (customer && !customer.currency) {
    act.change(customer, { currency: subscription.currency }, "customer.updated");
  }
  act.emit("customer.subscription.created", subscription);
  planLife(act, subscription);
  return subscription;
}

/** What an API caller gets when a payment was the condition for what it wanted. */
export function paymentRefusal(tried: Attempt): ApiError {
  if (tried.outcome === "declined") {
    const { charge, decline, method, intent } = tried;
    const { message, ...details } = paymentError(charge, decline, method);
    return new ApiError(402, message ?? decline.message, { ...details, payment_intent: intent }, true);
  }
  const message = "Your card was declined. This transaction requires authentication.";
  return new ApiError(402, message, { type: "card_error", code: "authentication_required" }, true);
}

/** The share of a first period that is shorter than the others, because they begin on another day. */
function firstPart(order: Order, item: Subscription["items"]["data"][number]) {
  if (order.anchor === undefined || order.trialEnd !== null) return undefined;
  const { current_period_start: start, current_period_end: end, price } = item;
  const whole = end - periodBefore(end, rhythmOf(price));
  return order.proration === "none" ? { left: 0, whole } : { left: end - start, whole };
}
