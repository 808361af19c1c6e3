import type { Act } from "../act.ts";
import { grantDiscounts, type Wanted } from "../billing/grant-discount.ts";
import type { Sold, Subscription } from "../billing/subscription.ts";
import { subscriptionTax } from "../tax/fields.ts";
import type { Kinds } from "../wire.ts";
import type { Phase, Schedule } from "./phases.ts";

type Customer = Kinds["customer"];
type Discounts = Phase["discounts"];

/** What a subscription has while a phase runs: what the phase says, else what the schedule says for all of them. */
export function termsOf(
  act: Act,
  customer: Customer,
  { default_settings: defaults }: Schedule,
  phase: Phase,
): Partial<Subscription> {
  const bill = phase.invoice_settings ?? defaults.invoice_settings;
  const { enabled } = phase.automatic_tax ?? defaults.automatic_tax ?? { enabled: false };
  const method = phase.collection_method ?? defaults.collection_method ?? "charge_automatically";
  return {
    ...subscriptionTax(act, customer, { automatic_tax: { enabled } }),
    collection_method: method,
    days_until_due: method === "send_invoice" ? (bill.days_until_due ?? 0) : null,
    default_tax_rates: phase.default_tax_rates ?? [],
    invoice_settings: {
      account_tax_ids: bill.account_tax_ids,
      custom_fields: bill.custom_fields,
      description: bill.description,
      footer: bill.footer,
      issuer: { type: "self" },
    },
  };
}

/** What a phase sells, with its discounts. What was granted for the same coupon before goes on where it is in `had`. */
export const soldIn = (
  act: Act,
  customer: Customer,
  { items }: Phase,
  had: readonly string[][] = [],
): Sold[] =>
  items.flatMap(({ discounts, metadata, price: id, quantity, tax_rates: rates }, place) => {
    const price = act.store.find("price", id);
    if (!price) return [];
    return [
      {
        discounts: granted(act, customer, discounts, had[place]),
        metadata: metadata ?? {},
        price,
        quantity: quantity ?? 1,
        taxRates: rates ?? [],
      },
    ];
  });

/** What is sold once at a phase's beginning. */
export const extrasIn = (act: Act, customer: Customer, phase: Phase): Sold[] =>
  phase.add_invoice_items.flatMap((extra) => {
    const price = act.store.find("price", extra.price);
    if (!price) return [];
    const { end, start } = extra.period;
    return [
      {
        discountable: extra.discountable ?? true,
        discounts: granted(act, customer, extra.discounts),
        metadata: extra.metadata ?? {},
        period: {
          end: end.type === "phase_end" ? { timestamp: phase.end_date, type: "timestamp" } : end,
          start: start.type === "phase_start" ? { timestamp: phase.start_date, type: "timestamp" } : start,
        },
        price,
        quantity: extra.quantity ?? 1,
        taxRates: extra.tax_rates ?? [],
      },
    ];
  });

/** The ids of a phase's discounts. One that is there already for the same coupon goes on. */
export function granted(
  act: Act,
  customer: Customer,
  wanted: Discounts,
  had: readonly string[] = [],
): string[] {
  const known = had.flatMap((id) => act.store.find("discount", id) ?? []);
  return wanted.flatMap((one) => {
    const same = known.find(({ source }) => one.coupon !== null && source.coupon === one.coupon);
    return same ? [same.id] : grantDiscounts(act, [namesOf(one)], customer.id);
  });
}

const namesOf = ({ coupon, discount, promotion_code }: Discounts[number]): Wanted => ({
  coupon: coupon ?? undefined,
  discount: discount ?? undefined,
  promotion_code: promotion_code ?? undefined,
});
