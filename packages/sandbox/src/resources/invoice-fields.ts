import type { Act } from "../act.ts";
import {
  boolean,
  clearable,
  ignored,
  integer,
  metadata,
  notBuilt,
  oneOf,
  text,
  timestamp,
} from "../api/params.ts";
import { stored } from "../api/stored.ts";
import { discountParams, grantDiscounts } from "../billing/grant-discount.ts";
import { inTimeOf } from "../billing/own-time.ts";
import { rulesOf } from "../billing/rules.ts";
import { automaticTax, clearableTaxRates } from "../tax/rates.ts";
import type { Kinds } from "../wire.ts";

type Invoice = Kinds["invoice"];

export const DAY = 86_400;

/** The invoice, and the act at its time. */
export function invoiceAt(given: Act, id?: string): { act: Act; invoice: Invoice } {
  const invoice = stored(given, "invoice", id, { param: "invoice" });
  return { act: inTimeOf(given, invoice), invoice };
}

export const fields = {
  account_tax_ids: ignored(),
  application_fee_amount: notBuilt(),
  auto_advance: boolean().optional(),
  automatic_tax: automaticTax(),
  automatically_finalizes_at: timestamp().optional(),
  collection_method: oneOf("charge_automatically", "send_invoice").optional(),
  custom_fields: ignored(),
  days_until_due: integer({ min: 0 }).optional(),
  default_payment_method: text().optional(),
  default_source: notBuilt(),
  default_tax_rates: clearableTaxRates(),
  description: text().optional(),
  discounts: clearable(discountParams()).optional(),
  due_date: timestamp().optional(),
  effective_at: ignored(),
  footer: text().optional(),
  issuer: ignored(),
  metadata: metadata().optional(),
  number: text(26).optional(),
  on_behalf_of: notBuilt(),
  payment_settings: ignored(),
  rendering: ignored(),
  shipping_cost: notBuilt(),
  shipping_details: ignored(),
  statement_descriptor: text(22).optional(),
  transfer_data: notBuilt(),
};

/** An invoice that advances by itself finalizes after a while. */
export function advancing(act: Act, draft: Invoice): Invoice {
  if (!draft.auto_advance) return draft;
  const finalizesAt = act.now + rulesOf(act.store).draft_seconds;
  act.plan(finalizesAt, "invoice.finalize", draft.id);
  const charged = draft.collection_method === "charge_automatically";
  return {
    ...draft,
    automatically_finalizes_at: finalizesAt,
    next_payment_attempt: charged ? act.now + 3_600 : null,
  };
}

export function discountsOf(
  act: Act,
  given: "" | Parameters<typeof grantDiscounts>[1],
  customer: string,
): string[] {
  return given === "" ? [] : grantDiscounts(act, given, customer);
}
