import { type Change, fieldOf } from "./change.ts";

/** Where a session's order goes stands in `collected_information`. */
export const checkoutShippingDetails: Change = {
  since: "2025-03-31",
  answers: {
    "checkout.session": (session) => {
      session.shipping_details = fieldOf(session.collected_information, "shipping_details") ?? null;
    },
  },
};
