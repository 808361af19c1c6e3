import type { Act } from "../act.ts";
import { minimumOf } from "../money.ts";
import { countryOf } from "../tax/location.ts";
import type { Kinds } from "../wire.ts";
import {
  type Attempt,
  attempt,
  intentOf,
  invoiceOfIntent,
  knownIntentOf,
  methodOf,
  tellCharge,
  tellIntent,
} from "./attempt.ts";
import { enterBalance } from "./balance-ledger.ts";
import { spend } from "./discounts.ts";
import { endSubscription } from "./end.ts";
import { openInvoice, totalled } from "./invoice.ts";
import { inTimeOf } from "./own-time.ts";
import { applyUpdate, decidesUpdate } from "./pending-update.ts";
import { rulesOf } from "./rules.ts";
import { customerOf, subscriptionOf } from "./subscription.ts";

type Invoice = Kinds["invoice"];
type Subscription = Kinds["subscription"];

const DAY = 86_400;
/** Where nobody said how long its customer has. */
const DAYS_UNTIL_DUE = 30;
/** Seconds until the link between an invoice and its payment is announced. */
const ANNOUNCEMENT_DELAY = 2;

export interface Collected {
  invoice: Invoice;
  tried: Attempt;
}

/** From draft to open: the number is given, and the customer's balance is counted in. Tells nobody. */
export function finalize(act: Act, given: Invoice): Invoice {
  const customer = customerOf(act, given);
  const draft = retaxed(act, given, customer);
  const { total, currency } = draft;
  const before = customer.balance;
  const due = Math.max(0, total > 0 ? total + before : 0);
  // Too little to be charged: it is owed with the next invoice.
  const tooLittle =
    due > 0 && due < minimumOf(currency) && draft.collection_method === "charge_automatically";
  const amountDue = tooLittle ? 0 : due;
  const after = before + total - amountDue;
  const open = act.change(openInvoice(act, draft, customer), {
    amount_due: amountDue,
    amount_remaining: amountDue,
    due_date: draft.due_date ?? dueDateOf(act, draft),
    automatically_finalizes_at: null,
    ending_balance: after,
    next_payment_attempt: null,
    starting_balance: before,
  });
  spend(act, open);
  const sequence = { next_invoice_sequence: (customer.next_invoice_sequence ?? 1) + 1 };
  const known = act.store.find("customer", customer.id);
  if (known && after !== before) {
    const type = tooLittle ? "invoice_too_small" : "applied_to_invoice";
    const changed = act.change(known, { ...sequence, balance: after }, "customer.updated");
    enterBalance(act, changed, { amount: after - before, currency, invoice: open.id, type });
  } else if (known) act.change(known, sequence);
  if (open.due_date !== null) act.plan(open.due_date, "invoice.overdue", open.id);
  return open;
}

/** Automatic tax is computed once more; without knowing where the customer is, it is given up. */
function retaxed(act: Act, draft: Invoice, customer: Kinds["customer"]): Invoice {
  if (!draft.automatic_tax.enabled) return draft;
  const known = countryOf(act.store, customer) !== null;
  const reason = "finalization_requires_location_inputs";
  const automatic_tax = known
    ? draft.automatic_tax
    : { ...draft.automatic_tax, disabled_reason: reason, enabled: false };
  const current = { ...draft, automatic_tax, customer_address: customer.address ?? null };
  return totalled(act.store, current, draft.lines.data, customer.balance);
}

function dueDateOf(act: Act, draft: Invoice): number | null {
  if (draft.collection_method !== "send_invoice") return null;
  return act.now + (subscriptionOf(act, draft)?.days_until_due ?? DAYS_UNTIL_DUE) * DAY;
}

