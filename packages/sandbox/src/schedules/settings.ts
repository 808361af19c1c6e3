import type { z } from "zod";
import { cleared, clearedTo } from "../api/changes.ts";
import type { Kinds } from "../wire.ts";
import type { createParams } from "./params.ts";

type Schedule = Kinds["subscription_schedule"];
type Settings = Schedule["default_settings"];
type BillSettings = Settings["invoice_settings"];
type Given = NonNullable<z.output<typeof createParams>["default_settings"]>;

const NO_BILL_SETTINGS: BillSettings = {
  account_tax_ids: null,
  custom_fields: null,
  days_until_due: null,
  description: null,
  footer: null,
  issuer: { type: "self" },
};

/** What a schedule's phases have where they say nothing themselves. */
export const NO_DEFAULTS: Settings = {
  application_fee_percent: null,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null },
  billing_cycle_anchor: "automatic",
  billing_thresholds: null,
  collection_method: "charge_automatically",
  default_payment_method: null,
  description: null,
  invoice_settings: NO_BILL_SETTINGS,
  on_behalf_of: null,
  transfer_data: null,
};

/** The same of a subscription that is put under a schedule: its own terms go on. */
export function defaultsFrom(subscription: Kinds["subscription"]): Settings {
  return {
    ...NO_DEFAULTS,
    automatic_tax: automaticTaxOf(subscription.automatic_tax.enabled),
    collection_method: subscription.collection_method,
    default_payment_method: subscription.default_payment_method,
    description: subscription.description,
    invoice_settings: {
      ...subscription.invoice_settings,
      days_until_due: subscription.days_until_due,
    },
  };
}

/** What was given of them is set; the rest stays. */
export function defaultsOf(old: Settings, given: Given | undefined): Settings {
  if (!given) return old;
  const { automatic_tax: tax, invoice_settings: bill } = given;
  return {
    ...old,
    ...(tax && { automatic_tax: automaticTaxOf(tax.enabled) }),
    billing_cycle_anchor: given.billing_cycle_anchor ?? old.billing_cycle_anchor,
    collection_method: given.collection_method ?? old.collection_method,
    default_payment_method: cleared(given.default_payment_method, old.default_payment_method),
    description: cleared(given.description, old.description),
    invoice_settings: bill ? billSettingsOf(old.invoice_settings, bill) : old.invoice_settings,
  };
}

/** How the bills of a phase, or of all phases, look and when they are due. */
export function billSettingsOf(
  old: BillSettings | null,
  given: NonNullable<Given["invoice_settings"]>,
): BillSettings {
  const before = old ?? NO_BILL_SETTINGS;
  return {
    ...before,
    account_tax_ids: clearedTo(given.account_tax_ids, before.account_tax_ids),
    custom_fields: clearedTo(given.custom_fields, before.custom_fields),
    days_until_due: given.days_until_due ?? before.days_until_due,
    description: cleared(given.description, before.description),
    footer: cleared(given.footer, before.footer),
  };
}

export const automaticTaxOf = (enabled: boolean) => ({
  disabled_reason: null,
  enabled,
  liability: enabled ? { type: "self" } : null,
});
