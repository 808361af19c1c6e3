import { z } from "zod";
import {
  id,
  known,
  links,
  metadata,
  minorUnits,
  optional,
  ourOrder,
  type Reading,
  read,
  reference,
} from "#/events/reading.ts";
import { type InvoiceFact, NO_FACTS } from "#/rules/facts.ts";

/** Invoices and their payments: which renewal belongs to which plan, and whether it was paid. */

const invoiceObject = z.object({
  id,
  amount_due: optional(minorUnits),
  amount_paid: optional(minorUnits),
  billing_reason: optional(z.string()),
  currency: optional(z.string()),
  hosted_invoice_url: optional(z.string()),
  invoice_pdf: optional(z.string()),
  metadata: metadata.optional(),
  parent: z
    .object({ subscription_details: z.object({ subscription: reference, metadata }).nullish() })
    .nullish()
    .transform((parent) => parent?.subscription_details ?? undefined),
});
type InvoiceObject = z.output<typeof invoiceObject>;

/** Says only which plan, or which order, it belongs to. */
export function invoice(object: unknown): Reading {
  return factOf(object, () => ({}));
}

/** Its page is where the buyer confirms the payment. */
export function invoiceToConfirm(object: unknown, at: number): Reading {
  return factOf(object, ({ billing_reason, amount_due, currency, hosted_invoice_url: url }) =>
    billing_reason === "subscription_create"
      ? {}
      : { actionRequiredAt: at, amountDue: amount_due, currency, url },
  );
}

export function invoicePaid(object: unknown, at: number): Reading {
  return factOf(object, ({ amount_paid, hosted_invoice_url: url, invoice_pdf: pdf }) => ({
    paidAt: at,
    amountPaid: amount_paid,
    url,
    pdf,
  }));
}

export function invoiceFailed(object: unknown, at: number): Reading {
  // A plan's first invoice is paid on the page: whether that failed, its session says.
  return factOf(object, ({ billing_reason, amount_due, currency }) =>
    billing_reason === "subscription_create" ? {} : { failedAt: at, amountDue: amount_due, currency },
  );
}

function factOf(object: unknown, state: (invoice: InvoiceObject) => InvoiceFact): Reading {
  return read(invoiceObject, object, (invoice) => {
    const fact = known(state(invoice));
    return {
      orderId: ourOrder({ ...invoice.metadata, ...invoice.parent?.metadata }),
      waits: false,
      facts: {
        ...NO_FACTS,
        links:
          invoice.parent || invoice.metadata?.order_id ? links(invoice.id, invoice.parent?.subscription) : {},
        invoices: Object.keys(fact).length > 0 ? { [invoice.id]: fact } : {},
      },
    };
  });
}

const invoicePaymentObject = z.object({
  invoice: reference,
  payment: z.object({ payment_intent: reference }),
});

export function invoicePayment(object: unknown): Reading {
  return read(invoicePaymentObject, object, ({ invoice, payment: { payment_intent: paymentIntent } }) => ({
    orderId: null,
    waits: true,
    facts: {
      ...NO_FACTS,
      links: links(invoice, paymentIntent),
      invoices: invoice !== undefined && paymentIntent !== undefined ? { [invoice]: { paymentIntent } } : {},
    },
  }));
}
