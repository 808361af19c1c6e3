import type { DeskFilter } from "oncepaid";
import { findProduct } from "#/catalog/products.ts";
import { ORDER_STATES } from "#/ui/receipt/order-state.ts";

/** What stands in the address of the list, and of its export. */
export type SearchParams = Record<string, string | string[] | undefined>;

/** What the list is asked for. What isn't known is left out: an old bookmark shows more, not an error. */
export function readOrderQuery(params: SearchParams): DeskFilter {
  const text = (name: string) => {
    const given = params[name];
    return typeof given === "string" && given.trim() !== "" ? given.trim() : undefined;
  };
  const product = text("product");
  return {
    search: text("q"),
    status: ORDER_STATES.find((state) => state === text("status")),
    productKey: product === undefined ? undefined : findProduct(product)?.key,
    after: text("after"),
  };
}

/** The way back: where the same orders are listed, or exported. */
export function orderQuery({ search, status, productKey, after }: DeskFilter): string {
  const given = { q: search, status, product: productKey, after };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) if (value !== undefined) query.set(name, value);
  return query.size === 0 ? "" : `?${query}`;
}

/** Whether what was typed names an order, so that the one that is found is opened: digits of its number, or an id of Stripe's. */
export function namesOneOrder(typed: string): boolean {
  return /^[a-z]{2,9}_\w{3,}$/.test(typed) || /^#?[0-9a-f]{4,8}-?[0-9a-f-]{4,}$/i.test(typed);
}
