import { endpoint } from "../api/endpoint.ts";
import {
  boolean,
  clearable,
  currency,
  hash,
  ignored,
  integer,
  list,
  metadata,
  notBuilt,
  oneOf,
  text,
  timestamp,
} from "../api/params.ts";
import { discountParams } from "../billing/grant-discount.ts";
import { changedItem, oncePriceData } from "../billing/params.ts";
import { previewInvoice } from "../billing/preview.ts";
import { automaticTax, clearableTaxRates } from "../tax/rates.ts";

export const previewParams = hash({
  automatic_tax: automaticTax(),
  currency: currency().optional(),
  customer: text().optional(),
  customer_account: notBuilt(),
  customer_details: notBuilt(),
  discounts: clearable(discountParams()).optional(),
  invoice_items: list(
    hash({
      amount: integer().optional(),
      currency: currency().optional(),
      description: text().optional(),
      discountable: boolean().optional(),
      invoiceitem: notBuilt(),
      metadata: metadata().optional(),
      period: hash({ end: timestamp(), start: timestamp() }).optional(),
      price: text().optional(),
      price_data: oncePriceData().optional(),
      quantity: integer({ min: 0 }).optional(),
      tax_behavior: notBuilt(),
      tax_code: ignored("no_tax_codes"),
      tax_rates: clearableTaxRates(),
      unit_amount: integer().optional(),
    }),
  ).optional(),
  issuer: ignored("one_account"),
  on_behalf_of: notBuilt(),
  preview_mode: oneOf("next", "recurring").optional(),
  schedule: notBuilt(),
  schedule_details: notBuilt(),
  subscription: text().optional(),
  subscription_details: hash({
    billing_cycle_anchor: hash({ type: oneOf("now", "unchanged") }).optional(),
    billing_mode: notBuilt(),
    billing_schedules: notBuilt(),
    cancel_at: text().optional(),
    cancel_at_period_end: boolean().optional(),
    cancel_now: boolean().optional(),
    default_tax_rates: clearableTaxRates(),
    items: list(changedItem(), { max: 20 }).optional(),
    metadata: metadata().optional(),
    pause: notBuilt(),
    proration_behavior: oneOf("create_prorations", "always_invoice", "none").optional(),
    proration_date: timestamp().optional(),
    resume_at: notBuilt(),
    start_date: notBuilt(),
    trial_end: text().optional(),
  }).optional(),
});

export const createPreview = endpoint({
  method: "POST",
  path: "/v1/invoices/create_preview",
  params: previewParams,
  run: (act, params) => previewInvoice(act, params),
});
