import type { Node } from "@babel/types";
import { isCall, type Module } from "./module.ts";
import type { Project } from "./project.ts";
import { targetsOf } from "./targets.ts";
import { walk } from "./walk.ts";

/** Functions one question may reach; what reaches more is the whole program. */
const MOST_REACHED = 2_000;
/** Every function of the project that may run when this code runs, nested and called ones alike. */
export function reachedFrom(
  project: Project,
  module: Module,
  starts: readonly Node[],
): { module: Module; node: Node }[] {
  const reached = new Map<Node, Module>();
  const visit = (inside: Module, start: Node) => {
    if (reached.has(start) || reached.size >= MOST_REACHED) return;
    reached.set(start, inside);
    walk(start, (node) => {
      if (!isCall(node)) return undefined;
      for (const callee of [node.callee, ...node.arguments.filter(({ type }) => type === "Identifier")]) {
        for (const target of targetsOf(project, inside, callee)) visit(target.module, target.node);
      }
      return undefined;
    });
  };
  for (const start of starts) {
    visit(module, start);
    // A table holds its functions by name: `"charge.refunded": orders.refund`.
    if (!/^(?:Identifier|MemberExpression)$/.test(start.type)) continue;
    for (const target of targetsOf(project, module, start)) visit(target.module, target.node);
  }
  return [...reached].map(([node, inside]) => ({ module: inside, node }));
}
