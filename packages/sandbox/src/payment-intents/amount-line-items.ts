import type { z } from "zod";
import type { Act } from "../act.ts";
import { amount, clearable, hash, integer, list, text } from "../api/params.ts";
import { longId } from "../ids.ts";
import type { Store } from "../store.ts";

/** `amount_details[line_items]`: what a payment is for, item by item. */
export const lineItems = () =>
  clearable(
    list(
      hash({
        discount_amount: amount().optional(),
        payment_method_options: hash({
          card: hash({ commodity_code: text(12).optional() }).optional(),
        }).optional(),
        product_code: text(12).optional(),
        product_name: text(1024),
        quantity: integer({ min: 1 }),
        tax: hash({ total_tax_amount: amount() }).optional(),
        unit_cost: amount(),
        unit_of_measure: text(12).optional(),
      }),
      { max: 200 },
    ),
  ).optional();

interface LineItem {
  id: string;
  object: "payment_intent_amount_details_line_item";
  discount_amount: number | null;
  payment_method_options: { card: { commodity_code: string | null } } | null;
  product_code: string | null;
  product_name: string;
  quantity: number;
  tax: { total_tax_amount: number } | null;
  unit_cost: number;
  unit_of_measure: string | null;
}

const NOTE = "line_items";

/** Keeps the items that were given beside their payment; an empty value takes them away. */
export function keepLineItems(
  act: Act,
  intent: string,
  details: "" | { line_items?: z.output<ReturnType<typeof lineItems>> } | undefined,
): void {
  const given = details === "" ? "" : details?.line_items;
  if (given === undefined) return;
  const items = (given || []).map(
    (item): LineItem => ({
      id: longId("uli"),
      object: "payment_intent_amount_details_line_item",
      discount_amount: item.discount_amount ?? null,
      payment_method_options: item.payment_method_options?.card
        ? { card: { commodity_code: item.payment_method_options.card.commodity_code ?? null } }
        : null,
      product_code: item.product_code ?? null,
      product_name: item.product_name,
      quantity: item.quantity,
      tax: item.tax ?? null,
      unit_cost: item.unit_cost,
      unit_of_measure: item.unit_of_measure ?? null,
    }),
  );
  act.store.setNote(intent, NOTE, JSON.stringify(items));
}

export const lineItemsOf = (store: Store, intent: string): LineItem[] =>
  JSON.parse(store.note(intent, NOTE) ?? "[]");