/** The end of an invoice's time as a draft, unless somebody finalized it before, or it was told to wait. */
export function finalizeWhenDue(from: Act, id: string): void {
  const draft = from.store.find("invoice", id);
  if (draft?.status !== "draft" || !draft.auto_advance) return;
  const act = inTimeOf(from, draft);
  // It was put off since this was planned.
  if ((draft.automatically_finalizes_at ?? 0) > act.now) return;
  const open = finalize(act, draft);
  act.emit("invoice.finalized", open);
  if (open.collection_method === "send_invoice" && open.amount_due > 0) act.emit("invoice.sent", open);
  else collect(act, open);
}

export function retryWhenDue(from: Act, id: string): void {
  const invoice = from.store.find("invoice", id);
  if (invoice?.status !== "open" || invoice.next_payment_attempt === null) return;
  const act = inTimeOf(from, invoice);
  if (invoice.next_payment_attempt <= act.now) collect(act, invoice);
}

export function overdueWhenDue(from: Act, id: string): void {
  const invoice = from.store.find("invoice", id);
  if (invoice?.status !== "open") return;
  const act = inTimeOf(from, invoice);
  act.emit("invoice.overdue", invoice);
  const subscription = subscriptionOf(act, invoice);
  if (subscription?.status === "active") {
    act.change(subscription, { status: "past_due" }, "customer.subscription.updated");
  }
}

/** Tries to get an open invoice paid, and tells of it in the order of a renewal. */
export function collect(
  act: Act,
  open: Invoice,
  method: Kinds["payment_method"] | undefined = methodOf(act, open),
): Collected {
  const tried = attempt(act, open, method);
  tellCharge(act, tried);
  tellIntent(act, tried);
  return { invoice: conclude(act, open, tried), tried };
}

/** What a try means for the invoice and its subscription. */
export function conclude(act: Act, open: Invoice, tried: Attempt): Invoice {
  if (tried.outcome === "paid") return settle(act, open, { intent: tried.intent.id, tries: 1 });
  if (tried.outcome === "nothing_due") return settle(act, open, { tries: 0 });
  return fail(act, open, tried);
}

/** The invoice is paid: by a payment, with nothing, or outside of Stripe. */
export function settle(act: Act, open: Invoice, by: { intent?: string; tries: number }): Invoice {
  const paid = act.change(
    open,
    {
      amount_paid: open.amount_due,
      amount_remaining: 0,
      attempt_count: open.attempt_count + by.tries,
      attempted: true,
      auto_advance: false,
      next_payment_attempt: null,
      status: "paid",
      status_transitions: { ...open.status_transitions, paid_at: act.now },
    },
    "invoice.paid",
  );
  act.emit("invoice.payment_succeeded", paid);
  const payment = by.intent && linkOf(act, by.intent);
  if (payment) {
    act.change(payment, {
      amount_paid: paid.amount_paid,
      status: "paid",
      status_transitions: { canceled_at: null, paid_at: act.now },
    });
    act.schedule(act.now + ANNOUNCEMENT_DELAY, "invoice_payment.announce", payment.id);
  }
  recover(act, paid);
  return paid;
}

/** A payment succeeded elsewhere, such as by its confirmation in a browser: if an invoice waits for it, that is paid. */
export function settleByIntent(from: Act, intent: Kinds["payment_intent"]): void {
  const invoice = invoiceOfIntent(from, intent.id);
  if (!invoice || (invoice.status !== "open" && invoice.status !== "uncollectible")) return;
  const act = inTimeOf(from, invoice);
  const subscription = subscriptionOf(act, invoice);
  const saves = subscription?.payment_settings?.save_default_payment_method === "on_subscription";
  if (subscription && saves && intent.payment_method) {
    act.change(subscription, { default_payment_method: intent.payment_method });
  }
  settle(act, invoice, { intent: intent.id, tries: 1 });
}

/** A payment failed elsewhere: its invoice is told of it, and waits on. */
export function failByIntent(from: Act, intent: string): void {
  const invoice = invoiceOfIntent(from, intent);
  if (invoice?.status !== "open") return;
  const act = inTimeOf(from, invoice);
  act.change(
    invoice,
    { attempt_count: invoice.attempt_count + 1, attempted: true },
    "invoice.payment_failed",
  );
}

