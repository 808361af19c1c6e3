import { apiCalls } from "../stripe/api.ts";
import { chosen } from "./chosen-by-client.ts";
import type { Rule } from "./rule.ts";

export const clientChosenCustomer: Rule = {
  id: "client-chosen-customer",
  level: "error",
  title: "The browser says whose customer it is.",
  why: "Whoever sends another customer's id opens their billing portal, sees their invoices and cards, cancels their plan, or buys on their saved card.",
  fix: "Take the customer id from the signed-in user's own record, never from the request.",
  check({ project }) {
    const calls = apiCalls(
      project,
      "billingPortal.sessions.create",
      "checkout.sessions.create",
      "subscriptions.create",
      "paymentIntents.create",
    );
    return calls.flatMap((call) =>
      chosen(project, call, [["customer"]], "This customer id comes from the request."),
    );
  },
};
