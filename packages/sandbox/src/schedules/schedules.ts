import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { refused } from "../api/errors.ts";
import { boolean, hash } from "../api/params.ts";
import { createdWithin, is, isWithin, leavesNothing, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { cancelSubscription } from "../billing/change.ts";
import { inTimeOf } from "../billing/own-time.ts";
import type { Filter } from "../listing.ts";
import { release } from "./life.ts";
import { adopt, create, replan } from "./make.ts";
import { createParams, updateParams } from "./params.ts";
import type { Schedule } from "./phases.ts";
import { defaultsOf } from "./settings.ts";

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
      const changes: Partial<Schedule> = {
        default_settings: defaultsOf(schedule.default_settings, params.default_settings),
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
