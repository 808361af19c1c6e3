import type { Node } from "@babel/types";
import { apiCalls, type Parameter, parameter } from "../stripe/api.ts";
import { originsOf } from "../syntax/origins.ts";
import type { Project } from "../syntax/project.ts";
import { bare } from "../syntax/walk.ts";
import { fault, type Rule } from "./rule.ts";

const CENTS = 100;

export const fractionalAmount: Rule = {
  id: "fractional-amount",
  level: "warning",
  title: "An amount may not be a whole number.",
  why: "19.99 * 100 is 1998.9999999999998: Stripe refuses the call and the buyer can't pay. Currencies without cents, or with three decimals, are charged a hundred times too much or ten times too little.",
  fix: "Keep amounts in minor units as integers everywhere; where a decimal must be turned into one, round it and use the currency's own number of decimals.",
  check({ project }) {
    const reported = new Set<Node>();
    return apiCalls(project, "checkout.sessions.create", "paymentIntents.create", "refunds.create").flatMap(
      ({ module, node }) => {
        const [object] = node.arguments;
        const direct = parameter(project, module, object, "amount").values;
        const lines = parameter(project, module, object, "line_items").values.flatMap((value) =>
          unitAmounts(project, value),
        );
        return [...direct, ...lines].flatMap((value) => {
          const amount = bare(value.node);
          if (amount.type !== "BinaryExpression" || amount.operator !== "*" || reported.has(amount))
            return [];
          const factor = [amount.left, amount.right].some(
            (side) => side.type === "NumericLiteral" && side.value === CENTS,
          );
          const whole = amount.left.type === "NumericLiteral" && amount.right.type === "NumericLiteral";
          if (!factor || whole) return [];
          reported.add(amount);
          return [fault(value.module, amount, "This product of a decimal number is not rounded.")];
        });
      },
    );
  },
};

/** `unit_amount` of every line, also of lines that a callback makes. */
function unitAmounts(project: Project, { module, node }: Parameter): Parameter[] {
  return originsOf(project, module, node, ["*", "price_data"]).flatMap((origin) =>
    origin.path.length === 0 ? parameter(project, origin.module, origin.node, "unit_amount").values : [],
  );
}
