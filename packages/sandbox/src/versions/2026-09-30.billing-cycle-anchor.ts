import { type Change, inside, nested } from "./change.ts";

const typed = nested("billing_cycle_anchor", "billing_cycle_anchor", (type) => ({ type }));

/** `billing_cycle_anchor` of an update, and of its preview, is a hash with a `type`. */
export const billingCycleAnchor: Change = {
  since: "2026-09-30",
  requests: [
    { to: /^POST \/v1\/subscriptions\/./, upgrade: typed, unnamed: true },
    {
      to: /^(POST \/v1\/invoices\/create_preview|GET \/v1\/invoices\/upcoming)/,
      upgrade: inside("subscription_details", typed),
      unnamed: true,
    },
  ],
};
