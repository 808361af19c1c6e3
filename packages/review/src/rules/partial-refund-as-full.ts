import type { Node } from "@babel/types";
import { effectsIn } from "../stripe/effects.ts";
import { someWord, wordsIn } from "../stripe/words.ts";
import type { Module } from "../syntax/module.ts";
import { reachedFrom } from "../syntax/targets.ts";
import { keyText, walk } from "../syntax/walk.ts";
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

function looksAtAmount(code: Code): boolean {
  return (
    someWord(wordsIn(code), /amount_?refunded|partial|^refunds$|^amount$|refund\w*amount/i) ||
    // Not the word: `status: "refunded"` is what is written, `charge.refunded` what is looked at.
    code.some(({ node }) => readsProperty(node, "refunded"))
  );
}

function readsProperty(start: Node, name: string): boolean {
  let found = false;
  walk(start, (node) => {
    const read = node.type === "MemberExpression" || node.type === "OptionalMemberExpression";
    if (read && keyText(node.property, node.computed) === name) found = true;
    return undefined;
  });
  return found;
}
