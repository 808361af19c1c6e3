import type { z } from "zod";
import type { Act } from "../act.ts";
import { cleared, clearedTo, mergeMetadata } from "../api/changes.ts";
import { invalid, noSuch } from "../api/errors.ts";
import { offerDiscounts } from "../billing/grant-discount.ts";
import { billingModeOf } from "../billing/subscription.ts";
import { longId } from "../ids.ts";
import { bothKinds, taxRatesFor } from "../tax/rates.ts";
import { linesFrom, type QuoteLine } from "./lines.ts";
import type { createParams, updateParams } from "./params.ts";
import { keptOf, type Quote, withTotals } from "./totals.ts";

const EXPIRES_AFTER_SECONDS = 30 * 86_400;

type Given = Omit<z.output<typeof updateParams>, "line_items">;
type NewQuote = z.output<typeof createParams>;

export const EXPIRY = "quote.expire";

/** A draft. Whom it is for, and what it offers, can be said later. */
export function createQuote(act: Act, params: NewQuote, testClock: string | null): Quote {
  const blank = blankQuote(act, params, testClock);
  const quote = changed(act, blank, params);
  const lines = linesFrom(act, params.line_items ?? [], [], quote.customer);
  return drafted(act, quote, lines);
}

/** A draft with all the terms of another quote, which stays as it is. */
export function cloneQuote(act: Act, source: Quote, expiresAt: number | undefined): Quote {
  const blank = blankQuote(act, {}, source.test_clock);
  const { created, id, invoice, number, status, status_transitions, subscription } = blank;
  const quote: Quote = {
    ...source,
    ...extended(act, blank, expiresAt),
    created,
    from_quote: { is_revision: false, quote: source.id },
    id,
    invoice,
    number,
    status,
    status_transitions,
    subscription,
    subscription_schedule: blank.subscription_schedule,
  };
  const { lines } = keptOf(act.store, source.id);
  return drafted(
    act,
    quote,
    lines.map((line) => ({ ...line, item: { ...line.item, id: longId("li") } })),
  );
}

function drafted(act: Act, quote: Quote, lines: QuoteLine[]): Quote {
  const made = act.create(withTotals(act, quote, lines), "quote.created");
  act.plan(made.expires_at, EXPIRY, made.id);
  return made;
}

/** A draft with other terms, and what it comes to now. */
export function changeQuote(act: Act, old: Quote, params: z.output<typeof updateParams>): Quote {
  const quote = changed(act, old, params);
  const known = keptOf(act.store, old.id).lines;
  const lines = params.line_items ? linesFrom(act, params.line_items, known, quote.customer) : known;
  if (quote.expires_at !== old.expires_at) act.plan(quote.expires_at, EXPIRY, quote.id);
  return act.change(old, withTotals(act, quote, lines));
}

/** Until when it can be accepted. */
export function extended(act: Act, quote: Quote, expiresAt: number | undefined): Pick<Quote, "expires_at"> {
  if (expiresAt === undefined) return { expires_at: quote.expires_at };
  if (expiresAt <= act.now) throw invalid("`expires_at` must be in the future.", "expires_at");
  return { expires_at: expiresAt };
}

function blankQuote(act: Act, { subscription_data: data }: NewQuote, testClock: string | null): Quote {
  const { flexible, type } = billingModeOf(data?.billing_mode ?? { type: "flexible" }, act.now);
  const nothing = { amount_discount: 0, amount_shipping: 0, amount_tax: 0 };
  const upfront = { amount_subtotal: 0, amount_total: 0, total_details: nothing };
  return {
    id: longId("qt"),
    object: "quote",
    ...upfront,
    application: null,
    application_fee_amount: null,
    application_fee_percent: null,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    collection_method: "charge_automatically",
    computed: { recurring: null, upfront },
    created: act.now,
    currency: null,
    customer: null,
    customer_account: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    expires_at: act.now + EXPIRES_AFTER_SECONDS,
    footer: null,
    from_quote: null,
    header: null,
    invoice: null,
    invoice_settings: {
      custom_fields: null,
      days_until_due: null,
      description: null,
      footer: null,
      issuer: { type: "self" },
    },
    livemode: false,
    metadata: {},
    number: null,
    on_behalf_of: null,
    status: "draft",
    status_transitions: { accepted_at: null, canceled_at: null, finalized_at: null },
    subscription: null,
    subscription_data: {
      billing_mode: { ...(flexible && { flexible }), type },
      description: null,
      effective_date: null,
      metadata: {},
      trial_period_days: null,
    },
    subscription_schedule: null,
    test_clock: testClock,
    total_details: nothing,
    transfer_data: null,
  };
}

/** What was given of a quote's terms is set; the rest stays. */
function changed(act: Act, old: Quote, params: Given): Quote {
  const customer = customerFor(act, old, params.customer);
  const enabled = params.automatic_tax?.enabled ?? old.automatic_tax.enabled;
  const rates = params.default_tax_rates;
  const default_tax_rates =
    rates === undefined
      ? (old.default_tax_rates ?? [])
      : taxRatesFor(act, rates, "default_tax_rates").map(({ id }) => id);
  if (enabled && default_tax_rates.length > 0) throw bothKinds();
  return {
    ...old,
    ...extended(act, old, params.expires_at),
    automatic_tax: { ...old.automatic_tax, enabled },
    collection_method: params.collection_method ?? old.collection_method,
    customer,
    default_tax_rates,
    description: cleared(params.description, old.description),
    discounts:
      params.discounts === undefined
        ? old.discounts
        : offerDiscounts(act, params.discounts || [], customer, "discounts"),
    footer: cleared(params.footer, old.footer),
    header: cleared(params.header, old.header),
    invoice_settings: settingsOf(old.invoice_settings, params.invoice_settings),
    metadata: mergeMetadata(old.metadata, params.metadata),
    subscription_data: subscriptionOf(old.subscription_data, params.subscription_data),
  };
}

function customerFor(act: Act, { customer: old }: Quote, given: string | undefined): string | null {
  if (given === undefined || given === old) return old;
  if (!act.store.find("customer", given)) throw noSuch("customer", given, "customer");
  if (old !== null) throw invalid("The customer of a quote cannot be changed once it is set.", "customer");
  return given;
}

function settingsOf(
  old: Quote["invoice_settings"],
  given: Given["invoice_settings"],
): Quote["invoice_settings"] {
  return {
    ...old,
    custom_fields: clearedTo(given?.custom_fields, old.custom_fields),
    days_until_due: given?.days_until_due ?? old.days_until_due,
    description: cleared(given?.description, old.description),
    footer: cleared(given?.footer, old.footer),
  };
}

function subscriptionOf(
  old: Quote["subscription_data"],
  given: Given["subscription_data"],
): Quote["subscription_data"] {
  const { effective_date: begins } = given ?? {};
  if (begins === "current_period_end") {
    // It is about the subscription that a revised quote has made before: quotes aren't revised here.
    const param = "subscription_data[effective_date]";
    throw invalid(`${param} is not supported by the sandbox.`, param);
  }
  return {
    ...old,
    description: cleared(given?.description, old.description),
    effective_date: clearedTo(begins, old.effective_date),
    metadata: mergeMetadata(old.metadata, given?.metadata),
    trial_period_days: clearedTo(given?.trial_period_days, old.trial_period_days),
  };
}
