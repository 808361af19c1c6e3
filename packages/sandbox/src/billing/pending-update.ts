import type { Act } from "../act.ts";
import type { Kinds } from "../wire.ts";
import { planLife } from "./plan.ts";

type Subscription = Kinds["subscription"];

/** Hours that the customer has to pay for a change that waits for its payment. */
const WAITING_HOURS = 23;
const NOTE = "pending_update";

/** What is changed once its invoice is paid. */
interface Waiting {
  invoice: string;
  fields: Partial<Subscription>;
}

/** Keeps a change until its invoice is paid, and shows what it will be. Nothing else changes meanwhile. */
export function holdUpdate(
  act: Act,
  subscription: Subscription,
  fields: Partial<Subscription>,
  invoice: string,
): Subscription {
  const expires_at = act.now + WAITING_HOURS * 3_600;
  act.store.setNote(subscription.id, NOTE, JSON.stringify({ fields, invoice } satisfies Waiting));
  act.plan(expires_at, "subscription.pending_update", subscription.id);
  const changed = (name: keyof Subscription) =>
    fields[name] !== undefined && fields[name] !== subscription[name];
  return act.change(
    subscription,
    {
      latest_invoice: invoice,
      pending_update: {
        billing_cycle_anchor: changed("billing_cycle_anchor") ? (fields.billing_cycle_anchor ?? null) : null,
        cancel_at_period_end: null,
        discount: null,
        discounts: null,
        expires_at,
        metadata: null,
        subscription_items: fields.items?.data ?? null,
        trial_end: changed("trial_end") ? (fields.trial_end ?? null) : null,
        trial_from_plan: null,
      },
    },
    "customer.subscription.updated",
  );
}

/** Whether this invoice decides about a change that waits. */
export function decidesUpdate(act: Act, subscription: Subscription, invoice: string): boolean {
  return subscription.pending_update !== null && waitingOf(act, subscription)?.invoice === invoice;
}

/** The invoice is paid: now the change is made. */
export function applyUpdate(act: Act, subscription: Subscription): void {
  const waiting = waitingOf(act, subscription);
  if (!waiting) return;
  const changes = { ...waiting.fields, pending_update: null };
  const applied = act.change(subscription, changes, "customer.subscription.updated");
  act.emit("customer.subscription.pending_update_applied", applied);
  planLife(act, applied);
}

export function waitingOf(act: Act, subscription: Subscription): Waiting | null {
  const note = act.store.note(subscription.id, NOTE);
  return note === undefined ? null : JSON.parse(note);
}
