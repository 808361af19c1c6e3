import type { Act } from "../act.ts";
import { invalid } from "../api/errors.ts";
import { randomText } from "../ids.ts";
import type { Decline } from "../payment-methods/test-cards.ts";
import { nextAction } from "../payments/authentication.ts";
import { needsChallenge } from "../payments/challenge.ts";
import { announceCharge, chargeCard } from "../payments/charge.ts";
import { createIntent } from "../payments/intent.ts";
import type { Kinds } from "../wire.ts";
import { intentOptionsOf } from "./payment-options.ts";
import { customerOf, subscriptionOf } from "./subscription.ts";

type Invoice = Kinds["invoice"];
type Intent = Kinds["payment_intent"];
type Method = Kinds["payment_method"];
type Charge = Kinds["charge"];

const INTENT = "intent";

/** A try to collect an invoice. `created` is the payment as it was when it was made, if this try made it. */
export type Attempt =
  | { outcome: "nothing_due" }
  | { outcome: "no_method" }
  | { outcome: "paid"; intent: Intent; created: Intent | null; charge: Charge }
  | { outcome: "action_required"; intent: Intent; created: Intent | null }
  | {
      outcome: "declined";
      intent: Intent;
      created: Intent | null;
      charge: Charge;
      decline: Decline;
      method: Method;
    };

/** Charges what is due, without telling anybody: the order of events depends on what the invoice is for. */
export function attempt(
  act: Act,
  invoice: Invoice,
  method: Method | undefined = methodOf(act, invoice),
): Attempt {
  if (invoice.amount_due === 0) return { outcome: "nothing_due" };
  if (!method) return { outcome: "no_method" };
  const { intent, created } = intentOf(act, invoice);
  if (needsChallenge(act, method, { offSession: true })) {
    const waiting = act.change(intent, {
      next_action: nextAction(act, intent.id, null),
      payment_method: method.id,
      status: "requires_action",
    });
    return { outcome: "action_required", intent: waiting, created };
  }
  const result = chargeCard(act, intent, method);
  if (result.ok) return { outcome: "paid", intent: result.intent, created, charge: result.charge };
  return {
    outcome: "declined",
    intent: result.intent,
    created,
    charge: result.charge,
    decline: result.decline,
    method,
  };
}

export function tellCharge(act: Act, tried: Attempt): void {
  if (tried.outcome === "paid") announceCharge(act, tried.charge);
  if (tried.outcome === "declined") act.emit("charge.failed", tried.charge);
}

/** A payment's creation is told after its success, as Stripe's arrives; before a failure. */
export function tellIntent(act: Act, tried: Attempt): void {
  if (tried.outcome === "nothing_due" || tried.outcome === "no_method") return;
  const { intent, created } = tried;
  if (tried.outcome === "paid") act.emit("payment_intent.succeeded", intent);
  if (tried.outcome === "action_required") act.emit("payment_intent.requires_action", intent);
  if (created) act.emit("payment_intent.created", created);
  if (tried.outcome === "declined") act.emit("payment_intent.payment_failed", intent);
}

/** What an invoice is charged to: its own method, else the subscription's, else the customer's. */
export function methodOf(act: Act, invoice: Invoice): Method | undefined {
  const subscription = subscriptionOf(act, invoice);
  const own = invoice.default_payment_method ?? invoice.default_source;
  return defaultMethod(act, customerOf(act, invoice), subscription, {
    own,
    types: invoice.payment_settings.payment_method_types,
  });
}

/** Whether an invoice may be paid with a method, where it names types. */
export function checkType(invoice: Invoice, { type }: Method): void {
  const types = invoice.payment_settings.payment_method_types;
  if (!types || types.includes(type)) return;
  const problem = `The payment method provided (${type}) can't pay this invoice, whose types are: ${types.join(", ")}.`;
  throw invalid(problem, "payment_method");
}

export function defaultMethod(
  act: Act,
  customer: Kinds["customer"],
  subscription: Kinds["subscription"] | undefined,
  {
    own = null,
    types = subscription?.payment_settings?.payment_method_types,
  }: { own?: string | null; types?: readonly string[] | null | undefined } = {},
): Method | undefined {
  const candidates = [
    own,
    subscription?.default_payment_method,
    subscription?.default_source,
    customer.invoice_settings.default_payment_method,
    customer.default_source,
  ];
  const known = candidates.flatMap((id) => act.store.find("payment_method", id ?? "") ?? []);
  return known.find(({ type }) => !types || types.includes(type));
}

/** The invoice's payment, made now if there is none yet; further tries continue it. */
export function intentOf(act: Act, invoice: Invoice): { intent: Intent; created: Intent | null } {
  const known = act.store.find("payment_intent", act.store.note(invoice.id, INTENT) ?? "");
  if (known && known.status !== "canceled") return { intent: known, created: null };
  const intent = createIntent(act, {
    amount: invoice.amount_due,
    capture_method: "automatic",
    currency: invoice.currency,
    customer: invoice.customer,
    description: descriptionOf(invoice),
    metadata: {},
    options: intentOptionsOf(invoice.payment_settings.payment_method_options),
    payment_method_types: invoice.payment_settings.payment_method_types ?? ["card"],
    setup_future_usage: invoice.parent?.subscription_details ? "off_session" : null,
  });
  act.store.setNote(invoice.id, INTENT, intent.id);
  act.store.setNote(intent.id, "invoice", invoice.id);
  act.create<Kinds["invoice_payment"]>({
    id: `inpay_1${randomText(23)}`,
    object: "invoice_payment",
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: act.now,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent.id, type: "payment_intent" },
    status: "open",
    status_transitions: { canceled_at: null, paid_at: null },
  });
  return { intent, created: intent };
}

export function invoiceOfIntent(act: Act, intent: string): Invoice | undefined {
  return act.store.find("invoice", act.store.note(intent, "invoice") ?? "");
}

export function knownIntentOf(act: Act, invoice: string): Intent | undefined {
  return act.store.find("payment_intent", act.store.note(invoice, INTENT) ?? "");
}

function descriptionOf({ billing_reason: reason }: Invoice): string {
  if (reason === "subscription_create") return "Subscription creation";
  if (reason === "subscription_cycle" || reason === "subscription_update") return "Subscription update";
  return "Payment for Invoice";
}

/** What a browser needs to confirm the payment of an invoice. */
export function confirmationSecret(
  act: Act,
  invoice: string,
): { client_secret: string; type: string } | undefined {
  const secret = knownIntentOf(act, invoice)?.client_secret;
  return secret ? { client_secret: secret, type: "payment_intent" } : undefined;
}
