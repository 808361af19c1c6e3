import type { Act } from "../act.ts";
import { listOf, pageOf } from "../api/lists.ts";
import { cashBalanceOf } from "../balance/cash-balance.ts";
import { confirmationSecret } from "../billing/attempt.ts";
import { currencyOptionsOf } from "../catalog/currencies.ts";
import { tiersOf } from "../catalog/tiers.ts";
import { breakdownOf } from "../checkout/breakdown.ts";
import { contentsOfLine, linesOf } from "../checkout/contents.ts";
import { toldTax } from "../checkout/tax.ts";
import { keptOf } from "../payment-links/link.ts";
import { sourcesOf } from "../payment-methods/source.ts";
import { keptOf as quotedOf, taxesOfQuoted } from "../quotes/totals.ts";
import { taxOf } from "../tax/location.ts";
import type { Json } from "../wire.ts";

/** Lists, and a secret, that are left out of an object until `expand[]` asks for them; null where it has none. */
export function included(act: Act, owner: string, name: string, object: Json): object | null | undefined {
  const id = String(object.id);
  if (owner === "checkout.session" && name === "line_items") {
    return pageOf(linesOf(act.store, id), `/v1/checkout/sessions/${id}/line_items`);
  }
  if (owner === "payment_link" && name === "line_items") {
    return pageOf(keptOf(act.store, id).lines, `/v1/payment_links/${id}/line_items`);
  }
  if (owner === "quote") return ofQuote(act, id, name);
  if (owner === "checkout.session" && name === "total_details.breakdown") return breakdownOf(act, id);
  if (owner === "item" && name === "taxes") {
    const quoted = taxesOfQuoted(act.store, id);
    if (quoted) return quoted;
    const taxes = contentsOfLine(act.store, id)?.taxes?.lines[id] ?? [];
    return taxes.map(toldTax);
  }
  if (owner === "price" && name === "currency_options") {
    const price = act.store.find("price", id);
    return price && currencyOptionsOf(act.store, price);
  }
  if ((owner === "price" || owner === "plan") && name === "tiers") {
    return tiersOf(act.store, id, String(object.currency));
  }
  if (owner === "customer" && name === "invoice_credit_balance") return creditOf(act, id);
  if (owner === "customer" && name === "tax") return taxOf(act.store, act.store.find("customer", id));
  if (owner === "charge" && name === "refunds") {
    return listOf(act, "refund", `/v1/charges/${id}/refunds`, {}, [{ field: "charge", is: "=", value: id }]);
  }
  if (owner === "invoice" && name === "payments") {
    const url = `/v1/invoice_payments?invoice=${id}`;
    return listOf(act, "invoice_payment", url, {}, [{ field: "invoice", is: "=", value: id }]);
  }
  if (owner === "invoice" && name === "confirmation_secret") return confirmationSecret(act, id) ?? null;
  if (owner === "customer" && name === "subscriptions") {
    return listOf(act, "subscription", `/v1/customers/${id}/subscriptions`, {}, [
      { field: "customer", is: "=", value: id },
      { field: "status", is: "!=", value: "canceled" },
    ]);
  }
  if (owner === "customer" && name === "sources")
    return pageOf(sourcesOf(act, id), `/v1/customers/${id}/sources`);
  if (owner === "customer" && name === "cash_balance") return cashBalanceOf(act, id);
  return undefined;
}

function ofQuote(act: Act, id: string, name: string): object | null | undefined {
  const { recurring, upfront, whole } = quotedOf(act.store, id);
  const url = `/v1/quotes/${id}`;
  if (name === "line_items") return pageOf(whole.lines, `${url}/line_items`);
  if (name === "computed.upfront.line_items")
    return pageOf(upfront.lines, `${url}/computed_upfront_line_items`);
  if (name === "total_details.breakdown") return whole.breakdown;
  if (name === "computed.upfront.total_details.breakdown") return upfront.breakdown;
  if (name === "computed.recurring.total_details.breakdown") return recurring?.breakdown;
  return undefined;
}

/** What the next invoices take from or add to a customer's bill, by currency. */
function creditOf(act: Act, id: string): Record<string, number> {
  const { balance = 0, currency } = act.store.find("customer", id) ?? {};
  return currency || balance !== 0 ? { [currency ?? "usd"]: balance } : {};
}
