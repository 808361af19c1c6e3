import type { RawHash } from "../api/form.ts";
import { type Change, hashAt } from "./change.ts";

/** An item of a session is a price; before, it could name what it costs itself. */
export const checkoutLineItems: Change = {
  since: "2022-08-01",
  requests: [
    {
      to: /^POST \/v1\/checkout\/sessions$/,
      upgrade: (params) => {
        const plans = Object.values(hashAt(hashAt(params, "subscription_data"), "items"));
        if (plans.length > 0) {
          const { items: _, ...data } = hashAt(params, "subscription_data");
          params.subscription_data = data;
          params.mode ??= "subscription";
        }
        const items = [...plans.map(ofPlan), ...Object.values(hashAt(params, "line_items")).map(priced)];
        if (items.length > 0) params.line_items = Object.fromEntries(items.entries());
        params.mode ??= "payment";
      },
    },
  ],
};

function ofPlan(item: RawHash[string]): RawHash[string] {
  if (typeof item === "string") return item;
  const { plan = "", quantity = "1", ...others } = item;
  return { ...others, price: plan, quantity };
}

function priced(item: RawHash[string]): RawHash[string] {
  if (typeof item === "string" || item.amount === undefined) return item;
  const { amount, currency = "", description, images, name = "", ...others } = item;
  const product = { name, ...(description && { description }), ...(images && { images }) };
  return { ...others, price_data: { currency, product_data: product, unit_amount: amount } };
}
