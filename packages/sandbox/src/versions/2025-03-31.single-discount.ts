import type { Json } from "../wire.ts";
import { type Change, type Look, textOf } from "./change.ts";

/** The first of `discounts`, as a whole object. */
function first(object: Json, look: Look): void {
  const [id] = Array.isArray(object.discounts) ? object.discounts : [];
  object.discount = look.find("discount", textOf(id)) ?? null;
}

/** Subscriptions and invoices may have several discounts; before, the first also stood in `discount`. */
export const singleDiscount: Change = {
  since: "2025-03-31",
  answers: { invoice: first, subscription: first },
};
