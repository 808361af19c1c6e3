import type { Node } from "@babel/types";
import { effectsIn } from "../stripe/effects.ts";
import { isCall, type Module } from "../syntax/module.ts";
import { reachedFrom } from "../syntax/reached.ts";
import { chainOf, keyText, walk } from "../syntax/walk.ts";
import { fault, type Rule } from "./rule.ts";

export const partialRefundAsFull: Rule = {
  id: "partial-refund-as-full",
  level: "warning",
  title: "A partial refund is taken for a full one.",
  why: "charge.refunded comes for every refund. Who gets 1 of 100 back as a goodwill loses everything that was paid for.",
  fix: "Compare `charge.amount_refunded` with `charge.amount` (or read `charge.refunded`, which is true only for the whole amount).",
  check({ project, webhooks }) {
    const reported = new Set<Node>();
    return webhooks.flatMap(({ branches }) =>
      branches.flatMap((branch) => {
        if (branch.type !== "charge.refunded" || reported.has(branch.at)) return [];
        const code = reachedFrom(project, branch.module, branch.body);
        const writes = code.some(({ module, node }) =>
          effectsIn(project, module, node).some(({ kind }) => kind === "write"),
        );
        if (!writes || looksAtAmount(code)) return [];
        reported.add(branch.at);
        return [fault(branch.module, branch.at, "This branch never looks at how much was refunded.")];
      }),
    );
  },
};

type Code = readonly { module: Module; node: Node }[];

/** `charge.amount` alone says what was paid, not what went back. */
const AMOUNT_BACK =
  /^(?:amount_?refunded|isPartial\w*|partial\w*|refundedAmount|refunded_amount|totalRefunded)$/i;

function looksAtAmount(code: Code): boolean {
  return code.some(({ node }) => readsAmount(node));
}

/** Not the word: `status: "refunded"` is what is written, `charge.refunded` what is looked at. What a log says is not looked at. */
function readsAmount(start: Node): boolean {
  let found = false;
  walk(start, (node) => {
    if (isCall(node) && /(?:^|\.)(?:console|log|logger)\./.test(chainOf(node.callee))) return false;
    const read = node.type === "MemberExpression" || node.type === "OptionalMemberExpression";
    const name = read
      ? keyText(node.property, node.computed)
      : node.type === "ObjectProperty"
        ? chainOf(node.key)
        : "";
    if (name !== undefined && AMOUNT_BACK.test(name)) found = true;
    if (read && name === "refunded") found = true;
    if (node.type === "ObjectPattern" && takesOut(node, "refunded")) found = true;
    return undefined;
  });
  return found;
}

/** `const { refunded } = charge` */
function takesOut({ properties }: Extract<Node, { type: "ObjectPattern" }>, name: string): boolean {
  return properties.some(
    (property) => property.type === "ObjectProperty" && keyText(property.key, property.computed) === name,
  );
}
