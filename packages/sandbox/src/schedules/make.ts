import type { z } from "zod";
import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { invalid, missing, noSuch } from "../api/errors.ts";
import { checkCurrency } from "../billing/one-currency.ts";
import { inTimeOf } from "../billing/own-time.ts";
import { firstPeriodEnd } from "../billing/period.ts";
import { billingModeOf, type Subscription } from "../billing/subscription.ts";
import { longId } from "../ids.ts";
import { enterPhase, planTurn } from "./life.ts";
import type { createParams } from "./params.ts";
import { momentOf, type Phase, phasesFrom, type Schedule } from "./phases.ts";
import { defaultsFrom, defaultsOf, NO_DEFAULTS } from "./settings.ts";

type Given = z.output<typeof createParams>;

/** A schedule for a customer, whose first phase begins now or later. */
export function create(given: Act, params: Given): Schedule {
  if (!params.customer) throw missing("customer");
  const customer = given.store.find("customer", params.customer);
  if (!customer) throw noSuch("customer", params.customer, "customer");
  if (!params.phases?.length) throw missing("phases");
  const act = inTimeOf(given, customer);
  const start = momentOf(act, params.start_date ?? "now");
  const phases = phasesFrom(act, params.phases, start);
  for (const { currency } of phases) checkCurrency(act, customer, currency);
  const schedule = act.create(buildSchedule(act, params, customer, phases));
  const [first] = phases;
  const begun = first && start <= act.now ? enterPhase(act, schedule, first) : schedule;
  if (begun === schedule) planTurn(act, schedule.id, start);
  act.emit("subscription_schedule.created", begun);
  return begun;
}

/** Puts a subscription that is running under a schedule, whose only phase is its running period. */
export function adopt(given: Act, params: Given): Schedule {
  const id = params.from_subscription ?? "";
  const subscription = given.store.find("subscription", id);
  if (!subscription) throw noSuch("subscription", id, "from_subscription");
  if (params.phases || params.customer) {
    const param = params.phases ? "phases" : "customer";
    throw invalid(`You cannot pass \`${param}\` with \`from_subscription\`.`, param);
  }
  if (subscription.schedule) {
    const problem = "You cannot migrate a subscription that is already attached to a schedule.";
    throw invalid(problem, "from_subscription");
  }
  const act = inTimeOf(given, subscription);
  const phase = phaseOf(act, subscription);
  const customer = act.store.find("customer", subscription.customer);
  const blank = buildSchedule(act, params, { id: subscription.customer, test_clock: customer?.test_clock }, [
    phase,
  ]);
  const schedule = act.create<Schedule>(
    {
      ...blank,
      billing_mode: subscription.billing_mode,
      current_phase: { end_date: phase.end_date, start_date: phase.start_date },
      default_settings: defaultsOf(defaultsFrom(subscription), params.default_settings),
      status: "active",
      subscription: subscription.id,
    },
    "subscription_schedule.created",
  );
  act.change(subscription, { schedule: schedule.id }, "customer.subscription.updated");
  planTurn(act, schedule.id, phase.end_date);
  return schedule;
}

function phaseOf(act: Act, subscription: Subscription): Phase {
  const items = subscription.items.data.map(({ discounts, metadata, price, quantity, tax_rates: rates }) => ({
    discounts: asNames(discounts),
    metadata,
    price: price.id,
    quantity: quantity ?? 1,
    tax_rates: rates?.map(({ id }) => id),
  }));
  const start = Math.min(...subscription.items.data.map(({ current_period_start }) => current_period_start));
  const running = {
    discounts: asNames(subscription.discounts),
    end_date: firstPeriodEnd(subscription),
    items,
    start_date: start,
  };
  const [phase] = phasesFrom(act, [running], start);
  if (!phase) throw new Error("a subscription always has items");
  return {
    ...phase,
    collection_method: subscription.collection_method,
    default_tax_rates: subscription.default_tax_rates,
    trial_end: subscription.trial_end,
  };
}

const asNames = (ids: readonly string[]) => ids.map((discount) => ({ discount }));

/** Other phases from here on. The running one may end on another day and sell something else, at once. */
export function replan(
  act: Act,
  schedule: Schedule,
  given: NonNullable<Given["phases"]>,
  proration: string | undefined,
): Schedule {
  const start = schedule.current_phase?.start_date ?? schedule.phases[0]?.start_date ?? act.now;
  const phases = phasesFrom(act, given, start);
  const running = phases.find(({ end_date, start_date }) => start_date <= act.now && end_date > act.now);
  if (schedule.current_phase && !running) {
    throw invalid("The phases must include the one that is running now.", "phases");
  }
  const planned = { ...schedule, phases };
  if (!schedule.current_phase || !running) {
    planTurn(act, schedule.id, phases[0]?.start_date ?? act.now);
    return act.change(schedule, planned, "subscription_schedule.updated");
  }
  return enterPhase(act, planned, {
    ...running,
    proration_behavior: proration ?? running.proration_behavior,
  });
}

function buildSchedule(
  act: Act,
  params: Given,
  customer: { id: string; test_clock?: string | null | undefined },
  phases: Phase[],
): Schedule {
  return {
    id: longId("sub_sched"),
    object: "subscription_schedule",
    application: null,
    billing_mode: billingModeOf(params.billing_mode ?? { type: "flexible" }, act.now),
    canceled_at: null,
    completed_at: null,
    created: act.now,
    current_phase: null,
    customer: customer.id,
    customer_account: null,
    default_settings: defaultsOf(NO_DEFAULTS, params.default_settings),
    end_behavior: params.end_behavior ?? "release",
    livemode: false,
    metadata: mergeMetadata(null, params.metadata),
    pause_schedules: [],
    phases,
    released_at: null,
    released_subscription: null,
    status: "not_started",
    subscription: null,
    test_clock: customer.test_clock ?? null,
  };
}
