import type { Act } from "../act.ts";
import { periodAfter } from "../catalog/period.ts";
import { draftFor, pendingItems } from "./draft.ts";
import { inTimeOf } from "./own-time.ts";
import { planPendingItems } from "./plan.ts";
import type { Subscription } from "./subscription.ts";

/** Bills what waits, if anything does, and plans the next time. */
export function billPendingItems(from: Act, id: string): void {
  const subscription = from.store.find("subscription", id);
  const { next_pending_invoice_item_invoice: due, pending_invoice_item_interval: rhythm } =
    subscription ?? {};
  if (!subscription || !due || !rhythm) return;
  const act = inTimeOf(from, subscription);
  if (due > act.now || !["active", "past_due", "trialing"].includes(subscription.status)) return;
  const draft = pendingItems(act, subscription).length > 0 ? billed(act, subscription) : null;
  const after = act.change(
    subscription,
    {
      ...(draft && { latest_invoice: draft.id }),
      next_pending_invoice_item_invoice: periodAfter(due, rhythm),
    },
    "customer.subscription.updated",
  );
  if (draft) act.emit("invoice.created", draft);
  planPendingItems(act, after);
}

const billed = (act: Act, subscription: Subscription) =>
  draftFor(act, subscription, {
    lines: () => [],
    period: { end: act.now, start: act.now },
    reason: "subscription_update",
    waits: true,
  });
