import type { Node } from "@babel/types";
import { isVerification } from "../stripe/api.ts";
import { isCall, type Module } from "../syntax/module.ts";
import { originsOf } from "../syntax/origins.ts";
import type { Project } from "../syntax/project.ts";
import { bare, chainOf, nodesBelow, walk } from "../syntax/walk.ts";
import { fault, type Rule } from "./rule.ts";

const MIRRORED: Record<string, string> = { "<": ">", ">": "<", "<=": ">=", ">=": "<=" };
const CREATED = /(?:^|\.)(?:event|stripeEvent|evt)\.created$/;

export const eventsOrderedByCreated: Rule = {
  id: "events-ordered-by-created",
  level: "warning",
  title: "Events are dropped as old by their creation time.",
  why: "`created` counts whole seconds and events come in any order: of two changes in one second, one is thrown away, and a cancellation or a payment with it.",
  fix: "Let equal times through, and on a tie read the object from Stripe: its present state is the newest.",
  check({ project, webhooks }) {
    const reported = new Set<Node>();
    return webhooks.flatMap(({ reached }) =>
      reached.flatMap(({ module, node: code }) =>
        nodesBelow(code).flatMap((node) => {
          if (node.type !== "BinaryExpression" || !/^[<>]=?$/.test(node.operator) || reported.has(node))
            return [];
          const sides: Node[] = [node.left, node.right];
          const created = sides.find((side) => mentionsCreated(side));
          const other = sides.find((side) => side !== created);
          if (!created || !other || isClock(other)) return [];
          // `created < stored` drops only what is older, `created >= stored` keeps what is as old: both let ties through.
          const operator = created === node.left ? node.operator : MIRRORED[node.operator];
          if (operator === "<" || operator === ">=") return [];
          const isEvent =
            CREATED.test(firstCreated(created)) ||
            originsOf(project, module, created).some(
              ({ node: origin, path }) => isCall(origin) && isVerification(origin) && path.length === 1,
            );
          if (!isEvent || isOfSameEvent(project, module, other)) return [];
          reported.add(node);
          return [fault(module, node, "Two events of one second can't be told apart by this.")];
        }),
      ),
    );
  },
};

/** `event.data.object.trial_end` is no time of another event. */
function isOfSameEvent(project: Project, module: Module, side: Node): boolean {
  const read = bare(side);
  return (
    /(?:^|\.)data\.object\./.test(chainOf(read)) ||
    originsOf(project, module, read).some(({ path }) => path.includes("object") && path.includes("data"))
  );
}

function mentionsCreated(side: Node): boolean {
  return firstCreated(side) !== "";
}

function firstCreated(side: Node): string {
  let found = "";
  walk(side, (node) => {
    if (node.type === "MemberExpression" && chainOf(node).endsWith(".created")) found ||= chainOf(node);
    return undefined;
  });
  return found;
}

/** How old an event is may be asked; that compares it with no other event. */
function isClock(side: Node): boolean {
  let clock = false;
  walk(side, (node) => {
    if (isCall(node) && /now$|^Date$|new Date/.test(chainOf(node.callee))) clock = true;
    if (node.type === "NumericLiteral") clock = true;
    if (node.type === "Identifier" && /^now|Now$|_now$|tolerance|maxAge|cutoff/.test(node.name)) clock = true;
    return undefined;
  });
  return clock;
}
