import { type Change, defaulted } from "./change.ts";

/** Checkout makes a customer where one is needed; before, always. */
export const checkoutCustomer: Change = {
  since: "2022-08-01",
  requests: [
    {
      to: /^POST \/v1\/checkout\/sessions$/,
      upgrade: (params) => {
        if (params.mode !== "subscription" && params.customer === undefined) {
          defaulted("customer_creation", "always")(params);
        }
      },
    },
  ],
};

/** Whether the payment of a session is made with it, not only once somebody tries to pay. */
export const makesPaymentAtOnce = (version: string) => version < checkoutCustomer.since;
