import type { Act } from "../act.ts";
import type { Kinds } from "../wire.ts";
import { inTimeOf } from "./own-time.ts";

type Subscription = Kinds["subscription"];
export type CancellationDetails = NonNullable<Subscription["cancellation_details"]>;

export function detailsOf(
  subscription: Subscription,
  given: { comment?: string | undefined; feedback?: string | undefined } | undefined,
  reason: string | null,
): CancellationDetails {
  const old = subscription.cancellation_details;
  const kept = (now: string | undefined, before: string | null | undefined) =>
    now === undefined ? (before ?? null) : now === "" ? null : now;
  return {
    comment: kept(given?.comment, old?.comment),
    feedback: kept(given?.feedback, old?.feedback),
    feedback_option: null,
    reason,
  };
}

/** Ends a subscription at once. What was paid stays paid, and nothing that is still owed is tried for any more. */
export function endSubscription(
  act: Act,
  subscription: Subscription,
  reason: string | null,
  given?: { comment?: string | undefined; feedback?: string | undefined },
  changes: Partial<Subscription> = {},
): Subscription {
  const open = act.store.list(
    "invoice",
    [
      { field: "parent.subscription_details.subscription", is: "=", value: subscription.id },
      { field: "status", is: "in", value: ["draft", "open"] },
    ],
    { limit: 100 },
  );
  for (const invoice of open.data) {
    act.change(invoice, { auto_advance: false, next_payment_attempt: null });
  }
  return act.change(
    subscription,
    {
      ...changes,
      canceled_at: subscription.canceled_at ?? act.now,
      cancellation_details: detailsOf(subscription, given, reason),
      ended_at: act.now,
      status: "canceled",
    },
    "customer.subscription.deleted",
  );
}

/** A customer who is deleted takes their subscriptions along. */
export function endAllOf(from: Act, customer: Kinds["customer"]): void {
  const theirs = { field: "customer", is: "=", value: customer.id } as const;
  for (const subscription of from.store.list("subscription", [theirs], { limit: 100 }).data) {
    if (["canceled", "incomplete_expired"].includes(subscription.status)) continue;
    endSubscription(inTimeOf(from, subscription), subscription, null);
  }
}
