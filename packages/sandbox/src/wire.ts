import type Stripe from "stripe";

/**
 * A Stripe object as it travels: what the SDK declares, with two differences.
 *
 * - The SDK turns decimals into `Decimal` objects after receiving them; in JSON they are strings.
 * - A field that Stripe can expand holds only the id until somebody asks with `expand[]`, so here it is the id.
 *   Expansion happens once, on the way out (`v1/expand.ts`).
 *
 * Everything the sandbox stores and sends is built as one of these, so a field the SDK requires can't be forgotten.
 */
export type Wire<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends Stripe.Decimal
    ? string
    : T extends Array<infer Item>
      ? Field<Item>[]
      : T extends object
        ? { [Key in keyof T]: Field<T[Key]> }
        : T;

type Field<T> = string extends T
  ? [Extract<T, { id: string }>] extends [never]
    ? Wire<T>
    : string | Extract<T, null | undefined>
  : Wire<T>;

/** Every stored object, by the name in its `object` field. */
export interface Kinds {
  balance_transaction: Wire<Stripe.BalanceTransaction>;
  "billing.meter": Wire<Stripe.Billing.Meter>;
  "billing_portal.configuration": Wire<Stripe.BillingPortal.Configuration>;
  "billing_portal.session": Wire<Stripe.BillingPortal.Session>;
  charge: Wire<Stripe.Charge>;
  "checkout.session": Wire<Stripe.Checkout.Session>;
  coupon: Wire<Stripe.Coupon>;
  credit_note: Wire<Stripe.CreditNote>;
  customer: Wire<Stripe.Customer>;
  customer_balance_transaction: Wire<Stripe.CustomerBalanceTransaction>;
  customer_cash_balance_transaction: Wire<Stripe.CustomerCashBalanceTransaction>;
  discount: Wire<Stripe.Discount>;
  dispute: Wire<Stripe.Dispute>;
  "entitlements.active_entitlement": Wire<Stripe.Entitlements.ActiveEntitlement>;
  "entitlements.feature": Wire<Stripe.Entitlements.Feature>;
  event: EventObject;
  invoice: Wire<Stripe.Invoice>;
  invoice_payment: Wire<Stripe.InvoicePayment>;
  invoiceitem: Wire<Stripe.InvoiceItem>;
  payment_intent: Wire<Stripe.PaymentIntent>;
  payment_link: Wire<Stripe.PaymentLink>;
  payment_method: Wire<Stripe.PaymentMethod>;
  price: Wire<Stripe.Price>;
  product: Wire<Stripe.Product>;
  promotion_code: Wire<Stripe.PromotionCode>;
  quote: Wire<Stripe.Quote>;
  "radar.early_fraud_warning": Wire<Stripe.Radar.EarlyFraudWarning>;
  refund: Wire<Stripe.Refund>;
  setup_intent: Wire<Stripe.SetupIntent>;
  shipping_rate: Wire<Stripe.ShippingRate>;
  subscription: SubscriptionObject;
  subscription_schedule: Wire<Stripe.SubscriptionSchedule>;
  tax_id: Wire<Stripe.TaxId>;
  tax_rate: Wire<Stripe.TaxRate>;
  "test_helpers.test_clock": Wire<Stripe.TestHelpers.TestClock>;
  webhook_endpoint: Wire<Stripe.WebhookEndpoint>;
}

export type Kind = keyof Kinds;
export type Stored = Kinds[Kind];
/** What events tell about: a stored object, or one of those that exist only as a part or a view of another. */
export type Told =
  | Stored
  | ActiveEntitlementSummary
  | Wire<Stripe.BankAccount>
  | Wire<Stripe.Card>
  | Wire<Stripe.CashBalance>
  | Wire<Stripe.Plan>;
export type EventType = Stripe.Event.Type;
/** The event of the second API that is told by itself; no object of the first is about it. */
export const PING = "v2.core.event_destination.ping";
export type ActiveEntitlementSummary = Wire<Stripe.Entitlements.ActiveEntitlementSummary>;
export type ProductFeature = Wire<Stripe.ProductFeature>;
export type LineItem = Wire<Stripe.LineItem>;
export type Metadata = Record<string, string>;

/** With what Stripe still says of a subscription with one item, though no SDK declares it any more. */
type SubscriptionObject = Wire<Stripe.Subscription> & {
  plan?: Wire<Stripe.Plan> | null;
  quantity?: number | null;
  items: { total_count?: number };
};

/** The SDK's `Event` is a union over every type; the sandbox handles them all alike. */
export interface EventObject extends Omit<Stripe.EventBase, "data" | "type"> {
  type: EventType | typeof PING;
  data: { object: Json; previous_attributes?: Json };
}

/** A JSON object of no particular shape: what an event carries and what an expanded answer is. */
export interface Json {
  [key: string]: unknown;
}

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
