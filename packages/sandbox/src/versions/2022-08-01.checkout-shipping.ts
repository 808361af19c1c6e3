import { type Change, fieldOf, hashAt } from "./change.ts";

/**
 * A session's `shipping_details` were called `shipping`; its rate stood in the session itself, and could be asked for in
 * a list of ids.
 */
export const checkoutShipping: Change = {
  since: "2022-08-01",
  requests: [
    {
      to: /^POST \/v1\/checkout\/sessions$/,
      upgrade: (params) => {
        const rates = Object.entries(hashAt(params, "shipping_rates"));
        if (rates.length === 0 || "shipping_options" in params) return;
        params.shipping_options = Object.fromEntries(
          rates.map(([at, rate]) => [at, { shipping_rate: rate }]),
        );
        delete params.shipping_rates;
      },
      unnamed: true,
    },
  ],
  answers: {
    "checkout.session": (session) => {
      session.shipping = fieldOf(session.collected_information, "shipping_details") ?? null;
      session.shipping_rate = fieldOf(session.shipping_cost, "shipping_rate") ?? null;
    },
  },
  expandable: { "checkout.session": ["shipping_rate"] },
};
