import { type Change, fieldOf } from "./change.ts";

/** A session's `shipping_details` were called `shipping`. */
export const checkoutShipping: Change = {
  since: "2022-11-15",
  answers: {
    "checkout.session": (session) => {
      session.shipping = fieldOf(session.collected_information, "shipping_details") ?? null;
    },
  },
};
