import {
  boolean,
  color,
  currency,
  email,
  hash,
  ignored,
  integer,
  list,
  metadata,
  notBuilt,
  oneOf,
  onlyOff,
  text,
  timestamp,
  url,
} from "../api/params.ts";
import { billingMode } from "../billing/subscription.ts";
import { invoiceSettings } from "../billing/subscription-fields.ts";
import { shippingParams } from "../payment-intents/fields.ts";
import { methodConfiguration } from "../payment-methods/configuration.ts";
import { automaticTax, taxRateIds } from "../tax/rates.ts";
import { askedParams } from "./asked.ts";
import { lineItem } from "./lines.ts";
import { nameCollection } from "./names.ts";
import { optionalItems } from "./optional.ts";
import { paymentOptions } from "./payment-options.ts";

export const LOCALES = [
  "auto",
  "bg",
  "cs",
  "da",
  "de",
  "el",
  "en",
  "en-GB",
  "es",
  "es-419",
  "et",
  "fi",
  "fil",
  "fr",
  "fr-CA",
  "hi-IN",
  "hr",
  "hu",
  "id",
  "it",
  "ja",
  "ko",
  "lt",
  "lv",
  "ms",
  "mt",
  "nb",
  "nl",
  "pl",
  "pt",
  "pt-BR",
  "ro",
  "ru",
  "sk",
  "sl",
  "sv",
  "th",
  "tr",
  "vi",
  "zh",
  "zh-HK",
  "zh-TW",
] as const;

const paymentIntentData = () =>
  hash({
    application_fee_amount: notBuilt(),
    capture_method: oneOf("automatic", "automatic_async", "manual").optional(),
    description: text(1000).optional(),
    metadata: metadata().optional(),
    on_behalf_of: notBuilt(),
    receipt_email: email().optional(),
    setup_future_usage: oneOf("off_session", "on_session").optional(),
    shipping: shippingParams().optional(),
    statement_descriptor: text(22).optional(),
    statement_descriptor_suffix: text(22).optional(),
    transfer_data: notBuilt(),
    transfer_group: text().optional(),
  });

const subscriptionData = () =>
  hash({
    application_fee_percent: notBuilt(),
    billing_cycle_anchor: notBuilt(),
    billing_cycle_anchor_config: notBuilt(),
    billing_mode: billingMode().optional(),
    default_tax_rates: taxRateIds().optional(),
    description: text(500).optional(),
    invoice_settings: invoiceSettings().optional(),
    metadata: metadata().optional(),
    on_behalf_of: notBuilt(),
    pending_invoice_item_interval: notBuilt(),
    proration_behavior: ignored("no_anchor"),
    transfer_data: notBuilt(),
    trial_end: timestamp().optional(),
    trial_period_days: integer({ min: 1, max: 730 }).optional(),
    trial_settings: hash({
      end_behavior: hash({ missing_payment_method: oneOf("cancel", "create_invoice", "pause").optional() }),
    }).optional(),
  });

export const invoiceCreation = () =>
  hash({
    enabled: boolean(),
    invoice_data: hash({
      account_tax_ids: list(text()).optional(),
      custom_fields: list(hash({ name: text(40), value: text(140) }), { max: 4 }).optional(),
      description: text(1500).optional(),
      footer: text(5000).optional(),
      issuer: ignored("one_account"),
      metadata: metadata().optional(),
      rendering_options: hash({
        amount_tax_display: oneOf("exclude_tax", "include_inclusive_tax").optional(),
        template: text().optional(),
      }).optional(),
    }).optional(),
  });

const image = () => hash({ file: text().optional(), type: oneOf("file", "url"), url: url().optional() });

const recovery = () => hash({ allow_promotion_codes: boolean().optional(), enabled: boolean() });

/** Everything `POST /v1/checkout/sessions` takes. What is `ignored()` changes nothing, for the reason it gives; what is `notBuilt()` is refused. */
export const createParams = hash({
  ...askedParams,
  adaptive_pricing: hash({ enabled: boolean().optional() }).optional(),
  after_expiration: hash({ recovery: recovery().optional() }).optional(),
  allow_promotion_codes: boolean().optional(),
  allowed_payment_method_types: list(text()).optional(),
  automatic_tax: automaticTax(),
  billing_address_collection: oneOf("auto", "required").optional(),
  branding_settings: hash({
    background_color: color().optional(),
    border_style: oneOf("pill", "rectangular", "rounded").optional(),
    button_color: color().optional(),
    display_name: text(100).optional(),
    font_family: text().optional(),
    icon: image().optional(),
    logo: image().optional(),
  }).optional(),
  cancel_url: url().optional(),
  client_reference_id: text(200).optional(),
  currency: currency().optional(),
  customer: text().optional(),
  customer_account: notBuilt(),
  customer_creation: oneOf("always", "if_required").optional(),
  customer_email: email().optional(),
  customer_update: hash({
    address: oneOf("auto", "never").optional(),
    name: oneOf("auto", "never").optional(),
    shipping: oneOf("auto", "never").optional(),
  }).optional(),
  discounts: list(hash({ coupon: text().optional(), promotion_code: text().optional() }), {
    max: 1,
  }).optional(),
  excluded_payment_method_types: list(text()).optional(),
  expires_at: timestamp().optional(),
  integration_identifier: text().optional(),
  invoice_creation: invoiceCreation().optional(),
  line_items: list(lineItem()).optional(),
  locale: oneOf(...LOCALES).optional(),
  managed_payments: onlyOff(),
  metadata: metadata().optional(),
  mode: oneOf("payment", "setup", "subscription").optional(),
  name_collection: nameCollection().optional(),
  optional_items: optionalItems().optional(),
  origin_context: oneOf("mobile_app", "web").optional(),
  payment_intent_data: paymentIntentData().optional(),
  payment_method_collection: oneOf("always", "if_required").optional(),
  payment_method_configuration: methodConfiguration(),
  payment_method_data: hash({
    allow_redisplay: oneOf("always", "limited", "unspecified").optional(),
  }).optional(),
  payment_method_options: paymentOptions().optional(),
  permissions: notBuilt(),
  redirect_on_completion: oneOf("always", "if_required", "never").optional(),
  return_url: url().optional(),
  saved_payment_method_options: hash({
    allow_redisplay_filters: list(oneOf("always", "limited", "unspecified")).optional(),
    payment_method_remove: oneOf("disabled", "enabled").optional(),
    payment_method_save: oneOf("disabled", "enabled").optional(),
  }).optional(),
  setup_intent_data: hash({
    description: text(1000).optional(),
    metadata: metadata().optional(),
    on_behalf_of: notBuilt(),
  }).optional(),
  submit_type: oneOf("auto", "book", "donate", "pay", "subscribe").optional(),
  subscription_data: subscriptionData().optional(),
  success_url: url().optional(),
  ui_mode: oneOf("hosted_page", "embedded_page", "elements", "form").optional(),
  wallet_options: hash({
    link: hash({ display: oneOf("auto", "never").optional() }).optional(),
  }).optional(),
});
