import { apiCalls } from "../stripe/api.ts";
import { chosen } from "./chosen-by-client.ts";
import type { Rule } from "./rule.ts";

const LINE = ["line_items", "*", "price_data"];
const AMOUNTS: Record<string, string[][]> = {
  "checkout.sessions.create": [
    [...LINE, "unit_amount"],
    [...LINE, "unit_amount_decimal"],
    LINE,
    ["line_items"],
  ],
  "paymentLinks.create": [
    [...LINE, "unit_amount"],
    [...LINE, "unit_amount_decimal"],
  ],
  "paymentIntents.create": [["amount"]],
  "prices.create": [["unit_amount"], ["unit_amount_decimal"]],
  "invoiceItems.create": [["amount"], ["unit_amount"]],
  "subscriptions.create": [["items", "*", "price_data", "unit_amount"]],
};

export const clientChosenAmount: Rule = {
  id: "client-chosen-amount",
  level: "error",
  title: "The browser says how much is to be paid.",
  why: "Anybody can send another number: the product is sold for one cent, and everything after that looks paid in full.",
  fix: "Take a product key from the browser and the amount from your catalog or from a Stripe price.",
  check({ project }) {
    return Object.entries(AMOUNTS).flatMap(([method, paths]) =>
      apiCalls(project, method).flatMap((call) =>
        chosen(project, call, paths, "This amount comes from the request."),
      ),
    );
  },
};
