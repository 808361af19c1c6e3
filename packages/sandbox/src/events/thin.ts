import { type EventObject, PING } from "../wire.ts";

/** A notification that something happened, without the thing itself (docs.stripe.com/event-destinations#thin-payload). */
export interface ThinEvent {
  id: string;
  object: "v2.core.event";
  created: string;
  livemode: false;
  reason: { type: "request"; request: { id: string; idempotency_key: string } } | null;
  related_object: { id: string; type: string; url: string } | null;
  /** The event that tells the same with the whole object, where the first API has one. */
  snapshot_event?: string;
  type: string;
}

/** Where each object is read. */
const PATHS: Record<string, string> = {
  "billing_portal.configuration": "/v1/billing_portal/configurations",
  charge: "/v1/charges",
  "checkout.session": "/v1/checkout/sessions",
  coupon: "/v1/coupons",
  credit_note: "/v1/credit_notes",
  customer: "/v1/customers",
  dispute: "/v1/disputes",
  invoice: "/v1/invoices",
  invoice_payment: "/v1/invoice_payments",
  invoiceitem: "/v1/invoiceitems",
  payment_intent: "/v1/payment_intents",
  payment_link: "/v1/payment_links",
  payment_method: "/v1/payment_methods",
  plan: "/v1/plans",
  price: "/v1/prices",
  product: "/v1/products",
  promotion_code: "/v1/promotion_codes",
  quote: "/v1/quotes",
  "radar.early_fraud_warning": "/v1/radar/early_fraud_warnings",
  refund: "/v1/refunds",
  setup_intent: "/v1/setup_intents",
  shipping_rate: "/v1/shipping_rates",
  subscription: "/v1/subscriptions",
  subscription_schedule: "/v1/subscription_schedules",
  tax_id: "/v1/tax_ids",
  tax_rate: "/v1/tax_rates",
  "test_helpers.test_clock": "/v1/test_helpers/test_clocks",
  "v2.core.event_destination": "/v2/core/event_destinations",
};

const PREFIX = "evt_test_";
export const thinId = (snapshot: string) => snapshot.replace(/^evt_/, PREFIX);
export const snapshotId = (thin: string) => thin.replace(PREFIX, "evt_");

/** The types of the first API carry its name in front. */
export const thinType = (type: string) => (type === PING ? type : `v1.${type}`);

export function thinOf(event: EventObject): ThinEvent {
  const { request } = event;
  return {
    id: thinId(event.id),
    object: "v2.core.event",
    created: new Date(event.created * 1000).toISOString(),
    livemode: false,
    reason: request?.id
      ? { type: "request", request: { id: request.id, idempotency_key: request.idempotency_key ?? "" } }
      : null,
    related_object: relatedTo(event.data.object),
    ...(event.type !== PING && { snapshot_event: event.id }),
    type: thinType(event.type),
  };
}

function relatedTo({ id, object: type }: { id?: unknown; object?: unknown }): ThinEvent["related_object"] {
  const path = PATHS[String(type)];
  if (typeof id !== "string" || typeof type !== "string" || !path) return null;
  return { id, type, url: `${path}/${id}` };
}