export function linkOf(act: Act, intent: string): Kinds["invoice_payment"] | undefined {
  const filter = { field: "payment.payment_intent", is: "=", value: intent } as const;
  return act.store.list("invoice_payment", [filter], { limit: 1 }).data[0];
}

/** The invoice is given up: its payment can't be made any more. */
export function cancelPayment(act: Act, invoice: Invoice): void {
  const intent = knownIntentOf(act, invoice.id);
  if (!intent || intent.status === "succeeded" || intent.status === "canceled") return;
  act.change(
    intent,
    { canceled_at: act.now, cancellation_reason: "void_invoice", next_action: null, status: "canceled" },
    "payment_intent.canceled",
  );
  const link = linkOf(act, intent.id);
  if (link) {
    act.change(link, {
      status: "canceled",
      status_transitions: { ...link.status_transitions, canceled_at: act.now },
    });
  }
}

/** A voided invoice gives back what its customer had in hand, and no longer counts what they owed. */
export function unapplyBalance(
  act: Act,
  { currency, customer, ending_balance, id, starting_balance }: Invoice,
) {
  const amount = starting_balance - (ending_balance ?? starting_balance);
  const known = act.store.find("customer", customer ?? "");
  if (!known || amount === 0) return;
  const changed = act.change(known, { balance: known.balance + amount }, "customer.updated");
  enterBalance(act, changed, { amount, currency, invoice: id, type: "unapplied_from_invoice" });
}

function fail(act: Act, open: Invoice, tried: Attempt): Invoice {
  if (tried.outcome === "no_method") {
    const { created } = intentOf(act, open);
    if (created) act.emit("payment_intent.created", created);
  }
  const subscription = subscriptionOf(act, open);
  const deciding = subscription !== undefined && decidesUpdate(act, subscription, open.id);
  const first = deciding || open.billing_reason === "subscription_create";
  // Until its buyer has answered the bank's question, the first payment was not tried.
  const asked = first && tried.outcome === "action_required";
  const tries = open.attempt_count + (asked ? 0 : 1);
  const wait = first || !open.auto_advance ? undefined : rulesOf(act.store).retries[tries - 1];
  const again = wait === undefined ? null : act.now + wait;
  const failed = act.change(open, { attempt_count: tries, attempted: true, next_payment_attempt: again });
  if (again !== null) act.plan(again, "invoice.retry", failed.id);
  if (tried.outcome === "action_required") act.emit("invoice.payment_action_required", failed);
  act.emit("invoice.payment_failed", failed);
  if (subscription && !first) fallBehind(act, subscription, failed);
  return failed;
}

/** A subscription whose invoice wasn't paid: behind with its payments, and in the end whatever the account wants. */
function fallBehind(act: Act, subscription: Subscription, invoice: Invoice): void {
  if (!["active", "past_due", "trialing"].includes(subscription.status)) return;
  const { after_retries: end } = rulesOf(act.store);
  const exhausted = invoice.auto_advance && invoice.next_payment_attempt === null;
  if (!exhausted || end === "past_due") {
    if (subscription.status !== "past_due")
      act.change(subscription, { status: "past_due" }, "customer.subscription.updated");
    return;
  }
  act.change(invoice, { auto_advance: false });
  if (end === "unpaid") act.change(subscription, { status: "unpaid" }, "customer.subscription.updated");
  else endSubscription(act, subscription, "payment_failed");
}

/** Paying the latest invoice sets a subscription right again. */
function recover(act: Act, paid: Invoice): void {
  const subscription = subscriptionOf(act, paid);
  if (!subscription || subscription.latest_invoice !== paid.id) return;
  if (decidesUpdate(act, subscription, paid.id)) {
    applyUpdate(act, subscription);
    return;
  }
  if (!["incomplete", "past_due", "unpaid"].includes(subscription.status)) return;
  const trialing = subscription.trial_end !== null && subscription.trial_end > act.now;
  act.change(subscription, { status: trialing ? "trialing" : "active" }, "customer.subscription.updated");
}
