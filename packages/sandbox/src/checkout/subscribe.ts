import type { Act } from "../act.ts";
import { spend } from "../billing/discounts.ts";
import { draftInvoice, openInvoice, payInvoice, recordInvoicePayment } from "../billing/invoice.ts";
import { priceIn } from "../catalog/currencies.ts";
import { redeem } from "../catalog/discount.ts";
import { tellDeclined } from "../payment-intents/confirm.ts";
import { noteSetUp } from "../payments/challenge.ts";
import { announceCharge, chargeCard } from "../payments/charge.ts";
import type { Kinds } from "../wire.ts";
import { customerFor } from "./buyer.ts";
import { type Contents, contentsOf } from "./contents.ts";
import type { Buyer } from "./entered.ts";
import { keep, setUp, unsaved } from "./save.ts";
import { complete, type How, intentFor, type Outcome } from "./steps.ts";
import { buildSubscription } from "./subscription.ts";

type Session = Kinds["checkout.session"];
type Customer = Kinds["customer"];
type Method = Kinds["payment_method"];

/** Seconds until the link between invoice and payment is announced. */
const INVOICE_PAYMENT_DELAY = 2;

/**
 * A subscription bought on the page. It exists only once its first payment succeeded: a declined card leaves a
 * payment intent behind and nothing else. The session's completion is told before the subscription's creation.
 */
export function startSubscription(
  act: Act,
  session: Session,
  method: Method | null,
  buyer: Buyer,
  how: How,
): Outcome {
  if ((session.amount_total ?? 0) === 0 || method === null)
    return startWithoutPayment(act, session, method, buyer, how);
  const { intent, created } = how.prepared ?? intentFor(act, session);
  const attempt = chargeCard(act, intent, method, how);
  if (!attempt.ok) {
    const { charge, decline } = attempt;
    tellDeclined(act, attempt, created);
    return { result: "declined", session, decline, charge, intent: attempt.intent, method };
  }
  const customer = requiredCustomer(act, session, buyer);
  const charge = act.change(attempt.charge, { customer: customer.id });
  const paid = act.change(attempt.intent, { customer: customer.id });
  announceCharge(act, charge);
  noteSetUp(act, method);
  if (method.customer !== customer.id) keep(act, session, method, customer.id);
  const { subscription, draft } = prepare(act, session, customer, method);
  const done = complete(act, session, buyer, {
    customer: customer.id,
    invoice: draft.id,
    payment_status: "paid",
    subscription: subscription.id,
  });
  const billed = noteBilling(act, customer, session);
  act.emit("customer.subscription.created", subscription);
  act.emit("payment_intent.succeeded", paid);
  if (created) act.emit("payment_intent.created", created);
  const invoice = sendInvoice(act, draft, billed);
  const payment = recordInvoicePayment(act, invoice, paid.id);
  act.schedule(act.now + INVOICE_PAYMENT_DELAY, "invoice_payment.announce", payment.id);
  return { result: "paid", session: done };
}

/** A trial: the card is saved for later, if one was asked for, and the first invoice is over nothing. */
function startWithoutPayment(
  act: Act,
  session: Session,
  method: Method | null,
  buyer: Buyer,
  how: How,
): Outcome {
  const setup = method && setUp(act, session, method, how);
  if (method && setup && setup.tried.result !== "saved") {
    return unsaved(act, session, method, buyer, setup.tried, setup.created);
  }
  const customer = requiredCustomer(act, session, buyer);
  if (method && setup) {
    if (method.customer !== customer.id) keep(act, session, method, customer.id);
    act.change(setup.tried.setup, { customer: customer.id }, "setup_intent.succeeded");
    if (setup.created) act.emit("setup_intent.created", { ...setup.created, customer: customer.id });
  }
  const { subscription, draft } = prepare(act, session, customer, method);
  const done = complete(act, session, buyer, {
    customer: customer.id,
    invoice: draft.id,
    payment_status: "no_payment_required",
    subscription: subscription.id,
  });
  const billed = noteBilling(act, customer, session);
  sendInvoice(act, draft, billed);
  act.emit("customer.subscription.created", subscription);
  return { result: "paid", session: done };
}

function prepare(act: Act, session: Session, customer: Customer, method: Method | null) {
  const contents = inCurrency(act, contentsOf(act.store, session.id));
  const built = buildSubscription(act, {
    automaticTax: session.automatic_tax.enabled,
    contents,
    currency: session.currency ?? "usd",
    customer: customer.id,
    paymentMethod: method?.id ?? null,
    missingMethod: contents.subscription.missingMethod ?? "create_invoice",
  });
  const discounts = discountsOf(act, session, customer, built.id);
  const unbilled = { ...built, discounts };
  const draft = act.create(
    draftInvoice(act, {
      customer,
      lineRates: contents.lineRates ?? {},
      lines: contents.lines,
      subscription: unbilled,
    }),
  );
  const subscription = act.create({ ...unbilled, latest_invoice: draft.id });
  return { subscription, draft };
}

/** A subscription keeps its prices as they are in its own currency, so every invoice of it is in that one. */
function inCurrency(act: Act, contents: Contents): Contents {
  const lines = contents.lines.map((line) => ({
    ...line,
    price: line.price && priceIn(act.store, line.price, line.currency),
  }));
  return { ...contents, lines };
}

/** What took something off on the page stays with the subscription, for as long as its coupon says. */
function discountsOf(act: Act, session: Session, customer: Customer, subscription: string): string[] {
  const { promotion } = contentsOf(act.store, session.id);
  const coupon = promotion && act.store.find("coupon", promotion.coupon);
  if (!coupon) return [];
  const code = promotion.code ? act.store.find("promotion_code", promotion.code) : undefined;
  const given = { coupon, customer: customer.id, promotionCode: code ?? null };
  return [redeem(act, { ...given, session: session.id, subscription }).id];
}

function requiredCustomer(act: Act, session: Session, buyer: Buyer): Customer {
  const { customer } = customerFor(act, session, buyer);
  if (!customer) throw new Error("a subscription's session always has a customer");
  return customer;
}

/** A customer's first subscription fixes its currency, and its next invoice gets the next number. */
function noteBilling(act: Act, customer: Customer, session: Session): Customer {
  const next_invoice_sequence = (customer.next_invoice_sequence ?? 1) + 1;
  act.change(customer, { currency: session.currency, next_invoice_sequence }, "customer.updated");
  return customer;
}

function sendInvoice(act: Act, draft: Kinds["invoice"], customer: Customer): Kinds["invoice"] {
  act.emit("invoice.created", draft);
  const open = openInvoice(act, draft, customer);
  act.emit("invoice.finalized", open);
  const paid = payInvoice(act, open);
  spend(act, paid);
  act.emit("invoice.paid", paid);
  act.emit("invoice.payment_succeeded", paid);
  return paid;
}
