import type { z } from "zod";
import type { Act } from "../act.ts";
import { invalid } from "../api/errors.ts";
import { offerDiscounts } from "../billing/grant-discount.ts";
import { isMetered } from "../billing/usage.ts";
import { buildLine } from "../checkout/lines.ts";
import { taxRatesFor } from "../tax/rates.ts";
import type { LineItem } from "../wire.ts";
import type { updateParams } from "./params.ts";

/** A line of a quote, with what is for it alone: ids of its discounts and of its tax rates. */
export interface QuoteLine {
  discounts: string[];
  item: LineItem;
  rates: string[];
}

type Given = NonNullable<z.output<typeof updateParams>["line_items"]>;

/** The lines that were asked for; one that is named by its id stays, with what was given of it. */
export function linesFrom(
  act: Act,
  given: Given,
  known: readonly QuoteLine[],
  customer: string | null,
): QuoteLine[] {
  const lines = given.map((one, place): QuoteLine => {
    const param = `line_items[${place}]`;
    const old = one.id === undefined ? undefined : known.find(({ item }) => item.id === one.id);
    if (one.id !== undefined && !old) {
      throw invalid(`No such line item: '${one.id}'`, `${param}[id]`, "resource_missing");
    }
    return {
      discounts:
        one.discounts === undefined
          ? (old?.discounts ?? [])
          : offerDiscounts(act, one.discounts || [], customer, `${param}[discounts]`),
      item: itemOf(act, one, old?.item, param),
      rates:
        one.tax_rates === undefined
          ? (old?.rates ?? [])
          : taxRatesFor(act, one.tax_rates, `${param}[tax_rates]`).map(({ id }) => id),
    };
  });
  checkTogether(lines);
  return lines;
}

function itemOf(act: Act, one: Given[number], old: LineItem | undefined, param: string): LineItem {
  const { price, price_data, quantity } = one;
  if (old && !price && !price_data) return { ...old, quantity: quantity ?? old.quantity };
  const named = act.store.find("price", price ?? "");
  if (named?.custom_unit_amount) {
    const problem =
      "The price specified has a `custom_unit_amount`: only Checkout and Payment Links take it.";
    throw invalid(problem, `${param}[price]`);
  }
  const usual = named && isMetered(named) ? undefined : (old?.quantity ?? 1);
  const built = buildLine(act, { price, price_data, quantity: quantity ?? usual }, param);
  return old ? { ...built, id: old.id } : built;
}

/** What is accepted in one go is in one currency, and what recurs in it recurs in one rhythm. */
function checkTogether(lines: readonly QuoteLine[]): void {
  const currencies = new Set(lines.map(({ item }) => item.currency));
  if (currencies.size > 1) {
    throw invalid(
      `All prices must be in the same currency; you passed ${[...currencies].join(" and ")}.`,
      "line_items",
    );
  }
  const rhythms = new Set(
    lines
      .filter(isRecurring)
      .map(({ item: { price } }) => `${price?.recurring?.interval_count} ${price?.recurring?.interval}`),
  );
  if (rhythms.size > 1) {
    throw invalid(
      "All prices on a subscription must have the same `recurring.interval` and `recurring.interval_count`.",
      "line_items",
    );
  }
}

export const isRecurring = ({ item }: QuoteLine): boolean => item.price?.type === "recurring";
