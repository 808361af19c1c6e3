import type { Act } from "../act.ts";
import { refused } from "../api/errors.ts";
import type { Kinds, Metadata } from "../wire.ts";
import { attempt, defaultMethod, intentOf, tellCharge, tellIntent } from "./attempt.ts";
import { conclude, finalize } from "./collect.ts";
import { NO_METHOD, paymentRefusal } from "./create.ts";
import { draftFor } from "./draft.ts";
import { dropUpdate } from "./drop-update.ts";
import { endSubscription } from "./end.ts";
import { billUsage, prorate } from "./invoice-item.ts";
import { periodLines, usageLines } from "./lines.ts";
import { holdUpdate } from "./pending-update.ts";
import { firstPeriodEnd } from "./period.ts";
import { planLife, TRIAL_NOTICE } from "./plan.ts";
import { pauseSubscription } from "./renew.ts";
import {
  buildItem,
  customerOf,
  endOfPeriod,
  planOf,
  rhythmOf,
  type Subscription,
  type SubscriptionItem,
  subscriptionOf,
  withItems,
} from "./subscription.ts";
import { isLicensed, isMetered } from "./usage.ts";

type Invoice = Kinds["invoice"];
type Price = Kinds["price"];

export interface ItemChange {
  /** Without one a further item is added. */
  id?: string | undefined;
  deleted?: boolean | undefined;
  /** Of a metered item that goes: what was used of it is not billed. */
  clear_usage?: boolean | undefined;
  discounts?: string[] | undefined;
  metadata?: Metadata | undefined;
  price?: Price | undefined;
  quantity?: number | undefined;
  taxRates?: Kinds["tax_rate"][] | undefined;
}

export interface Change {
  /** Begins a new period now, billed now. */
  anchorNow?: boolean;
  /**
   * `error_if_incomplete` takes everything back if what has to be paid now isn't; `pending_if_incomplete` makes the
   * change once it is.
   */
  behavior?: string | undefined;
  fields?: Partial<Subscription>;
  items?: readonly ItemChange[];
  proration?: string | undefined;
  /** The moment prorations are counted from. */
  prorationDate?: number | undefined;
  trialEnd?: "now" | number | undefined;
}

interface Turned {
  before: SubscriptionItem | undefined;
  after: SubscriptionItem | undefined;
  /** What was used of it is forgotten. */
  cleared?: boolean | undefined;
  /** Whether its period begins now. */
  restarts: boolean;
}

/** Carries a change out, with the prorations and the invoice it brings. */
export function changeSubscription(act: Act, given: Subscription, change: Change): Subscription {
  const subscription = given.pending_update === null ? given : dropUpdate(act, given);
  const endsTrial = change.trialEnd === "now" && subscription.status === "trialing";
  if (endsTrial && pausesAfterTrial(act, subscription)) {
    return pauseSubscription(act, subscription, "trial_end_without_payment_method");
  }
  const restartsAll = change.anchorNow === true || endsTrial;
  const turned = turn(act, subscription, change.items ?? [], restartsAll);
  const extended = typeof change.trialEnd === "number" ? change.trialEnd : undefined;
  const prorated = billProrations(act, subscription, turned, change, extended);
  const items = turned.flatMap(({ after }) => after ?? []);
  const restarted = turned.filter(({ restarts }) => restarts).flatMap(({ after }) => after ?? []);
  const everything = restarted.length === items.length && restarted.length > 0;
  const changed: Partial<Subscription> = {
    ...withItems(subscription, items),
    ...(everything && { billing_cycle_anchor: act.now }),
    ...(endsTrial && { status: "active", trial_end: act.now }),
    ...(extended !== undefined && trialUntil(act, subscription, items, extended)),
  };
  const fields = { ...change.fields, ...changed };
  const next = { ...subscription, ...fields };
  const invoiced = restarted.length > 0 || (change.proration === "always_invoice" && prorated);
  if (!invoiced || next.status === "trialing")
    return finish(act, subscription, fields, null, change, endsTrial);
  if (endsTrial) requireMethod(act, next);
  const draft = draftFor(act, next, {
    reason: endsTrial ? "subscription_cycle" : "subscription_update",
    lines: (id) => periodLines(act.store, id, next, restarted),
    waits: subscription.collection_method === "send_invoice",
  });
  if (change.behavior === "pending_if_incomplete" && !isPaidAtOnce(act, draft)) {
    const held = holdUpdate(act, subscription, changed, draft.id);
    billNow(act, draft);
    return act.store.find("subscription", held.id) ?? held;
  }
  return finish(act, subscription, fields, draft, change, endsTrial);
}

