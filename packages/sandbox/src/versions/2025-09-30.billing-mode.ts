import { type Change, defaulted, hashAt } from "./change.ts";

/** New subscriptions are `flexible` unless they say otherwise; before, they were `classic`. */
export const billingMode: Change = {
  since: "2025-09-30",
  requests: [
    {
      to: /^POST \/v1\/(customers\/[^/]+\/)?subscriptions$/,
      upgrade: defaulted("billing_mode", { type: "classic" }),
    },
    {
      to: /^POST \/v1\/checkout\/sessions$/,
      upgrade: (params) => {
        if (params.mode !== "subscription") return;
        params.subscription_data = {
          billing_mode: { type: "classic" },
          ...hashAt(params, "subscription_data"),
        };
      },
    },
  ],
};
