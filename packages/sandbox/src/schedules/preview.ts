import type { z } from "zod";
import type { Act } from "../act.ts";
import { missing, noSuch } from "../api/errors.ts";
import { hash, list, oneOf } from "../api/params.ts";
import { prorationBehavior } from "../billing/params.ts";
import { firstPeriodEnd } from "../billing/period.ts";
import type { Ahead } from "../billing/preview.ts";
import { billingMode, type Subscription } from "../billing/subscription.ts";
import { enterPhase, nextPhase } from "./life.ts";
import { create, replan } from "./make.ts";
import { billSettings, phase } from "./params.ts";
import type { Schedule } from "./phases.ts";

/** `schedule_details` of a preview: a schedule that isn't there yet, or other phases of one that is. */
export const scheduleDetails = () =>
  hash({
    billing_mode: billingMode().optional(),
    end_behavior: oneOf("cancel", "release").optional(),
    phases: list(
      phase().extend({
        invoice_settings: billSettings()
          .omit({ custom_fields: true, description: true, footer: true })
          .optional(),
      }),
      { max: 50 },
    ).optional(),
    proration_behavior: prorationBehavior(),
  });

interface Asked {
  customer?: string | undefined;
  schedule?: string | undefined;
  schedule_details?: z.output<ReturnType<typeof scheduleDetails>> | undefined;
  subscription?: string | undefined;
}

/** Runs a schedule up to its subscription's next bill, within `store.tried`. Undefined where there is none. */
export function aheadOf(act: Act, asked: Asked): Ahead | undefined {
  const known = knownSchedule(act, asked);
  const before = act.store.find("subscription", known?.subscription ?? "");
  const schedule = asked.schedule_details ? detailed(act, known, asked) : known;
  if (!schedule) return undefined;
  const begun = schedule.subscription ? schedule : beginFirst(act, schedule);
  const subscription = act.store.find("subscription", begun.subscription ?? "");
  if (!subscription) throw noSuch("subscription", begun.subscription ?? "", "schedule");
  const billed = subscription.latest_invoice !== before?.latest_invoice;
  return billed ? { billed, subscription } : turned(act, begun, subscription);
}

function knownSchedule(act: Act, asked: Asked): Schedule | undefined {
  const ofSubscription = act.store.find("subscription", asked.subscription ?? "")?.schedule;
  const known = act.store.find("subscription_schedule", asked.schedule ?? ofSubscription ?? "");
  if (asked.schedule && !known) throw noSuch("subscription schedule", asked.schedule, "schedule");
  return known;
}

/** With the phases that were given: planned anew, or a schedule of its own. */
function detailed(act: Act, known: Schedule | undefined, asked: Asked): Schedule | undefined {
  const { billing_mode, end_behavior, phases, proration_behavior } = asked.schedule_details ?? {};
  if (known) return phases ? replan(act, known, phases, proration_behavior) : known;
  if (!phases?.length) throw missing("schedule_details[phases]");
  const begins = phases[0]?.start_date ?? "now";
  return create(act, { billing_mode, customer: asked.customer, end_behavior, phases, start_date: begins });
}

/** One that hasn't begun begins, at its own moment. */
function beginFirst(act: Act, schedule: Schedule): Schedule {
  const first = nextPhase(schedule);
  return first ? enterPhase(act.at(Math.max(act.now, first.start_date)), schedule, first) : schedule;
}

/** A phase that begins with the next bill, or before it, is on it. */
function turned(act: Act, schedule: Schedule, before: Subscription): Ahead {
  const next = nextPhase(schedule);
  if (!next || next.start_date > firstPeriodEnd(before)) return { billed: false, subscription: before };
  enterPhase(act.at(Math.max(act.now, next.start_date)), schedule, next);
  const subscription = act.store.find("subscription", before.id) ?? before;
  return { billed: subscription.latest_invoice !== before.latest_invoice, subscription };
}
