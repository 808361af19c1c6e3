import type { OutboundType } from "oncepaid";
import type { Translate } from "#/ui/language/page-language.ts";

/** What other servers can be told. */
const TYPES = [
  "order.fulfilled",
  "order.refunded",
  "order.canceled",
  "refund.failed",
  "payment.early_fraud_warning",
  "entitlement.changed",
] as const satisfies OutboundType[];

const NAMES = {
  "order.fulfilled": "order_fulfilled",
  "order.refunded": "order_refunded",
  "order.canceled": "order_canceled",
  "refund.failed": "refund_failed",
  "payment.early_fraud_warning": "payment_early_fraud_warning",
  "entitlement.changed": "entitlement_changed",
} as const satisfies Record<OutboundType, string>;

/** Each type with what it tells, in the reader's language. */
export function eventTypes(t: Translate): { type: OutboundType; what: string }[] {
  return TYPES.map((type) => ({ type, what: t(`desk.endpoints.types.${NAMES[type]}`) }));
}
