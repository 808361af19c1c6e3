import type { Act } from "../act.ts";
import { emit } from "../events/emit.ts";
import type { Kinds } from "../wire.ts";
import { defaultMethod } from "./attempt.ts";
import { cancelPayment, finalize, settle, unapplyBalance } from "./collect.ts";
import { lasting } from "./discounts.ts";
import { draftFor } from "./draft.ts";
import { endSubscription } from "./end.ts";
import { periodLines, usageLines } from "./lines.ts";
import { inTimeOf } from "./own-time.ts";
import { firstPeriodEnd } from "./period.ts";
import { planPeriod, TRIAL_NOTICE } from "./plan.ts";
import { rulesOf } from "./rules.ts";
import { customerOf, endOfPeriod, type Subscription, subscriptionOf, withItems } from "./subscription.ts";
import { isMetered } from "./usage.ts";

type Invoice = Kinds["invoice"];

const DAY = 86_400;

/** Three days before a trial ends, or at once when it is shorter. */
export function tellTrialEnds(from: Act, id: string): void {
  const subscription = from.store.find("subscription", id);
  if (subscription?.status !== "trialing" || subscription.trial_end === null) return;
  const act = inTimeOf(from, subscription);
  if (subscription.trial_end - TRIAL_NOTICE > act.now) return;
  if (isFirst(act, id, "trial_notice", subscription.trial_end)) {
    act.emit("customer.subscription.trial_will_end", subscription);
  }
}

/** Some days before a renewal: what it is going to cost. That invoice does not exist yet, and has no id. */
export function tellUpcoming(from: Act, id: string): void {
  const subscription = from.store.find("subscription", id);
  if (!subscription || !["active", "past_due", "trialing"].includes(subscription.status)) return;
  const end = firstPeriodEnd(subscription);
  if (subscription.cancel_at !== null && subscription.cancel_at <= end) return;
  const act = inTimeOf(from, subscription);
  const notice = end - rulesOf(act.store).upcoming_days * DAY;
  if (notice > act.now) {
    act.plan(notice, "subscription.upcoming", id);
    return;
  }
  if (!isFirst(act, id, "upcoming", end)) return;
  const { id: _, ...upcoming } = act.store.tried(() => nextInvoice(act, subscription));
  // What JSON leaves out is not sent.
  emit(act, "invoice.upcoming", JSON.parse(JSON.stringify(upcoming)));
}

/** Notices are planned anew with every change of a period, and given once. */
function isFirst(act: Act, id: string, notice: string, about: number): boolean {
  if (act.store.note(id, notice) === String(about)) return false;
  act.store.setNote(id, notice, String(about));
  return true;
}

/** The invoice that the end of the running period will bring. Run it within `store.tried`. */
export function nextInvoice(act: Act, subscription: Subscription): Invoice {
  const end = firstPeriodEnd(subscription);
  const then = act.at(end);
  const rolled: Subscription = {
    ...subscription,
    ...rolledItems(subscription, end),
    status: subscription.status === "trialing" ? "active" : subscription.status,
  };
  const draft = cycleDraft(then, subscription, rolled);
  return { ...draft, automatically_finalizes_at: null, billing_reason: "upcoming", created: end };
}

/** The end of a period: of the subscription, if that was wanted, of its trial, or just of the month that was paid. */
export function endPeriod(from: Act, id: string): void {
  const subscription = from.store.find("subscription", id);
  if (!subscription) return;
  const act = inTimeOf(from, subscription);
  if (firstPeriodEnd(subscription) > act.now) return;
  const { cancel_at: cancelAt, status } = subscription;
  if (cancelAt !== null && cancelAt <= act.now) endIfCanceled(from, id);
  else if (status === "trialing") endTrial(act, subscription);
  else if (["active", "past_due", "unpaid"].includes(status)) renew(act, subscription, {});
}

/** A subscription that was to be canceled by now. Others go on. */
export function endIfCanceled(from: Act, id: string): void {
  const subscription = from.store.find("subscription", id);
  if (!subscription || subscription.cancel_at === null) return;
  if (["canceled", "incomplete_expired"].includes(subscription.status)) return;
  const act = inTimeOf(from, subscription);
  if (subscription.cancel_at > act.now) return;
  const used = subscription.items.data.filter(({ price }) => isMetered(price));
  const ended = endSubscription(act, subscription, "cancellation_requested");
  if (used.length > 0) billLastUsage(act, subscription, ended, used);
}

/** What was used until the end is billed after it. */
function billLastUsage(
  act: Act,
  before: Subscription,
  ended: Subscription,
  used: Subscription["items"]["data"],
): void {
  const draft = draftFor(act, ended, {
    reason: "subscription_cycle",
    lines: (invoice) => usageLines(act.store, invoice, before, used, act.now),
    waits: true,
    period: { start: used[0]?.current_period_start ?? act.now, end: act.now },
  });
  act.change(ended, { latest_invoice: draft.id });
  act.emit("invoice.created", draft);
}

/** A first payment that didn't come within its 23 hours. */
export function expireIncomplete(from: Act, id: string): void {
  const subscription = from.store.find("subscription", id);
  if (subscription?.status !== "incomplete") return;
  const act = inTimeOf(from, subscription);
  act.change(
    subscription,
    { ended_at: act.now, status: "incomplete_expired" },
    "customer.subscription.updated",
  );
  const invoice = act.store.find("invoice", subscription.latest_invoice ?? "");
  if (invoice?.status === "open") voidInvoice(act, invoice);
}

