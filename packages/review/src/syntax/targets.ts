import type { Function as FunctionNode, Node } from "@babel/types";
import { type ClassNode, classAround, heldAs, methodsOf } from "./held-by-class.ts";
import { bindingOf, type CallNode, type Module } from "./module.ts";
import { imported, importedByItself, type Project, type Target } from "./project.ts";
import { bare, chainOf, isFunction, keyText, walk } from "./walk.ts";

/** Names and calls in a row beyond this lead in a circle. */
const MOST_STEPS = 16;
/** A parameter that is given this many different values stands for none of them. */
const MOST_CALLERS = 8;
/** A container that makes what a class names: tsyringe, awilix, NestJS, AdonisJS. */
const MAKES = /(?:^|\.)(?:resolve|get|make|inject)$/;

/** How far a question has come, and what it has looked at: two ways to one place are one. */
type Trail = {
  steps: number;
  seen: Map<Node, Set<string>>;
  /** Whether what a parameter is given is followed. */
  parameters: boolean;
  /** Whether what a function gives back is followed. */
  results: boolean;
};

/** The functions of this project that an expression may be, so that a call of it can be followed. */
export function targetsOf(project: Project, module: Module, callee: Node): readonly Target[] {
  const known = project.targets.get(callee);
  if (known) return known;
  const targets = find(project, module, callee, [], trailOf({ parameters: true, results: true }));
  project.targets.set(callee, targets);
  return targets;
}

/** The same without what is handed on as a parameter, and with the constructor of a class that is made. */
export function directTargetsOf(
  project: Project,
  module: Module,
  { type, callee }: CallNode,
): readonly Target[] {
  const known = project.directTargets.get(callee);
  if (known) return known;
  const trail = trailOf({ parameters: false, results: true });
  const targets = find(project, module, callee, type === "NewExpression" ? ["constructor"] : [], trail);
  project.directTargets.set(callee, targets);
  return targets;
}

/** The functions an argument names: most arguments are no functions, and their values lead anywhere. */
export function passedTargetsOf(project: Project, module: Module, argument: Node): readonly Target[] {
  return find(project, module, argument, [], trailOf({ parameters: false, results: false }));
}

function trailOf(follows: Pick<Trail, "parameters" | "results">): Trail {
  return { steps: MOST_STEPS, seen: new Map(), ...follows };
}

function find(
  project: Project,
  module: Module,
  start: Node,
  path: readonly string[],
  trail: Trail,
): Target[] {
  const node = bare(start);
  const key = path.join(".");
  const seen = trail.seen.get(node) ?? new Set();
  if (trail.steps === 0 || seen.has(key)) return [];
  trail.seen.set(node, seen.add(key));
  const on = (other: Node, rest: readonly string[]) => find(project, module, other, rest, further(trail));
  if (isFunction(node)) return path.length === 0 ? [{ module, node }] : [];
  switch (node.type) {
    case "Identifier":
      return findName(project, module, node, path, trail);
    case "MemberExpression":
    case "OptionalMemberExpression": {
      const name = keyText(node.property, node.computed) ?? "*";
      if (node.object.type === "ThisExpression") return ownMember(project, module, node, name, path, trail);
      return on(node.object, [name, ...path]);
    }
    case "ObjectExpression":
      return inObject(module, node, path, on);
    case "ClassDeclaration":
    case "ClassExpression":
      return inClass(module, node, path, on);
    case "NewExpression":
      return on(node.callee, path);
    case "CallExpression":
    case "OptionalCallExpression":
      return wrapped(project, module, node, path, trail);
    case "ConditionalExpression":
      return [...on(node.consequent, path), ...on(node.alternate, path)];
    case "LogicalExpression":
      return [...on(node.left, path), ...on(node.right, path)];
    default:
      return [];
  }
}

type FindOn = (other: Node, rest: readonly string[]) => Target[];

