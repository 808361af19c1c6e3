import type { Comment, File, Function as FunctionNode, Node } from "@babel/types";
import { type Binding, parameterProperty } from "./bindings.ts";
import { type Export, exportsOf } from "./exports.ts";
import { scopesOf } from "./scopes.ts";
import { chainOf, childrenOf, isFunction } from "./walk.ts";

export type CallNode = Extract<Node, { type: "CallExpression" | "OptionalCallExpression" | "NewExpression" }>;

/** One file, indexed so that a rule can ask about it without walking it again. */
export type Module = {
  /** Below the project's root, with slashes. */
  path: string;
  text: string;
  program: Node;
  comments: readonly Comment[];
  /** Every node in source order. */
  nodes: readonly Node[];
  calls: readonly CallNode[];
  functions: readonly FunctionNode[];
  parents: ReadonlyMap<Node, Node>;
  exports: ReadonlyMap<string, Export>;
  /** Modules whose exports are passed on as they are. */
  passedOn: readonly string[];
  /** The names of the scope each function, block or class opens. */
  scopes: ReadonlyMap<Node, ReadonlyMap<string, Binding>>;
};

/** Nodes within nodes: what a person writes stays far below, and what a tool wrote must not end the review. */
const DEEPEST = 1_000;

/** Throws for a file that is nested too deeply to be followed. */
export function indexModule(path: string, text: string, file: File): Module {
  const nodes: Node[] = [];
  const parents = new Map<Node, Node>();
  const visit = (node: Node, depth: number) => {
    if (depth > DEEPEST) throw new Error("it is nested too deeply");
    nodes.push(node);
    // Lines and columns take as much memory as the tree itself; the few that are shown are counted from the text.
    node.loc = null;
    for (const child of childrenOf(node)) {
      parents.set(child, node);
      visit(child, depth + 1);
    }
  };
  visit(file.program, 0);
  const { exports, passedOn } = exportsOf(file.program);
  return {
    path,
    text,
    program: file.program,
    comments: file.comments ?? [],
    nodes,
    calls: nodes.filter(isCall),
    functions: nodes.filter(isFunction),
    parents,
    exports,
    passedOn,
    scopes: scopesOf(file),
  };
}

export function isCall(node: Node): node is CallNode {
  return (
    node.type === "CallExpression" || node.type === "OptionalCallExpression" || node.type === "NewExpression"
  );
}

/** What a name stands for where it is written; undefined for globals. */
export function bindingOf(module: Module, name: string, at: Node): Binding | undefined {
  for (let node: Node | undefined = at; node; node = module.parents.get(node)) {
    const held = parameterProperty(node, name);
    if (held) return held;
    const found = module.scopes.get(node)?.get(name);
    if (found) return found;
  }
  return undefined;
}

/** The line a node stands on, from 1. */
export function lineAt({ text }: Module, node: Node): number {
  return text.slice(0, node.start ?? 0).split("\n").length;
}

/** The innermost function around a node, or the node's program. */
export function enclosing(module: Module, node: Node): Node {
  let at = module.parents.get(node);
  while (at && !isFunction(at)) at = module.parents.get(at);
  return at ?? module.program;
}

/** The name a function is known by; "" for one without. */
export function nameOfFunction(module: Module, fn: Node): string {
  if (fn.type === "FunctionDeclaration") return fn.id?.name ?? "";
  const outer = module.parents.get(fn);
  return outer?.type === "VariableDeclarator" ? chainOf(outer.id) : "";
}

export function isInside(module: Module, node: Node, outer: Node): boolean {
  for (let at: Node | undefined = node; at; at = module.parents.get(at)) if (at === outer) return true;
  return false;
}