export function voidInvoice(act: Act, invoice: Invoice): Invoice {
  const gone = act.change(
    invoice,
    {
      amount_remaining: invoice.amount_due,
      auto_advance: false,
      next_payment_attempt: null,
      status: "void",
      status_transitions: { ...invoice.status_transitions, voided_at: act.now },
    },
    "invoice.voided",
  );
  cancelPayment(act, gone);
  unapplyBalance(act, gone);
  return gone;
}

/** The end of the time in which payments were put off. */
export function resumeCollection(from: Act, id: string): void {
  const subscription = from.store.find("subscription", id);
  const resumesAt = subscription?.pause_collection?.resumes_at;
  if (!subscription || resumesAt === null || resumesAt === undefined) return;
  const act = inTimeOf(from, subscription);
  if (resumesAt <= act.now)
    act.change(subscription, { pause_collection: null }, "customer.subscription.updated");
}

function endTrial(act: Act, subscription: Subscription): void {
  const missing = subscription.trial_settings?.end_behavior.missing_payment_method;
  const payable =
    subscription.collection_method === "send_invoice" ||
    defaultMethod(act, customerOf(act, subscription), subscription) !== undefined;
  if (!payable && missing === "cancel") {
    endSubscription(act, subscription, null);
    return;
  }
  if (!payable && missing === "pause") {
    pauseSubscription(act, subscription, "trial_end_without_payment_method");
    return;
  }
  renew(act, subscription, { status: "active" });
}

export function pauseSubscription(act: Act, subscription: Subscription, type: string): Subscription {
  const paused = { subscription: { type }, transitioned_at: act.now, type: "subscription" };
  return act.change(
    subscription,
    { status: "paused", status_details: { paused } },
    "customer.subscription.paused",
  );
}

/** The next period begins: its invoice waits an hour as a draft before it is charged. */
function renew(act: Act, subscription: Subscription, changes: Partial<Subscription>): void {
  const still = lasting(act, subscription.discounts);
  const rolled = {
    ...subscription,
    ...changes,
    discounts: still.map(({ id }) => id),
    ...rolledItems(subscription, act.now),
  };
  const draft = cycleDraft(act, subscription, rolled);
  const unpaid = rolled.status === "unpaid";
  const paused = rolled.pause_collection;
  const renewed = act.change(
    subscription,
    {
      ...changes,
      discounts: rolled.discounts,
      items: rolled.items,
      latest_invoice: draft.id,
      plan: rolled.plan,
      quantity: rolled.quantity,
    },
    "customer.subscription.updated",
  );
  const held = unpaid || paused !== null;
  const kept = held
    ? act.change(draft, { auto_advance: false, automatically_finalizes_at: null, next_payment_attempt: null })
    : draft;
  act.emit("invoice.created", kept);
  planPeriod(act, renewed);
  if (paused?.behavior === "void" || paused?.behavior === "mark_uncollectible")
    setAside(act, kept, paused.behavior);
}

/** An invoice of a time in which nothing is collected. */
function setAside(act: Act, draft: Invoice, behavior: string): void {
  const open = finalize(act, draft);
  act.emit("invoice.finalized", open);
  if (open.amount_due === 0) settle(act, open, { tries: 0 });
  else if (behavior === "void") voidInvoice(act, open);
  else markUncollectible(act, open);
}

/** A debt that is written off no longer keeps its subscription behind. */
export function markUncollectible(act: Act, invoice: Invoice): Invoice {
  const given = act.change(
    invoice,
    {
      auto_advance: false,
      next_payment_attempt: null,
      status: "uncollectible",
      status_transitions: { ...invoice.status_transitions, marked_uncollectible_at: act.now },
    },
    "invoice.marked_uncollectible",
  );
  const subscription = subscriptionOf(act, given);
  const latest = subscription?.latest_invoice === given.id;
  if (subscription && latest && ["past_due", "unpaid"].includes(subscription.status)) {
    act.change(subscription, { status: "active" }, "customer.subscription.updated");
  }
  return given;
}

function cycleDraft(act: Act, before: Subscription, rolled: Subscription): Invoice {
  const due = rolled.items.data.filter((item) => item.current_period_start === act.now);
  const over = before.items.data.filter((item) => item.current_period_end <= act.now);
  const [old] = over;
  return draftFor(act, rolled, {
    reason: "subscription_cycle",
    lines: (invoice) => [
      ...usageLines(act.store, invoice, before, over, act.now),
      ...periodLines(act.store, invoice, rolled, due),
    ],
    waits: true,
    period: { start: old?.current_period_start ?? act.now, end: act.now },
  });
}

/** Items whose period has ended begin the next one. */
function rolledItems(subscription: Subscription, now: number): ReturnType<typeof withItems> {
  return withItems(
    subscription,
    subscription.items.data.map((item) =>
      item.current_period_end > now
        ? item
        : {
            ...item,
            current_period_end: endOfPeriod(subscription.billing_cycle_anchor, now, item.price),
            current_period_start: now,
          },
    ),
  );
}
