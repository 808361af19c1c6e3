import type { z } from "zod";
import type { Act } from "../act.ts";
import { cleared, clearedTo } from "../api/changes.ts";
import { invalid } from "../api/errors.ts";
import {
  boolean,
  clearable,
  hash,
  ignored,
  integer,
  list,
  metadata,
  notBuilt,
  oneOf,
  text,
} from "../api/params.ts";
import { stored } from "../api/stored.ts";
import { possibleTypes } from "../payment-methods/types.ts";
import { automaticTax, clearableTaxRates } from "../tax/rates.ts";
import type { Kinds } from "../wire.ts";
import { extraItems } from "./extras.ts";
import { discountParams } from "./grant-discount.ts";
import { inTimeOf } from "./own-time.ts";
import { momentOf, paymentBehavior, prorationBehavior } from "./params.ts";
import { subscriptionOptions, subscriptionOptionsOf } from "./payment-options.ts";
import { pendingInterval } from "./pending-interval.ts";
import { lastPeriodEnd } from "./period.ts";
import type { Subscription } from "./subscription.ts";

export const invoiceSettings = () =>
  hash({
    account_tax_ids: clearable(list(text())).optional(),
    custom_fields: clearable(list(hash({ name: text(40), value: text(140) }), { max: 4 })).optional(),
    description: text().optional(),
    footer: text().optional(),
    issuer: ignored("one_account"),
  });

const paymentSettings = () =>
  hash({
    payment_method_options: clearable(subscriptionOptions()).optional(),
    payment_method_types: clearable(list(text())).optional(),
    save_default_payment_method: oneOf("off", "on_subscription").optional(),
  });

const trialSettings = () =>
  hash({
    end_behavior: hash({
      billing_cycle_anchor: notBuilt(),
      missing_payment_method: oneOf("cancel", "create_invoice", "pause").optional(),
    }),
  });

/** What making and changing a subscription have in common. */
export const shared = {
  add_invoice_items: extraItems().optional(),
  application_fee_percent: notBuilt(),
  automatic_tax: automaticTax(),
  billing_schedules: notBuilt(),
  billing_thresholds: notBuilt(),
  cancel_at: text().optional(),
  cancel_at_period_end: boolean().optional(),
  collection_method: oneOf("charge_automatically", "send_invoice").optional(),
  days_until_due: integer({ min: 0 }).optional(),
  default_payment_method: text().optional(),
  default_source: text().optional(),
  default_tax_rates: clearableTaxRates(),
  description: text(500).optional(),
  discounts: clearable(discountParams()).optional(),
  invoice_settings: invoiceSettings().optional(),
  metadata: metadata().optional(),
  off_session: ignored("always_off_session"),
  on_behalf_of: notBuilt(),
  payment_behavior: paymentBehavior(),
  payment_settings: paymentSettings().optional(),
  pending_invoice_item_interval: pendingInterval(),
  proration_behavior: prorationBehavior(),
  transfer_data: notBuilt(),
  trial_end: text().optional(),
  trial_from_plan: boolean().optional(),
  trial_settings: trialSettings().optional(),
};

interface Given {
  invoice_settings?: z.output<ReturnType<typeof invoiceSettings>> | undefined;
  payment_settings?: z.output<ReturnType<typeof paymentSettings>> | undefined;
}

/** What its invoices say, and how they are paid; what wasn't given stays. */
export function settingsOf(
  old: Pick<Subscription, "invoice_settings" | "payment_settings"> & { currency: string },
  { invoice_settings: billing, payment_settings: payment }: Given,
): Pick<Subscription, "invoice_settings" | "payment_settings"> {
  const { invoice_settings: invoice, payment_settings: paid } = old;
  const types = payment?.payment_method_types;
  if (types) possibleTypes(types, old.currency, "payment_settings[payment_method_types]");
  return {
    invoice_settings: invoiceSettingsOf(invoice, billing),
    payment_settings: paid && {
      payment_method_options: subscriptionOptionsOf(
        paid.payment_method_options,
        payment?.payment_method_options,
      ),
      payment_method_types: clearedTo(types, paid.payment_method_types),
      save_default_payment_method: payment?.save_default_payment_method ?? paid.save_default_payment_method,
    },
  };
}

export const invoiceSettingsOf = (
  old: Subscription["invoice_settings"],
  given: Given["invoice_settings"],
): Subscription["invoice_settings"] => ({
  ...old,
  account_tax_ids: clearedTo(given?.account_tax_ids, old.account_tax_ids),
  custom_fields: clearedTo(given?.custom_fields, old.custom_fields),
  description: cleared(given?.description, old.description),
  footer: cleared(given?.footer, old.footer),
});

export const subscriptionAt = (act: Act, id?: string): Kinds["subscription"] =>
  stored(act, "subscription", id);

/** The subscription, and the act at its time. */
export function subscriptionIn(given: Act, id: string | undefined): { act: Act; subscription: Subscription } {
  const subscription = subscriptionAt(given, id);
  return { act: inTimeOf(given, subscription), subscription };
}

/** Whether it shall end with its period, or at a moment of its own. */
export function ending(
  act: Act,
  subscription: Subscription,
  params: { cancel_at?: string | undefined; cancel_at_period_end?: boolean | undefined },
): Partial<Subscription> {
  const { cancel_at: moment, cancel_at_period_end: atEnd } = params;
  if (moment && atEnd) {
    throw invalid(
      "You may only specify one of these parameters: cancel_at, cancel_at_period_end.",
      "cancel_at",
    );
  }
  const open = { cancel_at: null, cancel_at_period_end: false, canceled_at: null };
  if (moment === "" || (atEnd === false && subscription.cancel_at !== null)) return open;
  if (moment !== undefined) {
    const cancelAt = momentOf(subscription, moment);
    if (cancelAt <= act.now) throw invalid("`cancel_at` must be in the future.", "cancel_at");
    return { cancel_at: cancelAt, cancel_at_period_end: false, canceled_at: act.now };
  }
  if (!atEnd || subscription.cancel_at_period_end) return {};
  return { cancel_at: lastPeriodEnd(subscription), cancel_at_period_end: true, canceled_at: act.now };
}