function inObject(
  module: Module,
  node: Extract<Node, { type: "ObjectExpression" }>,
  [first, ...rest]: readonly string[],
  on: FindOn,
): Target[] {
  return node.properties.flatMap((property) => {
    if (property.type === "SpreadElement") {
      return first === undefined ? [] : on(property.argument, [first, ...rest]);
    }
    const key = keyText(property.key, property.computed);
    if (first !== "*" && key !== first) return [];
    if (property.type !== "ObjectMethod") return on(property.value, rest);
    return rest.length === 0 ? [{ module, node: property }] : [];
  });
}

function inClass(module: Module, node: ClassNode, path: readonly string[], on: FindOn): Target[] {
  const [name, ...rest] = path;
  if (rest.length > 0 && name !== undefined) return heldAs(node, name).flatMap((held) => on(held, rest));
  const own = methodsOf(node, name).map((method) => ({ module, node: method }));
  return own.length === 0 && name !== undefined && node.superClass ? on(node.superClass, path) : own;
}

function further({ steps, ...rest }: Trail): Trail {
  return { ...rest, steps: steps - 1 };
}

function findName(
  project: Project,
  module: Module,
  node: Extract<Node, { type: "Identifier" }>,
  path: readonly string[],
  trail: Trail,
): Target[] {
  const binding = bindingOf(module, node.name, node);
  if (!binding) {
    const found = importedByItself(project, module, node.name);
    return found ? find(project, found.module, found.node, [...found.path, ...path], further(trail)) : [];
  }
  if (binding.imported) {
    const found = imported(project, module, binding.imported, path);
    return found ? find(project, found.module, found.node, found.path, further(trail)) : [];
  }
  const own = binding.values.flatMap((value) =>
    find(project, module, value.node, [...value.path, ...path], further(trail)),
  );
  if (!binding.parameter || !trail.parameters) return own;
  const { of, index, path: inside } = binding.parameter;
  const callers = project.callsOf(of).slice(0, MOST_CALLERS);
  const given = callers.flatMap((call) => {
    const argument = call.node.arguments[index];
    return argument ? find(project, call.module, argument, [...inside, ...path], further(trail)) : [];
  });
  return [...own, ...given];
}

/**
 * `cache(async () => …)`, `withTeam(async () => …)`, `handler.bind(this)`: the function that was given. `makeOrders(db)`:
 * what it gives back.
 */
function wrapped(
  project: Project,
  module: Module,
  node: Extract<Node, { type: "CallExpression" | "OptionalCallExpression" }>,
  path: readonly string[],
  trail: Trail,
): Target[] {
  const chain = chainOf(node.callee);
  const on = (inside: Module, other: Node, rest: readonly string[]) =>
    find(project, inside, other, rest, further(trail));
  if (path.length === 0 && chain.endsWith(".bind") && node.callee.type === "MemberExpression") {
    return on(module, node.callee.object, []);
  }
  const makers = trail.results ? on(module, node.callee, []) : [];
  const made = makers.flatMap((target) =>
    returnsOf(target.node).flatMap((value) => on(target.module, value, path)),
  );
  const given = node.arguments.flatMap((argument) => {
    if (path.length > 0) return MAKES.test(chain) ? on(module, argument, path) : [];
    return isFunction(argument) || argument.type === "Identifier" ? on(module, argument, []) : [];
  });
  return [...made, ...given];
}

/** `this.name`: a method of the class, or what it holds: `constructor(private readonly orders: OrdersService)`. */
function ownMember(
  project: Project,
  module: Module,
  at: Node,
  name: string,
  path: readonly string[],
  trail: Trail,
): Target[] {
  const outer = classAround(module, at);
  if (!outer) return [];
  const on: FindOn = (other, rest) => find(project, module, other, rest, further(trail));
  return inClass(module, outer, [name, ...path], on);
}

/** The values a function gives back. */
export function returnsOf(fn: FunctionNode): Node[] {
  if (fn.type === "ArrowFunctionExpression" && fn.body.type !== "BlockStatement") return [fn.body];
  const values: Node[] = [];
  walk(fn.body, (node) => {
    if (isFunction(node)) return false;
    if (node.type === "ReturnStatement" && node.argument) values.push(node.argument);
    return undefined;
  });
  return values;
}
