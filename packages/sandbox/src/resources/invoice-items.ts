import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, missing, noSuch, refused } from "../api/errors.ts";
import {
  boolean,
  clearable,
  currency,
  decimal,
  hash,
  ignored,
  integer,
  metadata,
  notBuilt,
  text,
  timestamp,
} from "../api/params.ts";
import { is, isWithin, leavesNothing, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { rewritten } from "../billing/draft.ts";
import { discountParams, grantDiscounts } from "../billing/grant-discount.ts";
import { buildInvoiceItem } from "../billing/invoice-item.ts";
import { itemLine, pricingOf, productName } from "../billing/lines.ts";
import { inTimeOf } from "../billing/own-time.ts";
import { oncePriceData, priceOf } from "../billing/params.ts";
import { quantities, quantityOf } from "../billing/quantity.ts";
import { buildPrice } from "../catalog/price.ts";
import { buildProduct } from "../catalog/product.ts";
import { amountOf } from "../catalog/tiers.ts";
import type { Filter } from "../listing.ts";
import { clearableTaxRates, taxRatesFor } from "../tax/rates.ts";
import type { Kinds } from "../wire.ts";

const period = () => hash({ end: timestamp(), start: timestamp() });

const fields = {
  amount: integer().optional(),
  description: text().optional(),
  discountable: boolean().optional(),
  discounts: clearable(discountParams()).optional(),
  metadata: metadata().optional(),
  period: period().optional(),
  price_data: oncePriceData().optional(),
  pricing: hash({ price: text().optional() }).optional(),
  ...quantities,
  tax_behavior: notBuilt(),
  tax_code: ignored("no_tax_codes"),
  tax_rates: clearableTaxRates(),
  unit_amount_decimal: decimal().optional(),
};

const itemAt = (act: Act, id?: string) => stored(act, "invoiceitem", id, { param: "invoiceitem" });

/** The draft an item is on, or the refusal because it was sent already. */
function draftOf(act: Act, item: Kinds["invoiceitem"]): Kinds["invoice"] | undefined {
  const invoice = act.store.find("invoice", item.invoice ?? "");
  if (invoice && invoice.status !== "draft") {
    throw refused("This invoice item is attached to an invoice that is no longer editable.", {
      code: "invoice_not_editable",
    });
  }
  return invoice;
}

/** An amount without a price is sold as a product of its own, at a price that can't be used again. */
function priceOfAmount(act: Act, unit: string, currency: string, name = "Invoice item"): Kinds["price"] {
  const product = act.create(buildProduct(act, { active: false, name }));
  return act.create(buildPrice(act, product.id, { active: false, currency, unit_amount_decimal: unit }));
}

const isPending = () =>
  boolean()
    .transform((pending): Filter[] => [{ field: "invoice", is: pending ? "=" : "!=", value: null }])
    .optional();

export const invoiceItems = [
  endpoint({
    method: "POST",
    path: "/v1/invoiceitems",
    creates: true,
    params: hash({
      ...fields,
      currency: currency().optional(),
      customer: text().optional(),
      customer_account: notBuilt(),
      invoice: text().optional(),
      subscription: text().optional(),
    }),
    run(given, params) {
      const invoice = params.invoice ? given.store.find("invoice", params.invoice) : undefined;
      if (params.invoice && !invoice) throw noSuch("invoice", params.invoice, "invoice");
      const customerId = params.customer ?? invoice?.customer ?? undefined;
      if (!customerId) throw missing("customer");
      const customer = given.store.find("customer", customerId);
      if (!customer) throw noSuch("customer", customerId, "customer");
      if (params.subscription && !given.store.find("subscription", params.subscription)) {
        throw noSuch("subscription", params.subscription, "subscription");
      }
      if (invoice && invoice.status !== "draft") {
        throw refused("This invoice is no longer editable.", { code: "invoice_not_editable" });
      }
      const act = inTimeOf(given, customer);
      const asked = { price: params.pricing?.price, plan: undefined, price_data: params.price_data };
      const named = priceOf(act, asked, "pricing", "one_time");
      const unit = params.unit_amount_decimal;
      if (!named && params.amount === undefined && unit === undefined) throw missing("amount");
      const other = named
        ? "pricing"
        : unit !== undefined
          ? "unit_amount_decimal"
          : (["quantity", "quantity_decimal"] as const).find((name) => params[name] !== undefined);
      if (params.amount !== undefined && other) {
        throw invalid(`You may only specify one of these parameters: amount, ${other}.`, other);
      }
      const { exact: quantity } = quantityOf(params);
      const amount = params.amount ?? Math.round(Number(unit ?? 0) * quantity);
      const money = named?.currency ?? params.currency ?? invoice?.currency ?? "usd";
      const price = named ?? priceOfAmount(act, unit ?? String(amount), money, params.description);
      const item = act.create(
        buildInvoiceItem(act, customer, {
          amount: named ? amountOf(act.store, named, quantity) : amount,
          currency: money,
          description: params.description ?? (named ? productName(act.store, named) : null),
          discountable: params.discountable ?? (params.amount ?? 0) >= 0,
          discounts: params.discounts ? grantDiscounts(act, params.discounts, customer.id) : [],
          invoice: invoice?.id ?? null,
          metadata: mergeMetadata(null, params.metadata),
          ...(params.period && { period: params.period }),
          price,
          quantity,
          subscription: params.subscription,
          taxRates: taxRatesFor(act, params.tax_rates, "tax_rates"),
        }),
        "invoiceitem.created",
      );
      if (invoice) rewritten(act, invoice, [...invoice.lines.data, itemLine(act.store, invoice.id, item)]);
      return item;
    },
  }),
  listRoute({
    kind: "invoiceitem",
    path: "/v1/invoiceitems",
    onTestClocksBy: ["customer", "invoice"],
    by: {
      created: isWithin("date"),
      customer: is("customer"),
      customer_account: leavesNothing(),
      invoice: is("invoice"),
      pending: isPending(),
    },
  }),
  retrieveRoute("/v1/invoiceitems/:id", itemAt),
  endpoint({
    method: "POST",
    path: "/v1/invoiceitems/:id",
    params: hash(fields),
    run(given, params, { id }) {
      const item = itemAt(given, id);
      const act = inTimeOf(given, item);
      const invoice = draftOf(act, item);
      const asked = { price: params.pricing?.price, plan: undefined, price_data: params.price_data };
      const price = priceOf(act, asked, "pricing", "one_time");
      const { exact: quantity, ...howMany } = quantityOf(params, Number(item.quantity_decimal));
      const known = price ?? act.store.find("price", item.pricing?.price_details?.price ?? "");
      const unit = params.unit_amount_decimal;
      const counted =
        unit === undefined
          ? known && amountOf(act.store, known, quantity)
          : Math.round(Number(unit) * quantity);
      const amount = params.amount ?? counted ?? item.amount;
      const changed = act.change(item, {
        amount,
        description: params.description ?? item.description,
        discountable: params.discountable ?? item.discountable,
        ...(params.discounts !== undefined && {
          discounts: params.discounts === "" ? [] : grantDiscounts(act, params.discounts, item.customer),
        }),
        metadata: mergeMetadata(item.metadata, params.metadata),
        net_amount: amount,
        period: params.period ?? item.period,
        pricing: price ? pricingOf(price) : item.pricing,
        ...howMany,
        tax_rates:
          params.tax_rates === undefined ? item.tax_rates : taxRatesFor(act, params.tax_rates, "tax_rates"),
      });
      if (invoice) {
        const lines = invoice.lines.data.map((line) =>
          itemOf(line) === item.id ? itemLine(act.store, invoice.id, changed, line.id) : line,
        );
        rewritten(act, invoice, lines);
      }
      return changed;
    },
  }),
  endpoint({
    method: "DELETE",
    path: "/v1/invoiceitems/:id",
    params: hash({}),
    run(given, _, { id }) {
      const item = itemAt(given, id);
      const act = inTimeOf(given, item);
      const invoice = draftOf(act, item);
      act.store.delete(item.id);
      if (invoice) {
        rewritten(
          act,
          invoice,
          invoice.lines.data.filter((line) => itemOf(line) !== item.id),
        );
      }
      act.emit("invoiceitem.deleted", item);
      return { id: item.id, object: item.object, deleted: true };
    },
  }),
];

const itemOf = ({ parent }: Kinds["invoice"]["lines"]["data"][number]) =>
  parent?.invoice_item_details?.invoice_item ?? parent?.subscription_item_details?.invoice_item;
