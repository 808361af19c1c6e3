import { planOf } from "../billing/subscription.ts";
import type { Json } from "../wire.ts";
import { type Change, fieldOf, inEach, type Look, nested, renamed, textOf } from "./change.ts";

const inPricing = nested("price", "pricing", (price) => ({ price }));

/** What an invoice or a line of it is for stands in `parent`, and its price in `pricing`. */
export const invoiceParent: Change = {
  since: "2025-03-31",
  requests: [
    { to: /^POST \/v1\/invoiceitems\b/, upgrade: inPricing, unnamed: true },
    {
      to: /^POST \/v1\/invoiceitems\b/,
      upgrade: renamed("unit_amount", "unit_amount_decimal"),
      unnamed: true,
    },
    {
      to: /^POST \/v1\/invoices\/[^/]+\/(add|update)_lines$/,
      upgrade: inEach("lines", inPricing),
      unnamed: true,
    },
    { to: /^POST \/v1\/invoices\/[^/]+\/lines\/./, upgrade: inPricing, unnamed: true },
  ],
  answers: {
    invoice: (invoice) => {
      const details = fieldOf(invoice.parent, "subscription_details");
      invoice.subscription = fieldOf(details, "subscription") ?? null;
      invoice.subscription_details = { metadata: fieldOf(details, "metadata") ?? null };
      invoice.quote = fieldOf(fieldOf(invoice.parent, "quote_details"), "quote") ?? null;
      invoice.application_fee_amount = null;
      invoice.transfer_data = null;
    },
    invoiceitem: (item, look) => {
      const details = fieldOf(item.parent, "subscription_details");
      item.subscription = fieldOf(details, "subscription") ?? null;
      item.subscription_item = fieldOf(details, "subscription_item") ?? null;
      showPrice(item, look);
    },
    line_item: (line, look) => {
      const ofItem = fieldOf(line.parent, "subscription_item_details");
      const details = ofItem ?? fieldOf(line.parent, "invoice_item_details");
      line.invoice_item = fieldOf(details, "invoice_item") ?? undefined;
      line.proration = fieldOf(details, "proration") ?? false;
      line.proration_details = fieldOf(details, "proration_details") ?? { credited_items: null };
      line.subscription_item = fieldOf(ofItem, "subscription_item") ?? undefined;
      line.type = ofItem && !line.invoice_item ? "subscription" : "invoiceitem";
      showPrice(line, look);
    },
  },
  expandable: { invoice: ["quote", "subscription"], invoiceitem: ["subscription"] },
};

function showPrice(object: Json, look: Look): void {
  const price = look.find("price", textOf(fieldOf(fieldOf(object.pricing, "price_details"), "price")));
  object.price = price ?? null;
  object.plan = price?.recurring ? planOf(price) : null;
  object.unit_amount = price?.unit_amount ?? null;
  object.unit_amount_decimal = price?.unit_amount_decimal ?? null;
}
