import type { z } from "zod";
import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { invalid, missing } from "../api/errors.ts";
import { NO_SETTINGS } from "../billing/subscription.ts";
import { invoiceSettingsOf } from "../billing/subscription-fields.ts";
import { askedOf, NO_TEXT } from "../checkout/asked.ts";
import { checkChosenLine } from "../checkout/chosen-amount.ts";
import { buildLines, limitsOf } from "../checkout/lines.ts";
import { namesAsked } from "../checkout/names.ts";
import { offersOf } from "../checkout/optional.ts";
import { automaticTaxOf } from "../checkout/tax.ts";
import { longId, randomText } from "../ids.ts";
import { possibleTypes } from "../payment-methods/types.ts";
import type { Store } from "../store.ts";
import type { Kinds, LineItem } from "../wire.ts";
import type { createParams } from "./params.ts";

export type PaymentLink = Kinds["payment_link"];
/** What a link was made with and, since then, changed to. */
export type Sold = z.output<typeof createParams> & { active?: boolean | undefined };
export type Mode = "payment" | "subscription";

/** What its sessions are made of, and the lines they sell. */
export interface Kept {
  sold: Sold;
  lines: LineItem[];
}

const NOTE = "sold";

export function keptOf(store: Store, link: string): Kept {
  const note = store.note(link, NOTE);
  if (note === undefined) throw new Error(`the link ${link} sells nothing`);
  return JSON.parse(note);
}

export const keep = (store: Store, link: string, kept: Kept): void =>
  store.setNote(link, NOTE, JSON.stringify(kept));

export const modeOf = (lines: readonly LineItem[]): Mode =>
  lines.some(({ price }) => price?.type === "recurring") ? "subscription" : "payment";

export function createLink(act: Act, sold: Sold): PaymentLink {
  const lines = linesOf(act, sold);
  const id = longId("plink");
  const link = act.create(
    buildLink(act, { id, url: `${act.origin}/b/test_${randomText(16)}` }, sold, lines),
    "payment_link.created",
  );
  act.store.setNote(link.url, "link", id);
  keep(act.store, id, { lines, sold: reusable(sold, lines, link) });
  return link;
}

/** The lines with prices that last: what is priced in passing can be bought through this link again and again. */
function linesOf(act: Act, { currency, line_items: items }: Sold): LineItem[] {
  const recurring = items.some((item) => {
    const named = act.store.find("price", item.price ?? "");
    return named?.recurring || item.price_data?.recurring;
  });
  const lines = buildLines(act, recurring ? "subscription" : "payment", items, currency);
  for (const [place, { price }] of lines.entries()) {
    if (!price || !items[place]?.price_data) continue;
    act.change(price, { active: true });
    const product = act.store.find("product", price.product);
    if (product && !product.active) act.change(product, { active: true });
  }
  return lines;
}

/** The same order in words that can be said again: prices and ways to ship by their ids. */
function reusable(sold: Sold, lines: readonly LineItem[], link: PaymentLink): Sold {
  const line_items = sold.line_items.map((item, place) => {
    const { price_data: _, ...others } = item;
    const { price } = lines[place] ?? {};
    return { ...others, price: price?.id ?? item.price };
  });
  const shipping_options = link.shipping_options.map(({ shipping_rate }) => ({ shipping_rate }));
  return { ...sold, line_items, ...(shipping_options.length > 0 && { shipping_options }) };
}

export function buildLink(
  act: Act,
  { id, url }: Pick<PaymentLink, "id" | "url">,
  sold: Sold,
  lines: readonly LineItem[],
): PaymentLink {
  const [first] = lines;
  if (!first) throw missing("line_items");
  checkChosenLine(lines, sold);
  const mode = modeOf(lines);
  const { fields } = askedOf(act, sold, first.currency);
  return {
    id,
    object: "payment_link",
    active: sold.active ?? true,
    after_completion: afterOf(sold),
    allow_promotion_codes: sold.allow_promotion_codes ?? false,
    application: null,
    application_fee_amount: null,
    application_fee_percent: null,
    automatic_tax: {
      enabled: automaticTaxOf(sold.automatic_tax?.enabled ?? false, null).enabled,
      liability: null,
    },
    billing_address_collection: sold.billing_address_collection ?? "auto",
    consent_collection: fields.consent_collection ?? null,
    currency: first.currency,
    custom_fields: (fields.custom_fields ?? []).map(unfilled),
    custom_text: fields.custom_text ?? NO_TEXT,
    customer_creation: sold.customer_creation ?? (mode === "subscription" ? "always" : "if_required"),
    inactive_message: sold.inactive_message || null,
    invoice_creation: mode === "payment" ? invoicesOf(sold) : null,
    livemode: false,
    managed_payments: { enabled: false },
    metadata: mergeMetadata(null, sold.metadata),
    ...(sold.name_collection && { name_collection: namesAsked(sold.name_collection) }),
    on_behalf_of: null,
    optional_items: offersOf(act, sold.optional_items, lines),
    payment_intent_data:
      mode === "payment" && sold.payment_intent_data ? paymentOf(sold.payment_intent_data) : null,
    payment_method_collection: sold.payment_method_collection ?? "always",
    payment_method_options: blockingOf(sold),
    payment_method_types: sold.payment_method_types
      ? typesOf(sold.payment_method_types, first.currency)
      : null,
    phone_number_collection: { enabled: sold.phone_number_collection?.enabled ?? false },
    restrictions: sold.restrictions ? countOf(act, id, sold.restrictions.completed_sessions.limit) : null,
    shipping_address_collection: fields.shipping_address_collection ?? null,
    shipping_options: fields.shipping_options ?? [],
    submit_type: sold.submit_type ?? "auto",
    subscription_data: mode === "subscription" ? subscriptionOf(sold) : null,
    tax_id_collection: {
      enabled: sold.tax_id_collection?.enabled ?? false,
      required: sold.tax_id_collection?.required ?? "never",
    },
    transfer_data: null,
    url,
  };
}

