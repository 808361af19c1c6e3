import type { Node } from "@babel/types";
import { isCall, type Module } from "./module.ts";
import type { Project, Target } from "./project.ts";
import { passedTargetsOf, targetsOf } from "./targets.ts";
import { walk } from "./walk.ts";

/** From a webhook's handler to the statement that writes there are fewer calls than this; further away is other business. */
const MOST_CALLS_DEEP = 10;
/** Functions one question may reach; what reaches more is the whole program. */
const MOST_REACHED = 500;

type Code = { module: Module; node: Node };

/** Every function of the project that may run when this code runs, nested and called ones alike, nearest first, at most `most`. */
export function reachedFrom(
  project: Project,
  module: Module,
  starts: readonly Node[],
  most = MOST_REACHED,
): Code[] {
  const reached = new Map<Node, Module>();
  let level: Code[] = starts.map((node) => ({ module, node }));
  for (let depth = 0; depth <= MOST_CALLS_DEEP && level.length > 0; depth++) {
    const fresh = level.filter(({ node }) => !reached.has(node)).slice(0, most - reached.size);
    for (const code of fresh) reached.set(code.node, code.module);
    level = fresh.flatMap((code) => calledIn(project, code));
  }
  return [...reached].map(([node, inside]) => ({ module: inside, node }));
}

function calledIn(project: Project, { module, node: start }: Code): readonly Target[] {
  // A table holds its functions by name: `"charge.refunded": orders.refund`.
  const named = /^(?:Identifier|MemberExpression)$/.test(start.type) ? targetsOf(project, module, start) : [];
  const called = [...named];
  walk(start, (node) => {
    if (!isCall(node)) return undefined;
    called.push(...targetsOf(project, module, node.callee));
    for (const argument of node.arguments) {
      if (argument.type === "Identifier") called.push(...passedTargetsOf(project, module, argument));
    }
    return undefined;
  });
  return called;
}
