import type { z } from "zod";
import type { Act } from "../act.ts";
import { addressOf } from "../api/address.ts";
import { clearedTo } from "../api/changes.ts";
import { invalid } from "../api/errors.ts";
import {
  address,
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
  timestamp,
} from "../api/params.ts";
import { stored } from "../api/stored.ts";
import { discountParams, grantDiscounts } from "../billing/grant-discount.ts";
import { inTimeOf } from "../billing/own-time.ts";
import { invoiceOptions, invoiceOptionsOf } from "../billing/payment-options.ts";
import { rulesOf } from "../billing/rules.ts";
import { possibleTypes } from "../payment-methods/types.ts";
import { chosenRate, rateChoice } from "../shipping/choice.ts";
import { costIn } from "../shipping/rate.ts";
import { automaticTax, clearableTaxRates } from "../tax/rates.ts";
import type { Kinds } from "../wire.ts";

type Invoice = Kinds["invoice"];

export const DAY = 86_400;

/** The invoice, and the act at its time. */
export function invoiceAt(given: Act, id?: string): { act: Act; invoice: Invoice } {
  const invoice = stored(given, "invoice", id, { param: "invoice" });
  return { act: inTimeOf(given, invoice), invoice };
}

const paymentSettings = () =>
  hash({
    default_mandate: text().optional(),
    payment_method_options: clearable(invoiceOptions()).optional(),
    payment_method_types: clearable(list(text())).optional(),
  });

const rendering = () =>
  hash({
    amount_tax_display: clearable(oneOf("exclude_tax", "include_inclusive_tax")).optional(),
    pdf: hash({ page_size: oneOf("a4", "auto", "letter").optional() }).optional(),
    template: text().optional(),
    template_version: clearable(integer({ min: 1 })).optional(),
  });

export const fields = {
  account_tax_ids: clearable(list(text())).optional(),
  application_fee_amount: notBuilt(),
  auto_advance: boolean().optional(),
  automatic_tax: automaticTax(),
  automatically_finalizes_at: timestamp().optional(),
  collection_method: oneOf("charge_automatically", "send_invoice").optional(),
  custom_fields: clearable(list(hash({ name: text(40), value: text(140) }), { max: 4 })).optional(),
  days_until_due: integer({ min: 0 }).optional(),
  default_payment_method: text().optional(),
  default_source: text().optional(),
  default_tax_rates: clearableTaxRates(),
  description: text().optional(),
  discounts: clearable(discountParams()).optional(),
  due_date: timestamp().optional(),
  effective_at: clearable(timestamp()).optional(),
  footer: text().optional(),
  issuer: ignored("one_account"),
  metadata: metadata().optional(),
  number: text(26).optional(),
  on_behalf_of: notBuilt(),
  payment_settings: paymentSettings().optional(),
  rendering: rendering().optional(),
  shipping_cost: clearable(rateChoice()).optional(),
  shipping_details: clearable(
    hash({ address: address(), name: text(), phone: text().optional() }),
  ).optional(),
  statement_descriptor: text(22).optional(),
  transfer_data: notBuilt(),
};

/** Only who is sent an invoice has a time to pay it. */
export function checkDue(
  method: string | undefined,
  params: { days_until_due?: number | undefined; due_date?: number | undefined },
) {
  if (method === "send_invoice") return;
  const name = (["days_until_due", "due_date"] as const).find((one) => params[one] !== undefined);
  if (name)
    throw invalid(`\`${name}\` can only be set when \`collection_method\` is \`send_invoice\`.`, name);
}

const given = hash(fields);

/** What is printed on an invoice and changes nothing of what it costs. */
export function printedOf(old: Invoice, params: z.output<typeof given>): Partial<Invoice> {
  const { shipping_details: shipping, rendering: look } = params;
  return {
    account_tax_ids: clearedTo(params.account_tax_ids, old.account_tax_ids),
    custom_fields: clearedTo(params.custom_fields, old.custom_fields),
    effective_at: clearedTo(params.effective_at, old.effective_at),
    payment_settings: paymentSettingsOf(old, params.payment_settings),
    ...(look && {
      rendering: {
        amount_tax_display: look.amount_tax_display || null,
        pdf: look.pdf ? { page_size: look.pdf.page_size ?? null } : null,
        template: look.template ?? null,
        template_version: look.template_version || null,
      },
    }),
    ...(shipping !== undefined && {
      shipping_details:
        shipping === ""
          ? null
          : {
              address: addressOf(shipping.address),
              name: shipping.name,
              phone: shipping.phone ?? null,
            },
    }),
  };
}

function paymentSettingsOf(
  { currency, payment_settings: old }: Invoice,
  given: z.output<ReturnType<typeof paymentSettings>> | undefined,
): Invoice["payment_settings"] {
  const {
    default_mandate: mandate,
    payment_method_options: options,
    payment_method_types: types,
  } = given ?? {};
  if (types) possibleTypes(types, currency, "payment_settings[payment_method_types]");
  return {
    default_mandate: clearedTo(mandate, old.default_mandate),
    payment_method_options: invoiceOptionsOf(old.payment_method_options, options),
    payment_method_types: clearedTo(types, old.payment_method_types),
  };
}

/** How what was sold is shipped, and what that costs. */
export function shippingCostOf(
  act: Act,
  given: "" | z.output<ReturnType<typeof rateChoice>>,
  currency: string,
): Invoice["shipping_cost"] {
  if (given === "") return null;
  const rate = chosenRate(act, given, { currency, of: "invoice", param: "shipping_cost" });
  const cost = costIn(rate, currency) ?? 0;
  return { amount_subtotal: cost, amount_tax: 0, amount_total: cost, shipping_rate: rate.id };
}

/** An invoice that advances by itself finalizes after a while. */
export function advancing(act: Act, draft: Invoice, wanted?: number): Invoice {
  if (!draft.auto_advance && wanted === undefined) return draft;
  const finalizesAt = wanted ?? act.now + rulesOf(act.store).draft_seconds;
  act.plan(finalizesAt, "invoice.finalize", draft.id);
  const charged = draft.collection_method === "charge_automatically";
  return {
    ...draft,
    auto_advance: true,
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
