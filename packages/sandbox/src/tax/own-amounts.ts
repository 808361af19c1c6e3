import type { z } from "zod";
import type { Act } from "../act.ts";
import { boolean, clearable, hash, integer, list, oneOf, text } from "../api/params.ts";
import type { Store } from "../store.ts";
import type { Tax } from "./compute.ts";
import { buildTaxRate, percentage } from "./rates.ts";

/** `tax_amounts` of an invoice's line: taxes that somebody else has computed. */
export const taxAmounts = () =>
  clearable(
    list(
      hash({
        amount: integer(),
        tax_rate_data: hash({
          country: text(2).optional(),
          description: text().optional(),
          display_name: text(50),
          inclusive: boolean(),
          jurisdiction: text(200).optional(),
          jurisdiction_level: oneOf("city", "country", "county", "district", "multiple", "state").optional(),
          percentage: percentage(),
          state: text(3).optional(),
          tax_type: text().optional(),
        }),
        taxability_reason: text().optional(),
        taxable_amount: integer(),
      }),
      { max: 10 },
    ),
  ).optional();

const NOTE = "tax_amounts";

/** Keeps them beside the line; an empty value takes them away. */
export function keepOwnTaxes(act: Act, line: string, given: z.output<ReturnType<typeof taxAmounts>>): void {
  if (given === undefined) return;
  const taxes = (given || []).map(
    (one): Tax => ({
      amount: one.amount,
      rate: act.create(buildTaxRate(act, { ...one.tax_rate_data, active: false })),
      reason: one.taxability_reason ?? null,
      taxable: one.taxable_amount,
    }),
  );
  act.store.setNote(line, NOTE, JSON.stringify(taxes));
}

/** The taxes that were given for a line; undefined where they are to be computed. */
export function ownTaxes(store: Store, line: string): Tax[] | undefined {
  const kept: Tax[] = JSON.parse(store.note(line, NOTE) ?? "[]");
  return kept.length > 0 ? kept : undefined;
}
