import { type Change, defaulted, hashAt } from "./change.ts";

/** Payments are captured a moment later unless they say otherwise; before, at once. */
export const asyncCapture: Change = {
  since: "2024-04-10",
  requests: [
    { to: /^POST \/v1\/payment_intents$/, upgrade: defaulted("capture_method", "automatic") },
    {
      to: /^POST \/v1\/checkout\/sessions$/,
      upgrade: (params) => {
        if (params.mode !== "payment") return;
        params.payment_intent_data = {
          capture_method: "automatic",
          ...hashAt(params, "payment_intent_data"),
        };
      },
    },
  ],
};
