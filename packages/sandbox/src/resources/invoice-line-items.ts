import type { z } from "zod";
import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { noSuch, refused } from "../api/errors.ts";
import { pageOf } from "../api/lists.ts";
import {
  boolean,
  clearable,
  hash,
  integer,
  list,
  metadata,
  oneOf,
  paging,
  text,
  timestamp,
} from "../api/params.ts";
import { rewritten } from "../billing/draft.ts";
import { discountParams, grantDiscounts } from "../billing/grant-discount.ts";
import { type InvoiceLine, itemLine, manualLine, pricingOf } from "../billing/lines.ts";
import { oncePriceData, priceOf } from "../billing/params.ts";
import { quantities, quantityOf } from "../billing/quantity.ts";
import { soldProductData } from "../catalog/product.ts";
import { amountOf } from "../catalog/tiers.ts";
import { keepOwnRates } from "../tax/on-invoice.ts";
import { keepOwnTaxes, taxAmounts } from "../tax/own-amounts.ts";
import { clearableTaxRates, taxRatesFor } from "../tax/rates.ts";
import type { Kinds } from "../wire.ts";
import { invoiceAt } from "./invoice-fields.ts";

type Invoice = Kinds["invoice"];

function draftAt(given: Act, id: string | undefined): { act: Act; invoice: Invoice } {
  const found = invoiceAt(given, id);
  if (found.invoice.status !== "draft") {
    throw refused("This invoice is no longer editable.", { code: "invoice_not_editable" });
  }
  return found;
}

const line = {
  amount: integer().optional(),
  description: text().optional(),
  discountable: boolean().optional(),
  discounts: clearable(discountParams()).optional(),
  metadata: metadata().optional(),
  period: hash({ end: timestamp(), start: timestamp() }).optional(),
  price_data: oncePriceData()
    .extend({
      product: text().optional(),
      product_data: soldProductData().optional(),
    })
    .optional(),
  pricing: hash({ price: text().optional() }).optional(),
  ...quantities,
  tax_amounts: taxAmounts(),
  tax_rates: clearableTaxRates(),
};

