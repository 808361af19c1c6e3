import type { Node } from "@babel/types";
import { returnsOfBuyers } from "./granted-on-return.ts";
import { fault, type Rule } from "./rule.ts";

export const accessOnSuccessPage: Rule = {
  id: "access-on-success-page",
  level: "error",
  title: "Access is granted because the success page was opened.",
  why: "A buyer who closes the tab has paid and gets nothing; and a success address can be opened by anybody, again and again, with any session id.",
  fix: "Grant in the webhook. If the page grants too, let it call the very function the webhook calls, which asks Stripe for payment_status and does everything once.",
  check(subject) {
    const reported = new Set<Node>();
    return returnsOfBuyers(subject).flatMap(({ effects }) => {
      const write = effects.find(({ kind }) => kind === "write");
      if (!write || reported.has(write.node)) return [];
      reported.add(write.node);
      return [
        fault(
          write.module,
          write.node,
          "This is written when a buyer comes back, not when Stripe says it was paid.",
        ),
      ];
    });
  },
};
