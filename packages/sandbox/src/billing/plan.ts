import type { Act } from "../act.ts";
import type { Kinds } from "../wire.ts";
import { inTimeOf } from "./own-time.ts";
import { rulesOf } from "./rules.ts";

type Subscription = Kinds["subscription"];

const DAY = 86_400;
/** Seconds before a trial's end that its customer is told. */
export const TRIAL_NOTICE = 3 * DAY;
/** Hours a first payment may take. */
const INCOMPLETE_HOURS = 23;

/**
 * Plans what time does to a subscription from here on: once when it begins, and again whenever a change moves the end
 * of its period. What is planned looks for itself whether it still holds, so nothing is ever taken back.
 */
export function planLife(from: Act, subscription: Subscription): void {
  const act = inTimeOf(from, subscription);
  const { id, status, trial_end: trialEnd, cancel_at: cancelAt } = subscription;
  if (status === "incomplete") act.plan(act.now + INCOMPLETE_HOURS * 3_600, "subscription.expire", id);
  if (status === "trialing" && trialEnd !== null) {
    act.plan(Math.max(act.now, trialEnd - TRIAL_NOTICE), "subscription.trial_ends_soon", id);
  }
  if (cancelAt !== null) act.plan(cancelAt, "subscription.end", id);
  planPeriod(act, subscription);
  planPendingItems(act, subscription);
}

/** When what waits to be billed is billed, where that isn't left to the renewals. */
export function planPendingItems(
  act: Act,
  { id, next_pending_invoice_item_invoice: next }: Subscription,
): void {
  if (next) act.plan(next, "subscription.pending_items", id);
}

/** The end of the running period, and the notice before it. A notice whose time has passed is not given. */
export function planPeriod(act: Act, subscription: Subscription): void {
  const { id, items } = subscription;
  if (items.data.length === 0) return;
  const end = Math.min(...items.data.map((item) => item.current_period_end));
  const notice = end - rulesOf(act.store).upcoming_days * DAY;
  if (notice > act.now) act.plan(notice, "subscription.upcoming", id);
  act.plan(end, "subscription.period", id);
}
