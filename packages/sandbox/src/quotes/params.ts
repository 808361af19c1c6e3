import {
  clearable,
  hash,
  ignored,
  integer,
  list,
  metadata,
  notBuilt,
  off,
  oneOf,
  text,
  timestamp,
} from "../api/params.ts";
import { discountParams } from "../billing/grant-discount.ts";
import { recurringPriceData } from "../billing/params.ts";
import { billingMode } from "../billing/subscription.ts";
import { automaticTax, clearableTaxRates } from "../tax/rates.ts";

const newLine = {
  discounts: clearable(discountParams()).optional(),
  price: text().optional(),
  price_data: recurringPriceData().partial({ recurring: true }).optional(),
  quantity: integer({ min: 1, max: 999_999 }).optional(),
  tax_rates: clearableTaxRates(),
};

const subscriptionData = {
  description: text(500).optional(),
  effective_date: clearable(timestamp().or(oneOf("current_period_end"))).optional(),
  metadata: metadata().optional(),
  trial_period_days: clearable(integer({ min: 1, max: 730 })).optional(),
};

const shared = {
  application_fee_amount: notBuilt(),
  application_fee_percent: notBuilt(),
  automatic_tax: automaticTax(),
  collection_method: oneOf("charge_automatically", "send_invoice").optional(),
  customer: text().optional(),
  customer_account: notBuilt(),
  default_tax_rates: clearableTaxRates(),
  description: text(500).optional(),
  discounts: clearable(discountParams()).optional(),
  expires_at: timestamp().optional(),
  footer: text(500).optional(),
  header: text(50).optional(),
  invoice_settings: hash({
    custom_fields: clearable(list(hash({ name: text(40), value: text(140) }), { max: 4 })).optional(),
    days_until_due: integer({ min: 0 }).optional(),
    description: text().optional(),
    footer: text().optional(),
    issuer: ignored("one_account"),
  }).optional(),
  metadata: metadata().optional(),
  on_behalf_of: notBuilt(),
  transfer_data: notBuilt(),
};

export const createParams = hash({
  ...shared,
  from_quote: hash({ is_revision: off().optional(), quote: text() }).optional(),
  line_items: list(hash(newLine), { max: 100 }).optional(),
  subscription_data: hash({ ...subscriptionData, billing_mode: billingMode().optional() }).optional(),
  test_clock: text().optional(),
});

export const updateParams = hash({
  ...shared,
  line_items: list(hash({ ...newLine, id: text().optional() }), { max: 100 }).optional(),
  subscription_data: hash(subscriptionData).optional(),
});
