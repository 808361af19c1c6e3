import { z } from "zod";
import { NO_FACTS } from "#/orders/facts.ts";
import {
  id,
  links,
  metadata,
  ourOrder,
  read,
  reference,
  type Told,
  type Untold,
} from "#/webhooks/objects/reading.ts";

/** What invoices and their payments tell: which renewal belongs to which plan. */

const invoiceObject = z.object({
  id,
  parent: z
    .object({ subscription_details: z.object({ subscription: reference, metadata }).nullish() })
    .nullish()
    .transform((parent) => parent?.subscription_details ?? undefined),
});

export function invoice(object: unknown): Told | Untold {
  return read(invoiceObject, object, ({ id, parent }) => ({
    orderId: ourOrder(parent?.metadata ?? {}),
    waits: false,
    facts: { ...NO_FACTS, links: parent ? links(id, parent.subscription) : {} },
  }));
}

const invoicePaymentObject = z.object({
  invoice: reference,
  payment: z.object({ payment_intent: reference }),
});

export function invoicePayment(object: unknown): Told | Untold {
  return read(invoicePaymentObject, object, ({ invoice, payment }) => ({
    orderId: null,
    waits: true,
    facts: { ...NO_FACTS, links: links(invoice, payment.payment_intent) },
  }));
}