/** Of a link that may be used so often: how often it was. */
export function countOf(act: Pick<Act, "store">, id: string, limit: number): PaymentLink["restrictions"] {
  const filters = [
    { field: "payment_link", is: "=", value: id },
    { field: "status", is: "=", value: "complete" },
  ] as const;
  return { completed_sessions: { count: act.store.countOf("checkout.session", filters), limit } };
}

function afterOf({ after_completion: after }: Sold): PaymentLink["after_completion"] {
  if (after?.type === "redirect") {
    if (!after.redirect) throw missing("after_completion[redirect]");
    return { redirect: after.redirect, type: "redirect" };
  }
  const custom_message = after?.hosted_confirmation?.custom_message ?? null;
  return { hosted_confirmation: { custom_message }, type: "hosted_confirmation" };
}

/** A field as it is asked for: nobody has filled it in. */
function unfilled({ dropdown, numeric, text, ...field }: Kinds["checkout.session"]["custom_fields"][number]) {
  const plain = <T extends { value?: unknown }>({ value: _, ...others }: T) => others;
  return {
    ...field,
    ...(dropdown && { dropdown: plain(dropdown) }),
    ...(numeric && { numeric: plain(numeric) }),
    ...(text && { text: plain(text) }),
  };
}

function invoicesOf({ invoice_creation: given }: Sold): PaymentLink["invoice_creation"] {
  const data = given?.invoice_data;
  const look = data?.rendering_options;
  return {
    enabled: given?.enabled ?? false,
    invoice_data: {
      account_tax_ids: data?.account_tax_ids ?? null,
      custom_fields: data?.custom_fields ?? null,
      description: data?.description ?? null,
      footer: data?.footer ?? null,
      issuer: null,
      metadata: mergeMetadata(null, data?.metadata),
      rendering_options: look
        ? { amount_tax_display: look.amount_tax_display ?? null, template: look.template ?? null }
        : null,
    },
  };
}

function paymentOf(data: NonNullable<Sold["payment_intent_data"]>): PaymentLink["payment_intent_data"] {
  return {
    capture_method: data.capture_method ?? null,
    description: data.description ?? null,
    metadata: mergeMetadata(null, data.metadata),
    setup_future_usage: data.setup_future_usage ?? null,
    statement_descriptor: data.statement_descriptor ?? null,
    statement_descriptor_suffix: data.statement_descriptor_suffix ?? null,
    transfer_group: data.transfer_group ?? null,
  };
}

function subscriptionOf({ subscription_data: data }: Sold): PaymentLink["subscription_data"] {
  const missing_payment_method =
    data?.trial_settings?.end_behavior.missing_payment_method ?? "create_invoice";
  return {
    description: data?.description ?? null,
    invoice_settings: invoiceSettingsOf(NO_SETTINGS.invoice_settings, data?.invoice_settings),
    metadata: mergeMetadata(null, data?.metadata),
    trial_period_days: data?.trial_period_days ?? null,
    trial_settings: data?.trial_settings ? { end_behavior: { missing_payment_method } } : null,
  };
}

/** The brands of cards that its sessions refuse. */
export function blockedBrands({ payment_method_options: options }: Sold) {
  const { restrictions } = options?.card || {};
  return (restrictions ? restrictions.brands_blocked : undefined) || [];
}

function blockingOf(sold: Sold): PaymentLink["payment_method_options"] {
  const brands_blocked = blockedBrands(sold);
  return brands_blocked.length > 0 ? { card: { restrictions: { brands_blocked } } } : null;
}

function typesOf(types: string[], currency: string): string[] {
  return possibleTypes(types, currency, "payment_method_types");
}

/** The lines with what was changed about them. */
export function changedLines(
  lines: readonly LineItem[],
  given: readonly {
    id: string;
    adjustable_quantity?: Parameters<typeof limitsOf>[0] | undefined;
    quantity?: number | undefined;
  }[],
): LineItem[] {
  for (const [place, { id }] of given.entries()) {
    if (lines.some((line) => line.id === id)) continue;
    throw invalid(`No such line item: '${id}'`, `line_items[${place}][id]`, "resource_missing");
  }
  return lines.map((line) => {
    const change = given.find(({ id }) => id === line.id);
    if (!change) return line;
    const limits = change.adjustable_quantity;
    return {
      ...line,
      ...(limits && { adjustable_quantity: limitsOf(limits) }),
      quantity: change.quantity ?? line.quantity,
    };
  });
}
