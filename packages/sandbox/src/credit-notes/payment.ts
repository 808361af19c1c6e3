import type { Act } from "../act.ts";
import type { Kinds } from "../wire.ts";

/** The payment that settled, or is to settle, an invoice. */
export function linkOfInvoice(
  act: Act,
  invoice: string,
): { link: Kinds["invoice_payment"]; intent: Kinds["payment_intent"] | undefined } | undefined {
  const ofInvoice = { field: "invoice", is: "=", value: invoice } as const;
  const [link] = act.store.list("invoice_payment", [ofInvoice], { limit: 1 }).data;
  return link && { link, intent: act.store.find("payment_intent", link.payment.payment_intent ?? "") };
}
