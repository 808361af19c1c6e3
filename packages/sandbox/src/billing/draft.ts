import type { Act } from "../act.ts";
import type { Kinds } from "../wire.ts";
import { discountsFor } from "./discounts.ts";
import { blankInvoice, parentOf, taxationOf, totalled } from "./invoice.ts";
import { type InvoiceLine, itemLine } from "./lines.ts";
import { inheritedOptions } from "./payment-options.ts";
import { rulesOf } from "./rules.ts";
import { customerOf } from "./subscription.ts";

type Invoice = Kinds["invoice"];
type Subscription = Kinds["subscription"];

/** Seconds from the making of a draft to what it calls its next payment attempt. */
const HOUR = 3_600;

/** A draft for a subscription, with everything that waits to be billed with it. Tells nobody. */
export function draftFor(
  act: Act,
  subscription: Subscription,
  given: {
    reason: string;
    lines: (invoice: string) => InvoiceLine[];
    /** Whether it finalizes by itself after a while; false where the same act goes on with it. */
    waits: boolean;
    pending?: boolean;
    period?: { start: number; end: number };
  },
): Invoice {
  const customer = customerOf(act, subscription);
  const sent = subscription.collection_method === "send_invoice";
  const { waits } = given;
  const blank = blankInvoice(act, customer, {
    auto_advance: true,
    automatically_finalizes_at: waits ? act.now + rulesOf(act.store).draft_seconds : null,
    account_tax_ids: subscription.invoice_settings.account_tax_ids,
    billing_reason: given.reason,
    collection_method: subscription.collection_method,
    currency: subscription.currency,
    custom_fields: subscription.invoice_settings.custom_fields,
    description: subscription.invoice_settings.description,
    discounts: discountsFor(act, customer, subscription),
    footer: subscription.invoice_settings.footer,
    next_payment_attempt: waits && !sent ? act.now + HOUR : null,
    parent: parentOf(subscription),
    ...taxationOf(subscription),
    payment_settings: {
      default_mandate: null,
      payment_method_options: inheritedOptions(subscription.payment_settings?.payment_method_options ?? null),
      payment_method_types: subscription.payment_settings?.payment_method_types ?? null,
    },
    period_end: given.period?.end ?? act.now,
    period_start: given.period?.start ?? act.now,
  });
  const items = given.pending === false ? [] : pendingItems(act, subscription);
  const lines = [...items.map((item) => itemLine(act.store, blank.id, item)), ...given.lines(blank.id)];
  const draft = act.create(totalled(act.store, blank, lines, customer.balance));
  for (const item of items) act.change(item, { invoice: draft.id });
  if (waits) act.plan(act.now + rulesOf(act.store).draft_seconds, "invoice.finalize", draft.id);
  return draft;
}

/** What waits to be billed with a subscription: its own prorations, and what belongs to none. Oldest first. */
export function pendingItems(act: Act, subscription: Subscription): Kinds["invoiceitem"][] {
  return pendingOf(act, subscription.customer, subscription.currency).filter(({ parent }) => {
    const owner = parent?.subscription_details?.subscription;
    return owner === undefined || owner === subscription.id;
  });
}

export function pendingOf(act: Act, customer: string, currency: string): Kinds["invoiceitem"][] {
  const all = act.store.list("invoiceitem", [{ field: "customer", is: "=", value: customer }], {
    limit: 1000,
  });
  return all.data.filter((item) => item.invoice === null && item.currency === currency).reverse();
}

/** A draft with other lines, and the totals that follow. */
export function rewritten(act: Act, draft: Invoice, lines: readonly InvoiceLine[]): Invoice {
  const customer = customerOf(act, draft);
  const next = totalled(act.store, draft, lines, customer.balance);
  return act.change(draft, next, "invoice.updated");
}
