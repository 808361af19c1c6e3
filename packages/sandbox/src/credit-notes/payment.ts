import type { Act } from "../act.ts";

/** The payment that settled, or is to settle, an invoice. */
export function linkOfInvoice(act: Act, invoice: string) {
  const ofInvoice = { field: "invoice", is: "=", value: invoice } as const;
  const [link] = act.store.list("invoice_payment", [ofInvoice], { limit: 1 }).data;
  return link && { link, intent: act.store.find("payment_intent", link.payment.payment_intent ?? "") };
}
