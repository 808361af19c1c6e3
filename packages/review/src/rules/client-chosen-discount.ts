import { apiCalls } from "../stripe/api.ts";
import { chosen } from "./chosen-by-client.ts";
import type { Rule } from "./rule.ts";

export const clientChosenDiscount: Rule = {
  id: "client-chosen-discount",
  level: "error",
  title: "The browser says which discount is given.",
  why: "Coupon ids can be guessed and are passed around: a coupon made for one customer, for support or for tests makes everything cheap, or free.",
  fix: "Let Stripe ask for a code (`allow_promotion_codes: true`), or look up on the server which discount this buyer has earned.",
  check({ project }) {
    const paths = [
      ["discounts", "*", "coupon"],
      ["discounts", "*", "promotion_code"],
      ["discounts"],
      ["coupon"],
    ];
    return apiCalls(project, "checkout.sessions.create", "subscriptions.create").flatMap((call) =>
      chosen(project, call, paths, "This discount comes from the request."),
    );
  },
};
