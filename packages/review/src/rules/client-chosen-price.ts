import { apiCalls } from "../stripe/api.ts";
import { chosen } from "./chosen-by-client.ts";
import type { Rule } from "./rule.ts";

export const clientChosenPrice: Rule = {
  id: "client-chosen-price",
  level: "warning",
  title: "The browser says which price is to be paid.",
  why: "Any price id of the account works: an archived offer, an internal test price, another product's price, bought and then taken for this one.",
  fix: "Take a product key or plan name and look the price id up on the server, or check the id against the list of what is for sale.",
  check({ project }) {
    return [
      ...apiCalls(project, "checkout.sessions.create", "paymentLinks.create").flatMap((call) =>
        chosen(project, call, [["line_items", "*", "price"]], "This price id comes from the request."),
      ),
      ...apiCalls(project, "subscriptions.create").flatMap((call) =>
        chosen(project, call, [["items", "*", "price"]], "This price id comes from the request."),
      ),
    ];
  },
};