/** Whether a try would pay it; what the try does is taken back. */
function isPaidAtOnce(act: Act, draft: Invoice): boolean {
  return act.store.tried(() => ["paid", "nothing_due"].includes(attempt(act, finalize(act, draft)).outcome));
}

/** Ends it now. `prorate` gives the unused time back, as credit; `invoiceNow` bills what is pending. */
export function cancelSubscription(
  act: Act,
  subscription: Subscription,
  how: {
    details?: { comment?: string | undefined; feedback?: string | undefined } | undefined;
    invoiceNow?: boolean | undefined;
    prorate?: boolean | undefined;
  },
): Subscription {
  const customer = customerOf(act, subscription);
  if (how.prorate && subscription.status !== "trialing") {
    for (const item of subscription.items.data.filter(isLicensed))
      giveBack(act, customer, subscription, item, act.now);
  }
  const draft = how.invoiceNow
    ? draftFor(act, subscription, {
        reason: "subscription_update",
        lines: (id) => usageLines(act.store, id, subscription, subscription.items.data, act.now + 1),
        waits: false,
      })
    : null;
  const billed = draft && draft.lines.data.length > 0 ? draft : null;
  // What was planned for its end is of no interest any more.
  const unplanned = { cancel_at: null, cancel_at_period_end: false };
  const latest = billed ? { ...unplanned, latest_invoice: billed.id } : unplanned;
  const ended = endSubscription(act, subscription, "cancellation_requested", how.details, latest);
  if (billed) billNow(act, billed);
  else if (draft) act.store.delete(draft.id);
  return act.store.find("subscription", ended.id) ?? ended;
}

/** Sends and collects a draft in the same act. */
export function billNow(act: Act, draft: Invoice, behavior?: string): Invoice {
  act.emit("invoice.created", draft);
  if (draft.collection_method === "send_invoice") return draft;
  const open = finalize(act, draft);
  act.emit("invoice.finalized", open);
  if (behavior === "default_incomplete" && open.amount_due > 0) return waitForPayment(act, open);
  const tried = attempt(act, open);
  if (behavior === "error_if_incomplete" && !["paid", "nothing_due"].includes(tried.outcome)) {
    throw paymentRefusal(tried);
  }
  tellCharge(act, tried);
  tellIntent(act, tried);
  return conclude(act, open, tried);
}

/** The customer pays it themselves, with the secret of its payment; until then the subscription is behind. */
function waitForPayment(act: Act, open: Invoice): Invoice {
  const { created } = intentOf(act, open);
  if (created) act.emit("payment_intent.created", created);
  const subscription = subscriptionOf(act, open);
  if (subscription?.status === "active") {
    act.change(subscription, { status: "past_due" }, "customer.subscription.updated");
  }
  return open;
}

export function giveBack(
  act: Act,
  customer: Kinds["customer"],
  subscription: Subscription,
  item: SubscriptionItem,
  from: number,
): void {
  const share = shareLeft(item, from);
  if (share.left > 0) prorate(act, customer, subscription, item, "Unused", share, from);
}

function finish(
  act: Act,
  before: Subscription,
  fields: Partial<Subscription>,
  draft: Invoice | null,
  change: Change,
  endsTrial: boolean,
): Subscription {
  const after = act.change(
    before,
    { ...fields, ...(draft && { latest_invoice: draft.id }) },
    "customer.subscription.updated",
  );
  const untold = (before.trial_end ?? 0) - TRIAL_NOTICE > act.now;
  if (endsTrial && untold) act.emit("customer.subscription.trial_will_end", after);
  const moved = after.items.data.length > 0 && firstPeriodEnd(after) !== firstPeriodEnd(before);
  if (moved || after.trial_end !== before.trial_end || after.cancel_at !== before.cancel_at) {
    planLife(act, after);
  }
  if (draft) billNow(act, draft, change.behavior);
  return act.store.find("subscription", after.id) ?? after;
}

/** A trial that ends early without a payment method ends as one that runs out. */
function pausesAfterTrial(act: Act, subscription: Subscription): boolean {
  return (
    subscription.trial_settings?.end_behavior.missing_payment_method === "pause" &&
    !defaultMethod(act, customerOf(act, subscription), subscription)
  );
}

