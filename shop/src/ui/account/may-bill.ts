import type { EntitlementView } from "oncepaid";

/**
 * Whether Stripe may still ask for a plan's money. Where only our access has ended, after a lost dispute or an unpaid
 * renewal, the subscription goes on: its owner has to be able to stop it, or to pay what is open.
 */
export function mayBill({ state, reason }: Pick<EntitlementView, "state" | "reason">): boolean {
  return state !== "ended" || (reason !== "subscription_canceled" && reason !== "plan_changed");
}
