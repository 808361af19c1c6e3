import type { Comment, File, Function as FunctionNode, Node } from "@babel/types";
import { type Binding, emptyBinding, namesOf, requiredModule } from "./bindings.ts";
import { type Export, exportsOf } from "./exports.ts";
import { bare, chainOf, childrenOf, isFunction, keyText } from "./walk.ts";

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
  scopes: ReadonlyMap<Node, ReadonlyMap<string, Binding>>;
};

/** Nodes within nodes: what a person writes stays far below, and what a tool wrote must not end the review. */
const DEEPEST = 3_000;

/** Throws for a file that is nested too deeply to be followed. */
export function indexModule(path: string, text: string, file: File): Module {
  const nodes: Node[] = [];
  const parents = new Map<Node, Node>();
  const visit = (node: Node, depth: number) => {
    if (depth > DEEPEST) throw new Error("it is nested too deeply");
    nodes.push(node);
    for (const child of childrenOf(node)) {
      parents.set(child, node);
      visit(child, depth + 1);
    }
  };
  visit(file.program, 0);
  const scopes = bind(nodes, parents);
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
    scopes,
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
    const binding = module.scopes.get(node)?.get(name);
    if (binding) return binding;
  }
  return undefined;
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

function bind(nodes: readonly Node[], parents: ReadonlyMap<Node, Node>) {
  const scopes = new Map<Node, Map<string, Binding>>();
  const declare = (scope: Node, name: string): Binding => {
    const names = scopes.get(scope) ?? new Map<string, Binding>();
    scopes.set(scope, names);
    const binding = names.get(name) ?? emptyBinding(name);
    names.set(name, binding);
    return binding;
  };
  for (const node of nodes) declareNames(node, parents, declare);
  const find = (name: string, at: Node) => {
    for (let node: Node | undefined = at; node; node = parents.get(node)) {
      const binding = scopes.get(node)?.get(name);
      if (binding) return binding;
    }
    return undefined;
  };
  for (const node of nodes) if (node.type === "AssignmentExpression") assign(node.left, node.right, find);
  return scopes;
}

type Declare = (scope: Node, name: string) => Binding;

function declareNames(node: Node, parents: ReadonlyMap<Node, Node>, declare: Declare): void {
  const parent = parents.get(node);
  if (isFunction(node)) {
    if (node.type === "FunctionDeclaration" && node.id && parent) {
      declare(scopeAround(node, parents, false), node.id.name).values.push({ node, path: [] });
    }
    if (node.type === "FunctionExpression" && node.id) {
      declare(node, node.id.name).values.push({ node, path: [] });
    }
    for (const [index, parameter] of node.params.entries()) {
      for (const { name, path, fallback } of namesOf(parameter)) {
        const binding = declare(node, name);
        binding.parameter = { of: node, index, path };
        if (fallback) binding.values.push({ node: fallback, path: [] });
      }
    }
  } else if (node.type === "ClassDeclaration" && node.id) {
    declare(scopeAround(node, parents, false), node.id.name).values.push({ node, path: [] });
  } else if (node.type === "ImportDeclaration") {
    for (const specifier of node.specifiers) {
      declare(scopeAround(node, parents, false), specifier.local.name).imported = {
        from: node.source.value,
        name:
          specifier.type === "ImportSpecifier"
            ? (keyText(specifier.imported, false) ?? "*")
            : specifier.type === "ImportDefaultSpecifier"
              ? "default"
              : "*",
      };
    }
  } else if (node.type === "VariableDeclarator" && parent?.type === "VariableDeclaration") {
    declareVariable(node, scopeAround(parent, parents, parent.kind === "var"), parents.get(parent), declare);
  } else if (node.type === "CatchClause" && node.param) {
    for (const { name } of namesOf(node.param)) declare(node, name);
  }
}

function declareVariable(
  node: Extract<Node, { type: "VariableDeclarator" }>,
  scope: Node,
  around: Node | undefined,
  declare: Declare,
): void {
  const looped = around?.type === "ForOfStatement" ? around.right : undefined;
  const required = node.init ? requiredModule(node.init) : undefined;
  for (const { name, path, fallback } of namesOf(node.id)) {
    const binding = declare(scope, name);
    if (required !== undefined) binding.imported = { from: required, name: path[0] ?? "*" };
    else if (node.init) binding.values.push({ node: node.init, path });
    else if (looped) binding.values.push({ node: looped, path: ["*", ...path] });
    if (fallback) binding.values.push({ node: fallback, path: [] });
  }
}

function scopeAround(node: Node, parents: ReadonlyMap<Node, Node>, wholeFunction: boolean): Node {
  let at = parents.get(node);
  while (at && !isScope(at, wholeFunction)) at = parents.get(at);
  return at ?? node;
}

function isScope(node: Node, wholeFunction: boolean): boolean {
  if (node.type === "Program" || isFunction(node)) return true;
  if (wholeFunction) return false;
  return /^(BlockStatement|SwitchStatement|For(In|Of)?Statement|StaticBlock)$/.test(node.type);
}

function assign(left: Node, right: Node, find: (name: string, at: Node) => Binding | undefined): void {
  const target = bare(left);
  if (target.type === "MemberExpression") {
    const [root, ...path] = chainOf(target).split(".");
    const binding = root ? find(root, left) : undefined;
    if (binding && !path.includes("")) binding.written.push({ node: right, path });
    return;
  }
  for (const { name, path } of namesOf(target)) find(name, left)?.values.push({ node: right, path });
}