function requireMethod(act: Act, subscription: Subscription): void {
  const sent = subscription.collection_method === "send_invoice";
  if (!sent && !defaultMethod(act, customerOf(act, subscription), subscription)) {
    throw refused(NO_METHOD, { code: "resource_missing" });
  }
}

function trialUntil(
  act: Act,
  subscription: Subscription,
  items: SubscriptionItem[],
  until: number,
): Partial<Subscription> {
  const running = subscription.status === "trialing";
  const data = items.map((item) => ({
    ...item,
    current_period_end: until,
    current_period_start: running ? item.current_period_start : act.now,
  }));
  return {
    billing_cycle_anchor: until,
    ...withItems(subscription, data),
    status: "trialing",
    trial_end: until,
    trial_start: running ? subscription.trial_start : act.now,
  };
}

/** Each item before and after. */
function turn(
  act: Act,
  subscription: Subscription,
  changes: readonly ItemChange[],
  restartsAll: boolean,
): Turned[] {
  const kept = subscription.items.data.map((before): Turned => {
    const change = changes.find(({ id }) => id === before.id);
    if (change?.deleted) return { before, after: undefined, cleared: change.clear_usage, restarts: false };
    const price = change?.price ?? before.price;
    const otherRhythm = rhythmText(price) !== rhythmText(before.price);
    const restarts = restartsAll || (otherRhythm && subscription.status !== "trialing");
    const after: SubscriptionItem = {
      ...before,
      ...(restarts && {
        current_period_end: endOfPeriod(act.now, act.now, price),
        current_period_start: act.now,
      }),
      discounts: change?.discounts ?? before.discounts,
      metadata: change?.metadata ?? before.metadata,
      plan: change?.price ? planOf(price) : before.plan,
      price,
      quantity: isMetered(price) ? undefined : (change?.quantity ?? before.quantity ?? 1),
      tax_rates: change?.taxRates ?? before.tax_rates,
    };
    return { before, after, restarts };
  });
  const added = changes.flatMap((change): Turned[] => {
    const { id, price, quantity = 1, metadata = {}, discounts, taxRates } = change;
    if (id !== undefined || !price) return [];
    const sibling = kept.find(({ after }) => after && rhythmText(after.price) === rhythmText(price))?.after;
    const end = sibling?.current_period_end ?? endOfPeriod(subscription.billing_cycle_anchor, act.now, price);
    const start = sibling?.current_period_start ?? act.now;
    const sold = { price, quantity, discounts, metadata, taxRates };
    return [
      { before: undefined, after: buildItem(act, subscription.id, sold, { start, end }), restarts: false },
    ];
  });
  return [...kept, ...added];
}

/** Credits what was paid for and isn't used, and charges what takes its place. True if there was anything. */
function billProrations(
  act: Act,
  subscription: Subscription,
  turned: readonly Turned[],
  change: Change,
  extended: number | undefined,
): boolean {
  if (change.proration === "none" || !["active", "past_due"].includes(subscription.status)) return false;
  const customer = customerOf(act, subscription);
  const at = change.prorationDate ?? act.now;
  let any = false;
  for (const { before, after, cleared, restarts } of turned) {
    if (cleared) continue;
    if (before && after && !restarts && extended === undefined && !differs(before, after)) continue;
    any = true;
    // What is paid by use was not paid in advance: what was used until now is billed.
    if (before && isMetered(before.price)) {
      if (restarts) billUsage(act, customer, subscription, before, act.now);
      else if (!goesOn(before, after)) billUsage(act, customer, subscription, before, act.now + 1);
    } else if (before) giveBack(act, customer, subscription, before, at);
    if (!after || restarts || extended !== undefined || isMetered(after.price)) continue;
    const share = shareLeft(after, at);
    if (share.left > 0) prorate(act, customer, subscription, after, "Remaining", share, at);
  }
  return any;
}

/** What the same meter goes on counting in the same period is billed as a whole when that is over. */
const goesOn = (before: SubscriptionItem, after: SubscriptionItem | undefined) =>
  before.price.recurring?.meter === after?.price.recurring?.meter;

const differs = (one: SubscriptionItem, other: SubscriptionItem) =>
  one.price.id !== other.price.id || (one.quantity ?? 1) !== (other.quantity ?? 1);

function shareLeft({ current_period_start: start, current_period_end: end }: SubscriptionItem, at: number) {
  return { left: Math.max(0, end - Math.max(at, start)), whole: end - start };
}

const rhythmText = (price: Price) => `${rhythmOf(price).interval_count} ${rhythmOf(price).interval}`;
