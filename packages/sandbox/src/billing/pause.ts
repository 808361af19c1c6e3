import type { Act } from "../act.ts";
import { refused } from "../api/errors.ts";
import { attempt, tellCharge, tellIntent } from "./attempt.ts";
import { billNow, giveBack } from "./change.ts";
import { conclude, finalize } from "./collect.ts";
import { paymentRefusal } from "./create.ts";
import { draftFor } from "./draft.ts";
import { periodLines } from "./lines.ts";
import { firstPeriodEnd } from "./period.ts";
import { planLife } from "./plan.ts";
import { pauseSubscription } from "./renew.ts";
import { customerOf, endOfPeriod, type Subscription, withItems } from "./subscription.ts";
import { isLicensed } from "./usage.ts";

/** Stops a subscription. What of its time is unused can be given back. */
export function pauseNow(
  act: Act,
  subscription: Subscription,
  how: { unusedFrom: string; invoiced: boolean },
): Subscription {
  if (!["active", "past_due", "trialing"].includes(subscription.status)) {
    throw refused(`A subscription with the status \`${subscription.status}\` can't be paused.`);
  }
  const customer = customerOf(act, subscription);
  if (how.unusedFrom !== "none" && subscription.status !== "trialing") {
    for (const item of subscription.items.data.filter(isLicensed)) {
      const from = how.unusedFrom === "now" ? act.now : item.current_period_start;
      giveBack(act, customer, subscription, item, from);
    }
    if (how.invoiced) {
      const draft = draftFor(act, subscription, {
        reason: "subscription_update",
        lines: () => [],
        waits: false,
      });
      const paused = pauseSubscription(act, { ...subscription, latest_invoice: draft.id }, "pause_requested");
      billNow(act, draft);
      return act.store.find("subscription", paused.id) ?? paused;
    }
  }
  return pauseSubscription(act, subscription, "pause_requested");
}

/** Goes on: with a new period that is paid now, or in the old cycle. */
export function resumeNow(
  act: Act,
  subscription: Subscription,
  how: { anchorNow: boolean; onSuccess: boolean },
): Subscription {
  if (subscription.status !== "paused") {
    throw refused("The subscription is not paused, so it can't be resumed.");
  }
  const { status_details: _, ...rest } = subscription;
  const over = firstPeriodEnd(subscription) <= act.now;
  if (!how.anchorNow && !over) return goOn(act, subscription, rest);
  const anchor = how.anchorNow ? act.now : subscription.billing_cycle_anchor;
  const items = subscription.items.data.map((item) => ({
    ...item,
    current_period_end: endOfPeriod(anchor, act.now, item.price),
    current_period_start: act.now,
  }));
  const next: Subscription = {
    ...rest,
    billing_cycle_anchor: anchor,
    ...withItems(subscription, items),
    status: "active",
  };
  const draft = draftFor(act, next, {
    reason: "subscription_update",
    lines: (id) => periodLines(act.store, id, next, items),
    waits: false,
  });
  const resumed = { ...next, latest_invoice: draft.id };
  const open = finalize(act, draft);
  const tried = attempt(act, open);
  const good = tried.outcome === "paid" || tried.outcome === "nothing_due";
  if (!good && how.onSuccess) throw paymentRefusal(tried);
  goOn(act, subscription, resumed);
  act.emit("invoice.created", draft);
  act.emit("invoice.finalized", open);
  tellCharge(act, tried);
  tellIntent(act, tried);
  conclude(act, open, tried);
  return act.store.find("subscription", subscription.id) ?? resumed;
}

export function pauseCollection(
  act: Act,
  subscription: Subscription,
  wanted: "" | { behavior: string; resumes_at?: number | undefined },
): Subscription["pause_collection"] {
  if (wanted === "") return null;
  const { behavior, resumes_at: resumesAt } = wanted;
  if (resumesAt !== undefined) act.plan(resumesAt, "subscription.collect", subscription.id);
  return { behavior, resumes_at: resumesAt ?? null };
}

function goOn(act: Act, before: Subscription, after: Subscription): Subscription {
  const { status_details: _, ...plain } = after;
  const running: Subscription = { ...plain, status: "active" };
  act.store.update(running);
  act.emit("customer.subscription.resumed", running);
  if (firstPeriodEnd(running) !== firstPeriodEnd(before) || firstPeriodEnd(running) > act.now) {
    planLife(act, running);
  }
  return running;
}