export const invoiceLineItems = [
  endpoint({
    method: "GET",
    path: "/v1/invoices/:id/lines",
    params: hash(paging),
    run(act, params, { id }) {
      const { invoice } = invoiceAt(act, id);
      return pageOf(invoice.lines.data, `/v1/invoices/${invoice.id}/lines`, params);
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/invoices/:id/add_lines",
    params: hash({
      invoice_metadata: metadata().optional(),
      lines: list(hash({ ...line, invoice_item: text().optional() }), { max: 250 }),
    }),
    run(given, params, { id }) {
      const { act, invoice } = draftAt(given, id);
      const added = params.lines.map((one, index) => {
        const pending = one.invoice_item ? act.store.find("invoiceitem", one.invoice_item) : undefined;
        if (one.invoice_item && !pending) {
          throw noSuch("invoiceitem", one.invoice_item, `lines[${index}][invoice_item]`);
        }
        if (pending) return itemLine(act.store, invoice.id, act.change(pending, { invoice: invoice.id }));
        return newLine(act, invoice, one, `lines[${index}]`);
      });
      return rewritten(act, withMetadata(invoice, params.invoice_metadata), [
        ...invoice.lines.data,
        ...added,
      ]);
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/invoices/:id/update_lines",
    params: hash({
      invoice_metadata: metadata().optional(),
      lines: list(hash({ ...line, id: text() }), { max: 250 }),
    }),
    run(given, params, { id }) {
      const { act, invoice } = draftAt(given, id);
      for (const [index, one] of params.lines.entries()) knownLine(invoice, one.id, index);
      const lines = invoice.lines.data.map((old) => {
        const one = params.lines.find((candidate) => candidate.id === old.id);
        return one ? changedLine(act, invoice, old, one, "lines") : old;
      });
      return rewritten(act, withMetadata(invoice, params.invoice_metadata), lines);
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/invoices/:id/lines/:line",
    params: hash(line),
    run(given, params, { id, line: lineId = "" }) {
      const { act, invoice } = draftAt(given, id);
      if (!invoice.lines.data.some((one) => one.id === lineId)) throw noSuch("line item", lineId, "id", 404);
      const lines = invoice.lines.data.map((old) =>
        old.id === lineId ? changedLine(act, invoice, old, params, "") : old,
      );
      const changed = rewritten(act, invoice, lines).lines.data.find((one) => one.id === lineId);
      return changed ?? {};
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/invoices/:id/remove_lines",
    params: hash({
      invoice_metadata: metadata().optional(),
      lines: list(hash({ behavior: oneOf("delete", "unassign"), id: text() }), { max: 250 }),
    }),
    run(given, params, { id }) {
      const { act, invoice } = draftAt(given, id);
      for (const [index, { id: lineId, behavior }] of params.lines.entries()) {
        const known = knownLine(invoice, lineId, index);
        const item = act.store.find("invoiceitem", known.parent?.invoice_item_details?.invoice_item ?? "");
        if (item && behavior === "unassign") act.change(item, { invoice: null });
        else if (item) act.store.delete(item.id);
      }
      const gone = new Set(params.lines.map((one) => one.id));
      const left = invoice.lines.data.filter((one) => !gone.has(one.id));
      return rewritten(act, withMetadata(invoice, params.invoice_metadata), left);
    },
  }),
];

type Given = z.output<z.ZodObject<typeof line>>;

/** A line that was written by hand, with its own price, taxes and discounts. */
function newLine(act: Act, invoice: Invoice, one: Given, param: string): InvoiceLine {
  const price = priceIn(act, one, param);
  const { exact, ...counted } = quantityOf(one);
  const blank = manualLine(act, invoice, {
    amount: one.amount ?? (price ? amountOf(act.store, price, exact) : 0),
    description: one.description ?? null,
    metadata: mergeMetadata(null, one.metadata),
    price: price ?? null,
    quantity: counted.quantity,
    taxRates: taxRatesFor(act, one.tax_rates, `${param}[tax_rates]`),
  });
  keepOwnTaxes(act, blank.id, one.tax_amounts);
  return {
    ...blank,
    ...counted,
    discountable: one.discountable ?? blank.discountable,
    discounts: discountsOf(act, invoice, one, param) ?? blank.discounts,
    period: one.period ?? blank.period,
  };
}

/** A line with what was said anew of it. */
function changedLine(act: Act, invoice: Invoice, old: InvoiceLine, one: Given, param: string): InvoiceLine {
  const named = (name: string) => (param ? `${param}[${name}]` : name);
  if (one.tax_rates !== undefined) {
    keepOwnRates(act.store, old.id, taxRatesFor(act, one.tax_rates, named("tax_rates")));
  }
  keepOwnTaxes(act, old.id, one.tax_amounts);
  const price = priceIn(act, one, param);
  const known = price ?? act.store.find("price", old.pricing?.price_details?.price ?? "");
  const { exact, ...counted } = quantityOf(one, Number(old.quantity_decimal ?? old.quantity ?? 1));
  const priced = price !== undefined || one.quantity !== undefined || one.quantity_decimal !== undefined;
  const amount = one.amount ?? (known && priced ? amountOf(act.store, known, exact) : old.amount);
  return {
    ...old,
    ...counted,
    amount,
    description: one.description ?? old.description,
    discountable: one.discountable ?? old.discountable,
    discounts: discountsOf(act, invoice, one, param) ?? old.discounts,
    metadata: mergeMetadata(old.metadata, one.metadata),
    period: one.period ?? old.period,
    ...(price && { pricing: pricingOf(price) }),
    subtotal: amount,
  };
}

function priceIn(act: Act, { price_data, pricing }: Given, param: string) {
  const asked = { price: pricing?.price, plan: undefined, price_data };
  return priceOf(act, asked, param ? `${param}[pricing]` : "pricing", "one_time");
}

function discountsOf(act: Act, { customer }: Invoice, { discounts }: Given, param: string) {
  if (discounts === undefined) return undefined;
  return grantDiscounts(act, discounts || [], customer ?? "", {
    at: param ? `${param}[discounts]` : "discounts",
  });
}

function knownLine(invoice: Invoice, id: string, index: number) {
  const known = invoice.lines.data.find((one) => one.id === id);
  if (!known) throw noSuch("line item", id, `lines[${index}][id]`);
  return known;
}

const withMetadata = (invoice: Invoice, given: Parameters<typeof mergeMetadata>[1]): Invoice => ({
  ...invoice,
  metadata: mergeMetadata(invoice.metadata, given),
});
