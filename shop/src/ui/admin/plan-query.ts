import type { DeskPlanFilter, PlanState } from "oncepaid";
import { findProduct } from "#/catalog/products.ts";
import type { SearchParams } from "#/ui/admin/order-query.ts";

export const PLAN_STATES = ["active", "suspended", "ended"] as const satisfies PlanState[];

/** What the list of plans is asked for. What isn't known is left out: an old bookmark shows more, not an error. */
export function readPlanQuery(params: SearchParams): DeskPlanFilter {
  const text = (name: string) => {
    const given = params[name];
    return typeof given === "string" && given.trim() !== "" ? given.trim() : undefined;
  };
  const product = text("product");
  return {
    owner: text("owner"),
    productKey: product === undefined ? undefined : findProduct(product)?.key,
    state: PLAN_STATES.find((state) => state === text("state")),
    after: text("after"),
  };
}
