import type { Act } from "../act.ts";

/** Seconds after the payment the link is told of. */
export function announceInvoicePayment(act: Act, id: string): void {
  const payment = act.store.find("invoice_payment", id);
  if (payment) act.emit("invoice_payment.paid", payment);
}
