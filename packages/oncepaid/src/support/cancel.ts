import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { isOver } from "#/rules/subscription-state.ts";
import { type Asking, act, type Call, type LockedOrder } from "#/support/action.ts";
import { carryOutNow } from "#/support/carry-out.ts";

export type CancelRequest = Asking & { when: "now" | "period_end" };

const NO_SUBSCRIPTION = failure("no_subscription", "This order has no plan that could be canceled.");

/** Ends the plan of an order. `asked`: Stripe couldn't be reached, and a job goes on asking. */
export async function cancel(
  engine: Engine,
  orderId: string,
  { when, ...asking }: CancelRequest,
): Promise<{ ok: true; state: "asked" | "made" } | Failure> {
  const request = { what: "cancel" as const, asked: { when, note: asking.note }, ...asking };
  const written = await act(engine, orderId, request, async (_, order) => decide(order, when));
  if (!written.ok) return written;
  const { doneAt, refused } = await carryOutNow(engine, written.action);
  if (refused !== null) return failure("refused_by_stripe", refused);
  return { ok: true, state: doneAt === null ? "asked" : "made" };
}

function decide({ subscription, facts }: LockedOrder, when: CancelRequest["when"]): Call | Failure {
  if (subscription === null) return NO_SUBSCRIPTION;
  const known = facts.subscriptions[subscription];
  return known && isOver(known.status)
    ? failure("plan_ended", "This plan has ended.")
    : { do: "cancel", subscription, when };
}
