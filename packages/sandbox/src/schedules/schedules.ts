import type { z } from "zod";
import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, missing, noSuch, refused } from "../api/errors.ts";
import { boolean, hash } from "../api/params.ts";
import { createdWithin, is, isWithin, leavesNothing, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { cancelSubscription } from "../billing/change.ts";
import { inTimeOf } from "../billing/own-time.ts";
import { firstPeriodEnd } from "../billing/period.ts";
import { billingModeOf, type Subscription } from "../billing/subscription.ts";
import { longId } from "../ids.ts";
import type { Filter } from "../listing.ts";
import { cleared, mergeMetadata } from "../resources/changes.ts";
import { enterPhase, planTurn, release } from "./life.ts";
import { createParams, updateParams } from "./params.ts";
import { momentOf, type Phase, phasesFrom, type Schedule } from "./phases.ts";

const PATH = "/v1/subscription_schedules";

const scheduleAt = (act: Act, id?: string) =>
  stored(act, "subscription_schedule", id, { as: "subscription schedule" });

/** The schedule, and the act at its time; refused when it is over. */
function runningAt(given: Act, id: string | undefined, doing: string) {
  const schedule = scheduleAt(given, id);
  if (!["active", "not_started"].includes(schedule.status)) {
    throw refused(`You cannot ${doing} a subscription schedule that is \`${schedule.status}\`.`);
  }
  return { act: inTimeOf(given, schedule), schedule };
}

const inScope = () =>
  boolean()
    .transform((scheduled): Filter[] =>
      scheduled ? [{ field: "status", is: "=", value: "not_started" }] : [],
    )
    .optional();

export const subscriptionSchedules = [
  endpoint({
    method: "POST",
    path: PATH,
    creates: true,
    params: createParams,
    run: (act, params) => (params.from_subscription ? adopt(act, params) : create(act, params)),
  }),
  listRoute({
    kind: "subscription_schedule",
    path: PATH,
    by: {
      canceled_at: isWithin("canceled_at"),
      completed_at: isWithin("completed_at"),
      created: createdWithin(),
      customer: is("customer"),
      customer_account: leavesNothing(),
      released_at: isWithin("released_at"),
      scheduled: inScope(),
    },
  }),
  retrieveRoute(`${PATH}/:id`, scheduleAt),
  endpoint({
    method: "POST",
    path: `${PATH}/:id`,
    params: updateParams,
    run(given, params, { id }) {
      const { act, schedule } = runningAt(given, id, "update");
      const settings = params.default_settings;
      const old = schedule.default_settings;
      const changes: Partial<Schedule> = {
        default_settings: {
          ...old,
          default_payment_method: cleared(settings?.default_payment_method, old.default_payment_method),
          description: cleared(settings?.description, old.description),
        },
        end_behavior: params.end_behavior ?? schedule.end_behavior,
        metadata: mergeMetadata(schedule.metadata, params.metadata),
      };
      if (!params.phases) return act.change(schedule, changes, "subscription_schedule.updated");
      return replan(act, { ...schedule, ...changes }, params.phases, params.proration_behavior);
    },
  }),
  endpoint({
    method: "POST",
    path: `${PATH}/:id/release`,
    params: hash({ preserve_cancel_date: boolean().optional() }),
    run(given, params, { id }) {
      const { act, schedule } = runningAt(given, id, "release");
      const subscription = act.store.find("subscription", schedule.subscription ?? "");
      if (subscription && params.preserve_cancel_date !== true && subscription.cancel_at !== null) {
        act.change(subscription, { cancel_at: null, cancel_at_period_end: false, canceled_at: null });
      }
      return release(act, schedule);
    },
  }),
  endpoint({
    method: "POST",
    path: `${PATH}/:id/cancel`,
    params: hash({ invoice_now: boolean().optional(), prorate: boolean().optional() }),
    run(given, params, { id }) {
      const { act, schedule } = runningAt(given, id, "cancel");
      const subscription = act.store.find("subscription", schedule.subscription ?? "");
      if (subscription && subscription.status !== "canceled") {
        const { invoice_now: invoiceNow = true, prorate = true } = params;
        cancelSubscription(act, subscription, { invoiceNow, prorate });
      }
      return act.change(
        schedule,
        { canceled_at: act.now, current_phase: null, status: "canceled" },
        "subscription_schedule.canceled",
      );
    },
  }),
];

type Given = z.output<typeof createParams>;

function create(given: Act, params: Given): Schedule {
  if (!params.customer) throw missing("customer");
  const customer = given.store.find("customer", params.customer);
  if (!customer) throw noSuch("customer", params.customer, "customer");
  if (!params.phases?.length) throw missing("phases");
  const act = inTimeOf(given, customer);
  const start = momentOf(act, params.start_date ?? "now");
  const phases = phasesFrom(act, params.phases, start);
  const schedule = act.create(buildSchedule(act, params, customer, phases));
  const [first] = phases;
  const begun = first && start <= act.now ? enterPhase(act, schedule, first) : schedule;
  if (begun === schedule) planTurn(act, schedule.id, start);
  act.emit("subscription_schedule.created", begun);
  return begun;
}

/** Puts a subscription that is running under a schedule, whose only phase is its running period. */
function adopt(given: Act, params: Given): Schedule {
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
  const items = subscription.items.data.map(({ metadata, price, quantity }) => ({
    metadata,
    price: price.id,
    quantity: quantity ?? 1,
  }));
  const start = Math.min(...subscription.items.data.map(({ current_period_start }) => current_period_start));
  const [phase] = phasesFrom(act, [{ end_date: firstPeriodEnd(subscription), items }], start);
  if (!phase) throw new Error("a subscription always has items");
  return { ...phase, trial_end: subscription.trial_end };
}

/** Other phases from here on. The running one may end on another day and sell something else, at once. */
function replan(
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
    default_settings: {
      application_fee_percent: null,
      automatic_tax: { disabled_reason: null, enabled: false, liability: null },
      billing_cycle_anchor: "automatic",
      billing_thresholds: null,
      collection_method: "charge_automatically",
      default_payment_method: params.default_settings?.default_payment_method ?? null,
      description: params.default_settings?.description ?? null,
      invoice_settings: {
        account_tax_ids: null,
        custom_fields: null,
        days_until_due: null,
        description: null,
        footer: null,
        issuer: { type: "self" },
      },
      on_behalf_of: null,
      transfer_data: null,
    },
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
