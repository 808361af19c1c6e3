import { type Change, nested } from "./change.ts";

/** `billing_cycle_anchor` of an update is a hash with a `type`. */
export const billingCycleAnchor: Change = {
  since: "2026-09-30",
  requests: [
    {
      to: /^POST \/v1\/subscriptions\/./,
      upgrade: nested("billing_cycle_anchor", "billing_cycle_anchor", (type) => ({ type })),
      unnamed: true,
    },
  ],
};
