import { apiCalls } from "../stripe/api.ts";
import { chosen } from "./chosen-by-client.ts";
import type { Rule } from "./rule.ts";

/** Metadata that says what somebody gets, not who they are. */
const TIER = [
  "tier",
  "plan",
  "planId",
  "plan_id",
  "role",
  "credits",
  "level",
  "access",
  "entitlement",
  "seats",
  "package",
];

export const clientChosenTier: Rule = {
  id: "client-chosen-tier",
  level: "error",
  title: "The browser says what is given for the money.",
  why: "The webhook gives what the metadata says: somebody pays the smallest price and sends the name of the largest plan.",
  fix: "Derive what is given from the price that was paid, or look price and plan up together by one key of your own list.",
  check({ project }) {
    const bags = [["metadata"], ["subscription_data", "metadata"], ["payment_intent_data", "metadata"]];
    const paths = bags.flatMap((bag) => TIER.map((name) => [...bag, name]));
    return apiCalls(
      project,
      "checkout.sessions.create",
      "subscriptions.create",
      "paymentIntents.create",
    ).flatMap((call) => chosen(project, call, paths, "What this says is given comes from the request."));
  },
};
