import type { Node } from "@babel/types";
import { apiCalls, modesOf, parameter } from "../stripe/api.ts";
import { effectsIn } from "../stripe/effects.ts";
import { someWord, wordsIn } from "../stripe/words.ts";
import type { Project } from "../syntax/project.ts";
import { reachedFrom } from "../syntax/reached.ts";
import { literalText } from "../syntax/walk.ts";
import { fault, type Rule } from "./rule.ts";

export const paymentStatusUnchecked: Rule = {
  id: "payment-status-unchecked",
  level: "error",
  title: "Access is granted without looking at payment_status.",
  why: "checkout.session.completed says that the buyer finished the page. With a bank debit, transfer or voucher the money comes days later or never; access is given at once and for good.",
  fix: "Grant only when `session.payment_status` is not `unpaid`, and grant in checkout.session.async_payment_succeeded otherwise.",
  check({ project, webhooks }) {
    const reported = new Set<Node>();
    return webhooks.flatMap(({ branches }) =>
      branches.flatMap((branch) => {
        if (branch.type !== "checkout.session.completed" || reported.has(branch.at)) return [];
        const code = reachedFrom(project, branch.module, branch.body);
        const grants = code.some(({ module, node }) =>
          effectsIn(project, module, node).some(({ kind }) => kind === "write"),
        );
        if (!grants) return [];
        // A subscription has a state of its own, which says whether it was paid.
        if (
          someWord(
            wordsIn(code),
            /^payment_status$|^paymentStatus$|^subscriptions?$|^amount_received$|^subscriptionId$/,
          )
        )
          return [];
        if (sellsForCardsOnly(project) || sellsSubscriptionsOnly(project)) return [];
        reported.add(branch.at);
        return [fault(branch.module, branch.at, "This branch grants and never reads payment_status.")];
      }),
    );
  },
};

function sellsForCardsOnly(project: Project): boolean {
  const calls = apiCalls(project, "checkout.sessions.create");
  return (
    calls.length > 0 &&
    calls.every(({ module, node }) => {
      const found = parameter(project, module, node.arguments[0], "payment_method_types");
      return (
        !found.unknown &&
        found.values.length > 0 &&
        found.values.every(
          ({ node: list }) =>
            list.type === "ArrayExpression" &&
            list.elements.every((element) => literalText(element) === "card"),
        )
      );
    })
  );
}

function sellsSubscriptionsOnly(project: Project): boolean {
  const modes = apiCalls(project, "checkout.sessions.create").map((call) => modesOf(project, call));
  return modes.length > 0 && modes.every((mode) => mode.length === 1 && mode[0] === "subscription");
}
