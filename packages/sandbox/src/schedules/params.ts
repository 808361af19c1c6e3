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
  text,
  timestamp,
} from "../api/params.ts";
import { phaseExtras } from "../billing/extras.ts";
import { discountParams } from "../billing/grant-discount.ts";
import { newItem, prorationBehavior } from "../billing/params.ts";
import { billingMode } from "../billing/subscription.ts";
import { invoiceSettings } from "../billing/subscription-fields.ts";
import { interval } from "../catalog/price.ts";
import { automaticTax, clearableTaxRates } from "../tax/rates.ts";

/** A moment, or now. */
export const moment = () => timestamp().or(oneOf("now")).optional();

const collectionMethod = () => oneOf("charge_automatically", "send_invoice").optional();
/** Whether a phase begins a period of its own. */
const cycleAnchor = () => oneOf("automatic", "phase_start").optional();
export const billSettings = () =>
  invoiceSettings().extend({ days_until_due: integer({ min: 0 }).optional() });

export const phase = () =>
  hash({
    add_invoice_items: phaseExtras().optional(),
    application_fee_percent: notBuilt(),
    automatic_tax: automaticTax(),
    billing_cycle_anchor: cycleAnchor(),
    billing_thresholds: notBuilt(),
    collection_method: collectionMethod(),
    currency: currency().optional(),
    default_payment_method: text().optional(),
    default_tax_rates: clearableTaxRates(),
    description: text(500).optional(),
    discounts: clearable(discountParams()).optional(),
    duration: hash({ interval: interval(), interval_count: integer({ min: 1 }).optional() }).optional(),
    end_date: moment(),
    invoice_settings: billSettings().optional(),
    items: list(newItem(), { max: 20 }),
    /** How often its price is billed: what versions before clover say instead of a duration. */
    iterations: integer({ min: 1 }).optional(),
    metadata: metadata().optional(),
    on_behalf_of: notBuilt(),
    proration_behavior: prorationBehavior(),
    start_date: moment(),
    transfer_data: notBuilt(),
    trial: boolean().optional(),
    trial_end: moment(),
  });

const shared = {
  default_settings: hash({
    application_fee_percent: notBuilt(),
    automatic_tax: automaticTax(),
    billing_cycle_anchor: cycleAnchor(),
    billing_thresholds: notBuilt(),
    collection_method: collectionMethod(),
    default_payment_method: text().optional(),
    description: text(500).optional(),
    invoice_settings: billSettings().optional(),
    on_behalf_of: notBuilt(),
    transfer_data: notBuilt(),
  }).optional(),
  end_behavior: oneOf("cancel", "release").optional(),
  metadata: metadata().optional(),
};

export const createParams = hash({
  ...shared,
  billing_mode: billingMode().optional(),
  customer: text().optional(),
  customer_account: notBuilt(),
  from_subscription: text().optional(),
  // One begins where the other ends, and the first with the schedule: only an update may say when.
  phases: list(phase().omit({ start_date: true }), { max: 50 }).optional(),
  pause_schedules: notBuilt(),
  start_date: moment(),
});

export const updateParams = hash({
  ...shared,
  pause_schedules: clearable(notBuilt()),
  phases: list(phase(), { max: 50 }).optional(),
  proration_behavior: prorationBehavior(),
});
