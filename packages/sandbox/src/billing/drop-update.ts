import type { Act } from "../act.ts";
import type { Kinds } from "../wire.ts";
import { inTimeOf } from "./own-time.ts";
import { waitingOf } from "./pending-update.ts";
import { voidInvoice } from "./renew.ts";

type Subscription = Kinds["subscription"];

/** A change that waited for its payment is given up, and so is its invoice. */
export function dropUpdate(act: Act, subscription: Subscription): Subscription {
  const invoice = act.store.find("invoice", waitingOf(act, subscription)?.invoice ?? "");
  if (invoice?.status === "open") voidInvoice(act, invoice);
  return act.change(subscription, { pending_update: null }, "customer.subscription.updated");
}

/** Nobody paid in time. */
export function expireUpdate(from: Act, id: string): void {
  const subscription = from.store.find("subscription", id);
  if (!subscription?.pending_update) return;
  const act = inTimeOf(from, subscription);
  if (subscription.pending_update.expires_at > act.now) return;
  act.emit("customer.subscription.pending_update_expired", dropUpdate(act, subscription));
}
