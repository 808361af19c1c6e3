import type { Act } from "../act.ts";
import { defaultMethod } from "../billing/attempt.ts";
import { changeSubscription, type ItemChange } from "../billing/change.ts";
import { startSubscription } from "../billing/create.ts";
import { endSubscription } from "../billing/end.ts";
import { billExtra } from "../billing/invoice-item.ts";
import { inTimeOf } from "../billing/own-time.ts";
import { customerOf, type Subscription } from "../billing/subscription.ts";
import type { Kinds } from "../wire.ts";
import type { Phase, Schedule } from "./phases.ts";
import { extrasIn, granted, soldIn, termsOf } from "./terms.ts";

const DAY = 86_400;
/** Before a schedule ends, somebody is told. */
const NOTICE_SECONDS = 7 * DAY;

/** What a timer does at the beginning and at the end of each phase. It looks for itself whether it still holds. */
export function turnPhase(from: Act, id: string): void {
  const schedule = from.store.find("subscription_schedule", id);
  if (!schedule || !["active", "not_started"].includes(schedule.status)) return;
  const act = inTimeOf(from, schedule);
  const next = nextPhase(schedule);
  if (next && next.start_date > act.now) return;
  if (next) enterPhase(act, schedule, next);
  else if ((schedule.current_phase?.end_date ?? 0) <= act.now) finish(act, schedule);
}

/** A schedule that isn't going on will be told of once. */
export function tellExpiring(from: Act, id: string): void {
  const schedule = from.store.find("subscription_schedule", id);
  const end = schedule?.phases.at(-1)?.end_date ?? 0;
  if (schedule?.status !== "active") return;
  const act = inTimeOf(from, schedule);
  if (end - NOTICE_SECONDS <= act.now) act.emit("subscription_schedule.expiring", schedule);
}

/** Begins a phase: the first makes the subscription, each other changes it. */
export function enterPhase(act: Act, schedule: Schedule, phase: Phase): Schedule {
  // Planned before anything the subscription plans, so that at the same moment it comes before a renewal.
  planTurn(act, schedule.id, phase.end_date);
  const last = schedule.phases.at(-1)?.end_date ?? 0;
  if (phase.end_date === last)
    act.plan(Math.max(act.now, last - NOTICE_SECONDS), "schedule.expiring", schedule.id);
  const known = act.store.find("subscription", schedule.subscription ?? "");
  const subscription = known ? changed(act, known, schedule, phase) : begun(act, schedule, phase);
  return act.change(
    schedule,
    {
      current_phase: { end_date: phase.end_date, start_date: phase.start_date },
      status: "active",
      subscription: subscription.id,
    },
    schedule.status === "active" ? "subscription_schedule.updated" : undefined,
  );
}

export function planTurn(act: Act, id: string, at: number): void {
  act.plan(at, "schedule.turn", id);
}

/** Leaves the subscription to itself. */
export function release(act: Act, schedule: Schedule): Schedule {
  const subscription = act.store.find("subscription", schedule.subscription ?? "");
  if (subscription) act.change(subscription, { schedule: null }, "customer.subscription.updated");
  return act.change(
    schedule,
    {
      current_phase: null,
      released_at: act.now,
      released_subscription: schedule.subscription,
      status: "released",
      subscription: null,
    },
    "subscription_schedule.released",
  );
}

/** The phase that follows the running one, or the first. */
export const nextPhase = (schedule: Schedule): Phase | undefined =>
  schedule.phases.find(({ start_date }) => start_date === nextStart(schedule));

function nextStart({ current_phase: current, phases }: Schedule): number | undefined {
  return current === null ? phases[0]?.start_date : current.end_date;
}

function finish(act: Act, schedule: Schedule): void {
  if (schedule.end_behavior !== "cancel") {
    release(act, schedule);
    return;
  }
  const subscription = act.store.find("subscription", schedule.subscription ?? "");
  if (subscription && subscription.status !== "canceled") endSubscription(act, subscription, null);
  act.change(
    schedule,
    { completed_at: act.now, current_phase: null, status: "completed" },
    "subscription_schedule.completed",
  );
}

function begun(act: Act, schedule: Schedule, phase: Phase): Subscription {
  const customer = customerOf(act, schedule);
  const { default_settings: settings } = schedule;
  const method = phase.default_payment_method ?? settings.default_payment_method;
  const payable = method !== null || defaultMethod(act, customer, undefined) !== undefined;
  const subscription = startSubscription(act, {
    // Nobody waits for an answer: without a way to pay, its first invoice is left open.
    behavior: payable ? "allow_incomplete" : "default_incomplete",
    currency: phase.currency,
    customer,
    extras: extrasIn(act, customer, phase),
    fields: {
      ...termsOf(act, customer, schedule, phase),
      billing_mode: schedule.billing_mode,
      default_payment_method: method,
      description: phase.description ?? settings.description,
      discounts: granted(act, customer, phase.discounts),
      metadata: phase.metadata ?? {},
      schedule: schedule.id,
    },
    items: soldIn(act, customer, phase),
    missingMethod: "create_invoice",
    proration: phase.proration_behavior,
    trialEnd: phase.trial_end,
  });
  return subscription;
}

function changed(act: Act, subscription: Subscription, schedule: Schedule, phase: Phase): Subscription {
  if (["canceled", "incomplete_expired"].includes(subscription.status)) return subscription;
  const customer = customerOf(act, subscription);
  const { default_settings: defaults } = schedule;
  // A phase that is planned anew while it runs goes on with its discounts, and sells nothing a second time.
  const enters = schedule.current_phase?.start_date !== phase.start_date;
  const extras = enters ? extrasIn(act, customer, phase) : [];
  for (const extra of extras) billExtra(act, customer, subscription, extra);
  return changeSubscription(act, subscription, {
    anchorNow: enters && (phase.billing_cycle_anchor ?? defaults.billing_cycle_anchor) === "phase_start",
    fields: {
      ...termsOf(act, customer, schedule, phase),
      ...(phase.default_payment_method && { default_payment_method: phase.default_payment_method }),
      ...(phase.description && { description: phase.description }),
      discounts: granted(act, customer, phase.discounts, enters ? [] : subscription.discounts),
      metadata: { ...subscription.metadata, ...phase.metadata },
    },
    items: changesTo(act, customer, subscription, phase, enters),
    proration: phase.proration_behavior,
  });
}

/** Item by item what becomes of the old ones; what a phase has more is added, what it has less is taken away. */
function changesTo(
  act: Act,
  customer: Kinds["customer"],
  { items }: Subscription,
  phase: Phase,
  enters: boolean,
): ItemChange[] {
  const had = enters ? [] : items.data.map(({ discounts }) => discounts);
  const sold = soldIn(act, customer, phase, had);
  const kept = items.data.map(({ id }, place): ItemChange => {
    const item = sold[place];
    return item ? { id, ...item } : { deleted: true, id };
  });
  return [...kept, ...sold.slice(items.data.length)];
}
