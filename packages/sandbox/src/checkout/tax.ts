import { priceIn } from "../catalog/currencies.ts";
import { chargeableUnit } from "../money.ts";
import type { Store } from "../store.ts";
import { addedBy, type Tax, type TaxRate, taxesOn } from "../tax/compute.ts";
import { countryOf, exemptionOf } from "../tax/location.ts";
import { AUTOMATIC } from "../tax/on-invoice.ts";
import { isInclusive, isPlace, rateOf } from "../tax/places.ts";
import { ratesAt } from "../tax/rates.ts";
import type { Kinds, LineItem } from "../wire.ts";
import type { Contents, OrderTaxes } from "./contents.ts";

type Session = Kinds["checkout.session"];

/** What is needed of a session to tax it; it may be one that is only being made. */
export type Taxable = Pick<Session, "automatic_tax" | "created" | "customer" | "shipping_cost">;

/** The taxes on what is bought, whose discounts were taken off before, and on how it is shipped. */
export function taxesOfOrder(
  store: Store,
  session: Taxable,
  contents: Contents,
  lines: readonly LineItem[],
): OrderTaxes {
  const currency = lines[0]?.currency ?? "usd";
  const exemption = exemptionOf(store.find("customer", session.customer ?? ""));
  const on = (amount: number, rates: readonly TaxRate[]) =>
    taxesOn(amount, rates, chargeableUnit(currency), exemption);
  const { amount_subtotal: cost, shipping_rate: way } = session.shipping_cost ?? {};
  const behavior = contents.shippingBehaviors?.[String(way)];
  return {
    lines: Object.fromEntries(
      lines.map((line) => [
        line.id,
        on(line.amount_subtotal - line.amount_discount, ratesOf(store, session, contents, line)),
      ]),
    ),
    shipping: cost ? on(cost, automaticRate(store, session, contents, behavior, currency)) : [],
  };
}

/** A line's own rates, else those of the subscription; or the one of the place where the buyer is. */
function ratesOf(store: Store, session: Taxable, contents: Contents, line: LineItem): readonly TaxRate[] {
  if (session.automatic_tax.enabled) {
    const price = line.price && priceIn(store, line.price, line.currency);
    return automaticRate(store, session, contents, price?.tax_behavior, line.currency);
  }
  const own = contents.lineRates?.[line.id] ?? [];
  return ratesAt({ store }, own.length > 0 ? own : contents.defaultRates);
}

function automaticRate(
  store: Store,
  session: Taxable,
  { country }: Contents,
  behavior: string | null | undefined,
  currency: string,
): readonly TaxRate[] {
  if (!session.automatic_tax.enabled || !country || !isPlace(country)) return [];
  return [rateOf(store, country, isInclusive(behavior, currency), session.created)];
}

export function automaticTaxOf(
  enabled: boolean,
  country: string | null | undefined,
): Session["automatic_tax"] {
  if (!enabled) return { enabled, liability: null, provider: null, status: null };
  const status = !country ? "requires_location_inputs" : isPlace(country) ? "complete" : "failed";
  return { ...AUTOMATIC, provider: "stripe", status };
}

/**
 * The country that decides, of those the buyer entered: where it is shipped to, else where they are billed. What a
 * customer has saved stands where the shop doesn't let the page replace it.
 */
export function decidingCountry(
  store: Store,
  session: Session,
  { updates }: Contents,
  entered: { billing: string | null; shipping: string | null },
): string | null {
  const customer = store.find("customer", session.customer ?? "");
  const ships = session.shipping_address_collection !== null;
  const saved = countryOf(store, customer);
  // Who confirms without a browser has entered no address to ship to.
  const shipping = entered.shipping ?? entered.billing;
  if (ships) return (customer && !updates.shipping ? saved : null) ?? shipping;
  if (customer?.shipping?.address?.country) return saved;
  return customer && !updates.address ? saved : entered.billing;
}

/** `total_details.breakdown` adds the same rate up over all lines; `line_items.data.taxes` tells them one by one. */
export const toldTax = ({ amount, rate, reason, taxable }: Tax): NonNullable<LineItem["taxes"]>[number] => ({
  amount,
  rate,
  taxability_reason: reason,
  taxable_amount: taxable,
});

/** What the same taxes add to another amount: to the periods that follow a trial. */
export function addedAgain(amount: number, taxes: readonly Tax[], currency: string): number {
  const due = taxes.filter(({ reason }) => reason !== "customer_exempt" && reason !== "reverse_charge");
  const rates = due.map(({ rate }) => rate);
  return addedBy(taxesOn(amount, rates, chargeableUnit(currency), "none"));
}
