import type { Act } from "../act.ts";
import { missing, refused } from "../api/errors.ts";
import { inTimeOf } from "../billing/own-time.ts";
import { countryOf, unknownLocation } from "../tax/location.ts";
import type { Kinds } from "../wire.ts";
import { carryOut } from "./accept.ts";
import { EXPIRY, extended } from "./quote.ts";
import { keptOf, type Quote } from "./totals.ts";

/** How many quotes of a customer have a number. */
const SEQUENCE = "quotes";

/** Gives the quote its number: from here on it can be accepted, and nothing but its last day can be changed. */
export function finalize(act: Act, quote: Quote, expiresAt: number | undefined): Quote {
  checkStatus(quote, ["draft"], "finalized");
  const customer = customerOf(act, quote);
  if (keptOf(act.store, quote.id).lines.length === 0) throw missing("line_items");
  if (quote.collection_method === "send_invoice" && quote.invoice_settings.days_until_due === null) {
    throw missing("invoice_settings[days_until_due]");
  }
  if (quote.automatic_tax.enabled && countryOf(act.store, customer) === null) throw unknownLocation();
  const until = extended(act, quote, expiresAt);
  if (until.expires_at !== quote.expires_at) act.plan(until.expires_at, EXPIRY, quote.id);
  return act.change(
    quote,
    {
      ...until,
      number: numberFor(act, customer),
      status: "open",
      status_transitions: { ...quote.status_transitions, finalized_at: act.now },
    },
    "quote.finalized",
  );
}

/** `QT-`, the customer's own letters, which of their quotes it is, and its first revision. */
function numberFor(act: Act, customer: Kinds["customer"]): string {
  const sequence = Number(act.store.note(customer.id, SEQUENCE) ?? 0) + 1;
  act.store.setNote(customer.id, SEQUENCE, String(sequence));
  return `QT-${customer.invoice_prefix ?? "SANDBOX"}-${String(sequence).padStart(4, "0")}-1`;
}

export function accept(act: Act, quote: Quote): Quote {
  checkStatus(quote, ["open"], "accepted");
  const made = carryOut(act, quote, customerOf(act, quote));
  return act.change(
    quote,
    {
      ...made,
      status: "accepted",
      status_transitions: { ...quote.status_transitions, accepted_at: act.now },
    },
    "quote.accepted",
  );
}

export function cancel(act: Act, quote: Quote): Quote {
  checkStatus(quote, ["draft", "open"], "canceled");
  return act.change(
    quote,
    { status: "canceled", status_transitions: { ...quote.status_transitions, canceled_at: act.now } },
    "quote.canceled",
  );
}

/** What nobody accepted by its last day is canceled. That day may have been moved since this was planned. */
export function expireQuote(from: Act, id: string): void {
  const quote = from.store.find("quote", id);
  if (!quote || !["draft", "open"].includes(quote.status)) return;
  const act = inTimeOf(from, quote);
  if (quote.expires_at <= act.now) cancel(act, quote);
}

export function checkStatus({ status }: Quote, allowed: readonly string[], done: string): void {
  if (allowed.includes(status)) return;
  const which = allowed.map((one) => `\`${one}\``).join(" or ");
  throw refused(`This quote can't be ${done}: its status is \`${status}\`, and must be ${which}.`);
}

function customerOf(act: Act, quote: Quote): Kinds["customer"] {
  const customer = act.store.find("customer", quote.customer ?? "");
  if (!customer) throw missing("customer");
  return customer;
}
