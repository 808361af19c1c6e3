import type { Act } from "../act.ts";
import { blankInvoice, openInvoice, payInvoice, recordInvoicePayment, totalled } from "../billing/invoice.ts";
import { manualLine } from "../billing/lines.ts";
import { priceIn } from "../catalog/currencies.ts";
import { redeem } from "../catalog/discount.ts";
import type { Tax } from "../tax/compute.ts";
import type { Kinds } from "../wire.ts";
import { contentsOf } from "./contents.ts";

type Session = Kinds["checkout.session"];
type Invoice = Kinds["invoice"];
type Customer = Kinds["customer"];

/** Seconds until the link between invoice and payment is announced. */
const ANNOUNCEMENT_DELAY = 2;

/** `invoice_creation`: the invoice of what was just paid, as a draft. Nobody is told yet. */
export function draftReceipt(act: Act, session: Session, customer: Customer): Invoice {
  const { lines, promotion, taxes } = contentsOf(act.store, session.id);
  const ratesOf = (taxed: readonly Tax[] | undefined) => (taxed ?? []).map(({ rate }) => rate);
  const data = session.invoice_creation?.invoice_data;
  const coupon = promotion && act.store.find("coupon", promotion.coupon);
  const discount = coupon && redeem(act, { coupon, customer: customer.id, session: session.id });
  const blank = blankInvoice(act, customer, {
    automatic_tax: { ...session.automatic_tax, disabled_reason: null },
    billing_reason: "manual",
    currency: session.currency ?? "usd",
    custom_fields: data?.custom_fields ?? null,
    description: data?.description ?? null,
    discounts: discount ? [discount.id] : [],
    footer: data?.footer ?? null,
    metadata: data?.metadata ?? {},
  });
  const billed = lines.map((line) =>
    manualLine(act, blank, {
      amount: line.amount_subtotal,
      description: line.description,
      metadata: {},
      price: line.price && priceIn(act.store, line.price, line.currency),
      quantity: line.quantity ?? 1,
      // The same as on the page, wherever its customer is by now.
      taxRates: ratesOf(taxes?.lines[line.id]),
    }),
  );
  const shipping = session.shipping_cost?.amount_subtotal ?? 0;
  const shipped = manualLine(act, blank, {
    amount: shipping,
    description: "Shipping",
    metadata: {},
    price: null,
    quantity: 1,
    taxRates: ratesOf(taxes?.shipping),
  });
  const all = shipping > 0 ? [...billed, { ...shipped, discountable: false }] : billed;
  return act.create(totalled(act.store, blank, all, 0));
}

/** Told after the session's completion, which names it already. */
export function sendReceipt(act: Act, draft: Invoice, customer: Customer, intent: string): void {
  const next_invoice_sequence = (customer.next_invoice_sequence ?? 1) + 1;
  act.change(customer, { next_invoice_sequence });
  act.emit("invoice.created", draft);
  const open = openInvoice(act, draft, customer);
  act.emit("invoice.finalized", open);
  const paid = payInvoice(act, open);
  act.emit("invoice.paid", paid);
  act.emit("invoice.payment_succeeded", paid);
  const payment = recordInvoicePayment(act, paid, intent);
  act.schedule(act.now + ANNOUNCEMENT_DELAY, "invoice_payment.announce", payment.id);
}
