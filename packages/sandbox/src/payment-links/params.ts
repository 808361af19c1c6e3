import {
  boolean,
  clearable,
  currency,
  hash,
  integer,
  list,
  metadata,
  notBuilt,
  oneOf,
  onlyOff,
  text,
  url,
} from "../api/params.ts";
import { invoiceSettings } from "../billing/subscription-fields.ts";
import { askedParams } from "../checkout/asked.ts";
import { lineItem } from "../checkout/lines.ts";
import { nameCollection } from "../checkout/names.ts";
import { optionalItems } from "../checkout/optional.ts";
import { brandsBlocked } from "../checkout/payment-options.ts";
import { adjustableQuantity } from "../checkout/quantity.ts";
import { invoiceCreation } from "../checkout/session-params.ts";
import { automaticTax } from "../tax/rates.ts";

const paymentIntentData = () =>
  hash({
    capture_method: oneOf("automatic", "automatic_async", "manual").optional(),
    description: text(1000).optional(),
    metadata: metadata().optional(),
    setup_future_usage: oneOf("off_session", "on_session").optional(),
    statement_descriptor: text(22).optional(),
    statement_descriptor_suffix: text(22).optional(),
    transfer_group: text().optional(),
  });

const subscriptionData = () =>
  hash({
    description: text(500).optional(),
    invoice_settings: invoiceSettings().optional(),
    metadata: metadata().optional(),
    trial_period_days: integer({ min: 1, max: 730 }).optional(),
    trial_settings: hash({
      end_behavior: hash({ missing_payment_method: oneOf("cancel", "create_invoice", "pause").optional() }),
    }).optional(),
  });

/** What a link can be made with and changed to. */
const shared = {
  ...askedParams,
  after_completion: hash({
    hosted_confirmation: hash({ custom_message: text(500).optional() }).optional(),
    redirect: hash({ url: url() }).optional(),
    type: oneOf("hosted_confirmation", "redirect"),
  }).optional(),
  allow_promotion_codes: boolean().optional(),
  automatic_tax: automaticTax(),
  billing_address_collection: oneOf("auto", "required").optional(),
  customer_creation: oneOf("always", "if_required").optional(),
  inactive_message: text(500).optional(),
  invoice_creation: invoiceCreation().optional(),
  metadata: metadata().optional(),
  name_collection: nameCollection().optional(),
  optional_items: optionalItems().optional(),
  payment_method_collection: oneOf("always", "if_required").optional(),
  payment_method_options: hash({
    card: clearable(
      hash({
        restrictions: clearable(hash({ brands_blocked: clearable(brandsBlocked()).optional() })).optional(),
      }),
    ).optional(),
  }).optional(),
  payment_method_types: clearable(list(text())).optional(),
  restrictions: clearable(hash({ completed_sessions: hash({ limit: integer({ min: 1 }) }) })).optional(),
  submit_type: oneOf("auto", "book", "donate", "pay", "subscribe").optional(),
  shipping_options: list(hash({ shipping_rate: text().optional() }), { max: 5 }).optional(),
};

export const createParams = hash({
  ...shared,
  application_fee_amount: notBuilt(),
  application_fee_percent: notBuilt(),
  currency: currency().optional(),
  line_items: list(lineItem().omit({ metadata: true, tax_rates: true }), { max: 20 }),
  managed_payments: onlyOff(),
  payment_intent_data: paymentIntentData().optional(),
  subscription_data: subscriptionData().optional(),
  on_behalf_of: notBuilt(),
  transfer_data: notBuilt(),
});

export const updateParams = hash({
  ...shared,
  active: boolean().optional(),
  line_items: list(
    hash({
      adjustable_quantity: adjustableQuantity().optional(),
      id: text(),
      quantity: integer({ min: 0 }).optional(),
    }),
  ).optional(),
  payment_intent_data: paymentIntentData().omit({ capture_method: true }).optional(),
  subscription_data: subscriptionData().omit({ description: true }).optional(),
});
