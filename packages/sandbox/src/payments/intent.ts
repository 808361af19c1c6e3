import type { Act } from "../act.ts";
import { paymentId, paymentStem, randomText } from "../ids.ts";
import type { Kinds, Metadata } from "../wire.ts";

type PaymentIntent = Kinds["payment_intent"];

/** As every payment has them. */
export const NO_DETAILS: NonNullable<PaymentIntent["amount_details"]> = { tip: {} };
export const NO_REFERENCES: NonNullable<PaymentIntent["payment_details"]> = {
  customer_reference: null,
  order_reference: null,
};

const SAVED = ["card", "sepa_debit", "us_bank_account"] as const;

/** What is wanted for later: of this way to pay, or else of whatever pays. The others pay once. */
export function futureUseOf(intent: PaymentIntent, type: string): string | null {
  const way = SAVED.find((one) => one === type);
  if (!way) return null;
  const own = intent.payment_method_options?.[way]?.setup_future_usage ?? intent.setup_future_usage;
  return own === "none" ? null : own;
}

/** Whether a card's money is only held: by what is said of cards, or of whatever pays. */
export const isHeld = ({ capture_method, payment_method_options: options }: PaymentIntent): boolean =>
  (options?.card?.capture_method ?? capture_method) === "manual";

export interface IntentData {
  amount_details?: PaymentIntent["amount_details"];
  payment_details?: PaymentIntent["payment_details"];
  allowed_payment_method_types?: string[] | undefined;
  amount: number;
  currency: string;
  customer: string | null;
  description?: string | null | undefined;
  metadata: Metadata;
  payment_method_types: string[];
  receipt_email?: string | null | undefined;
  setup_future_usage?: string | null | undefined;
  statement_descriptor?: string | null | undefined;
  statement_descriptor_suffix?: string | null | undefined;
  capture_method?: string | undefined;
  transfer_group?: string | null | undefined;
  automatic_payment_methods?: PaymentIntent["automatic_payment_methods"];
  confirmation_method?: string | undefined;
  excluded_payment_method_types?: string[] | undefined;
  payment_method?: string | undefined;
  /** What is asked of ways to pay. */
  options?: PaymentIntent["payment_method_options"] | undefined;
  request_three_d_secure?: string | undefined;
  shipping?: PaymentIntent["shipping"];
}

/** A payment as it is before anything was tried. It is stored, but told to nobody yet: see `payments/charge.ts`. */
export const createIntent = (act: Act, data: IntentData): PaymentIntent => act.create(buildIntent(act, data));

export function buildIntent(act: Act, data: IntentData): PaymentIntent {
  const id = paymentId("pi", paymentStem());
  return {
    id,
    object: "payment_intent",
    allowed_payment_method_types: data.allowed_payment_method_types ?? null,
    amount: data.amount,
    amount_capturable: 0,
    amount_details: data.amount_details ?? NO_DETAILS,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: data.automatic_payment_methods ?? null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: data.capture_method ?? "automatic_async",
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: data.confirmation_method ?? "automatic",
    created: act.now,
    currency: data.currency,
    customer: data.customer,
    customer_account: null,
    description: data.description ?? null,
    excluded_payment_method_types: data.excluded_payment_method_types ?? null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: { enabled: false },
    metadata: data.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_details: data.payment_details ?? NO_REFERENCES,
    payment_method: data.payment_method ?? null,
    payment_method_configuration_details: null,
    payment_method_options: {
      ...data.options,
      card: { ...cardOptions(data.request_three_d_secure), ...data.options?.card },
    },
    payment_method_types: data.payment_method_types,
    payment_record: null,
    processing: null,
    receipt_email: data.receipt_email ?? null,
    review: null,
    setup_future_usage: data.setup_future_usage ?? null,
    shipping: data.shipping ?? null,
    source: null,
    statement_descriptor: data.statement_descriptor ?? null,
    statement_descriptor_suffix: data.statement_descriptor_suffix ?? null,
    status: data.payment_method ? "requires_confirmation" : "requires_payment_method",
    transfer_data: null,
    transfer_group: data.transfer_group ?? null,
  };
}

const cardOptions = (request_three_d_secure = "automatic") => ({
  installments: null,
  mandate_options: null,
  network: null,
  request_three_d_secure,
});
