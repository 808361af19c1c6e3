import type { z } from "zod";
import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import {
  boolean,
  clearable,
  currency,
  decimal,
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
import { quantities } from "../billing/quantity.ts";
import { aheadOf, scheduleDetails } from "../schedules/preview.ts";
import { automaticTax, clearableTaxRates } from "../tax/rates.ts";
import type { Kinds } from "../wire.ts";
import { customerDetails, previewedCustomer } from "./preview-customer.ts";

export const previewParams = hash({
  automatic_tax: automaticTax(),
  currency: currency().optional(),
  customer: text().optional(),
  customer_account: notBuilt(),
  customer_details: customerDetails().optional(),
  discounts: clearable(discountParams()).optional(),
  invoice_items: list(
    hash({
      amount: integer().optional(),
      currency: currency().optional(),
      description: text().optional(),
      discountable: boolean().optional(),
      discounts: clearable(discountParams()).optional(),
      invoiceitem: notBuilt(),
      metadata: metadata().optional(),
      period: hash({ end: timestamp(), start: timestamp() }).optional(),
      price: text().optional(),
      price_data: oncePriceData().optional(),
      ...quantities,
      tax_behavior: notBuilt(),
      tax_code: ignored("no_tax_codes"),
      tax_rates: clearableTaxRates(),
      unit_amount: integer().optional(),
      unit_amount_decimal: decimal().optional(),
    }),
  ).optional(),
  issuer: ignored("one_account"),
  on_behalf_of: notBuilt(),
  preview_mode: oneOf("next", "recurring").optional(),
  schedule: text().optional(),
  schedule_details: scheduleDetails().optional(),
  subscription: text().optional(),
  subscription_details: hash({
    billing_cycle_anchor: hash({ type: oneOf("now", "unchanged") }).optional(),
    billing_mode: ignored("billed_alike"),
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
  run: previewOf,
});

/** An invoice that could come, for a customer and a schedule as they would be. */
export function previewOf(act: Act, params: z.output<typeof previewParams>): Kinds["invoice"] {
  return act.store.tried(() => {
    const asked = { ...params, customer: previewedCustomer(act, params) };
    return previewInvoice(act, asked, aheadOf(act, asked));
  });
}
