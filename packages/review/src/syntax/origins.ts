import type { Function as FunctionNode, Node } from "@babel/types";
import type { Binding, Value } from "./bindings.ts";
import { bindingOf, type CallNode, isCall, type Module } from "./module.ts";
import { imported, importedByItself, type Project, type Target } from "./project.ts";
import { isServerAction } from "./server-action.ts";
import { returnsOf, targetsOf } from "./targets.ts";
import { bare, chainOf, isFunction, keyText } from "./walk.ts";

/** Where a value comes from, as far as it can be followed. */
export type Origin = {
  module: Module;
  node: Node;
  /** What is read off `node`, outermost first: `req.body.price` is `req` with `body`, `price`. */
  path: readonly string[];
  /** Calls the value went through on its way: JSON.stringify, Number, Math.round … */
  through: readonly CallNode[];
};

/** Functions that give back what they were given, in another form. */
const SAME_VALUE =
  /^(Number|String|BigInt|Boolean|parseInt|parseFloat|Number\.\w+|Math\.\w+|JSON\.(parse|stringify)|structuredClone|encodeURIComponent|decodeURIComponent|new (URL|URLSearchParams|Number|String|Buffer|Decimal|Big)\(\)|Buffer\.(from|concat)|Object\.(assign|freeze|fromEntries|entries|values)|Array\.from|Promise\.(all|resolve))$/;
/** Methods that give back their object, in another form. */
const SAME_OBJECT =
  /^(toString|toFixed|trim|toLowerCase|toUpperCase|slice|substring|replace|replaceAll|filter|find|findLast|at|concat|flat|sort|reverse|toSorted|valueOf|split|join|unwrap|then|pop|shift|times|mul|round)$/;
/** Validators: what comes out is what went in. */
const CHECKED = /^(parse|safeParse|parseAsync|safeParseAsync|validate|validateSync|decode|assert|cast)$/;
/** A path through code longer than this is a circle, or nothing a person would follow either. */
const DEEPEST = 60;
/** Properties read in a row beyond this come from a loop (`node = node.left ?? node.right`). */
const LONGEST_PATH = 12;
/** Places one question may look at; what takes more is no code a reader could follow. */
const MOST_PLACES = 5_000;

type Trail = {
  /** Of a text that is put together, only what it begins with. */
  head: boolean;
  seen: Set<string>;
  ids: Map<Node, number>;
  depth: number;
  through: readonly CallNode[];
  /** The calls that led into the functions being looked at. */
  entered: ReadonlyMap<Node, { module: Module; call: CallNode }>;
};

export function originsOf(
  project: Project,
  module: Module,
  node: Node,
  path: readonly string[] = [],
  { head = false } = {},
): Origin[] {
  return trace(project, module, node, path, {
    head,
    seen: new Set(),
    ids: new Map(),
    depth: 0,
    through: [],
    entered: new Map(),
  });
}

function trace(
  project: Project,
  module: Module,
  start: Node,
  path: readonly string[],
  trail: Trail,
): Origin[] {
  const node = bare(start);
  const id = trail.ids.get(node) ?? trail.ids.size;
  trail.ids.set(node, id);
  const mark = `${id}:${path.join(".")}:${trail.entered.size}`;
  const tooFar = trail.depth > DEEPEST || path.length > LONGEST_PATH || trail.seen.size > MOST_PLACES;
  if (tooFar || trail.seen.has(mark)) return [];
  trail.seen.add(mark);
  const next = { ...trail, depth: trail.depth + 1 };
  const on = (other: Node, rest: readonly string[] = path) => trace(project, module, other, rest, next);
  const leaf: Origin[] = [{ module, node, path, through: trail.through }];
  switch (node.type) {
    case "Identifier":
      return traceName(project, module, node, path, next);
    case "MemberExpression":
    case "OptionalMemberExpression":
      return on(node.object, [keyText(node.property, node.computed) ?? "*", ...path]);
    case "ObjectExpression":
      return path.length === 0
        ? leaf
        : property(node, path).flatMap(({ node: value, path: rest }) => on(value, rest));
    case "ArrayExpression":
      return path.length === 0
        ? leaf
        : elements(node, path).flatMap(({ node: value, path: rest }) => on(value, rest));
    case "ConditionalExpression":
      return [...on(node.consequent), ...on(node.alternate)];
    case "LogicalExpression":
      // What `a && b` passes on of `a` is only that there is none.
      return node.operator === "&&" ? on(node.right) : [...on(node.left), ...on(node.right)];
    case "AssignmentExpression":
      return on(node.right);
    case "SequenceExpression":
      return node.expressions.slice(-1).flatMap((last) => on(last));
    case "BinaryExpression":
      return trail.head ? on(node.left, []) : [...on(node.left, []), ...on(node.right, [])];
    case "UnaryExpression":
      return on(node.argument, []);
    case "TemplateLiteral":
      return traceTemplate(node, trail.head, on) ?? leaf;
    case "CallExpression":
    case "OptionalCallExpression":
    case "NewExpression":
      return traceCall(project, module, node, path, next);
    default:
      return leaf;
  }
}

function traceTemplate(
  { quasis, expressions }: Extract<Node, { type: "TemplateLiteral" }>,
  head: boolean,
  on: (part: Node, path: readonly string[]) => Origin[],
): Origin[] | undefined {
  // `https://${host}` begins with the host: the scheme leads nowhere.
  const begins = /^(?:https?:\/\/)?$/.test(quasis[0]?.value.raw ?? "");
  if (expressions.length === 0 || (head && !begins)) return undefined;
  return expressions.slice(0, head ? 1 : undefined).flatMap((part) => on(part, []));
}

/** Where a property's value stands in an object literal; its spreads when it isn't there by name. */
function property(object: Extract<Node, { type: "ObjectExpression" }>, path: readonly string[]): Value[] {
  const [first, ...rest] = path;
  const named = object.properties.flatMap((entry): Value[] => {
    if (entry.type === "SpreadElement") return [];
    const key = keyText(entry.key, entry.computed);
    if (first !== "*" && key !== undefined && key !== first) return [];
    return [{ node: entry.type === "ObjectMethod" ? entry : entry.value, path: rest }];
  });
  const spreads = object.properties.flatMap((entry): Value[] =>
    entry.type === "SpreadElement" ? [{ node: entry.argument, path }] : [],
  );
  return named.length > 0 && first !== "*" ? named : [...named, ...spreads];
}

/** The elements of a list that are read: one by its place, or any. */
function elements(
  { elements: all }: Extract<Node, { type: "ArrayExpression" }>,
  path: readonly string[],
): Value[] {
  const [first = "", ...rest] = path;
  const there = all.filter((element) => element !== null);
  const chosen = /^\d+$/.test(first) ? there.slice(Number(first), Number(first) + 1) : there;
  return chosen.map((element) =>
    element.type === "SpreadElement" ? { node: element.argument, path } : { node: element, path: rest },
  );
}

function traceName(
  project: Project,
  module: Module,
  node: Extract<Node, { type: "Identifier" }>,
  path: readonly string[],
  trail: Trail,
): Origin[] {
  const binding = bindingOf(module, node.name, node);
  if (binding) return traceBinding(project, module, node, binding, path, trail);
  const found = importedByItself(project, module, node.name);
  return found
    ? trace(project, found.module, found.node, [...found.path, ...path], trail)
    : [{ module, node, path, through: trail.through }];
}

function traceBinding(
  project: Project,
  module: Module,
  node: Node,
  binding: Binding,
  path: readonly string[],
  trail: Trail,
): Origin[] {
  const leaf: Origin[] = [{ module, node, path, through: trail.through }];
  if (binding.imported) {
    const found = imported(project, module, binding.imported, path);
    return found ? trace(project, found.module, found.node, found.path, trail) : leaf;
  }
  const own = [...binding.values, ...binding.written.flatMap((written) => within(written, path))].flatMap(
    (value) => trace(project, module, value.node, [...value.path, ...("whole" in value ? [] : path)], trail),
  );
  if (!binding.parameter) return own.length > 0 || binding.values.length > 0 ? own : leaf;
  const { of, index, path: inside } = binding.parameter;
  return [...own, ...traceParameter(project, module, of, index, [...inside, ...path], trail)];
}

/** `x.a = node` seen from a reader of `x.a.b`: `node`, then `b`. */
function within(written: Value, path: readonly string[]): (Value & { whole: true })[] {
  if (written.path.length > path.length) return [];
  const fits = written.path.every(
    (name, index) => name === path[index] || name === "*" || path[index] === "*",
  );
  return fits ? [{ node: written.node, path: path.slice(written.path.length), whole: true }] : [];
}

function traceParameter(
  project: Project,
  module: Module,
  of: FunctionNode,
  index: number,
  path: readonly string[],
  trail: Trail,
): Origin[] {
  const leaf: Origin = { module, node: of, path: [`#${index}`, ...path], through: trail.through };
  const entered = trail.entered.get(of);
  const outer = module.parents.get(of);
  // An element of the list that a callback walks over.
  if (!entered && outer && isCall(outer) && outer.callee !== of) {
    const walked = listOf(outer);
    const element = /(^|\.)(reduce|reduceRight)$/.test(chainOf(outer.callee)) ? 1 : 0;
    if (walked && index === element) return trace(project, module, walked, ["*", ...path], trail);
  }
  const calls = entered ? [{ module: entered.module, node: entered.call }] : project.callsOf(of);
  const given = calls.flatMap((call) => {
    const argument = call.node.arguments[index];
    if (!argument || call.node.arguments.slice(0, index + 1).some(({ type }) => type === "SpreadElement"))
      return [];
    return trace(project, call.module, argument, path, trail);
  });
  return given.length > 0 && !isServerAction(module, of) ? given : [leaf, ...given];
}

function listOf(call: CallNode): Node | undefined {
  const { callee } = call;
  if (callee.type !== "MemberExpression" && callee.type !== "OptionalMemberExpression") return undefined;
  const name = keyText(callee.property, callee.computed) ?? "";
  return /^(map|flatMap|forEach|filter|find|some|every|reduce|reduceRight)$/.test(name)
    ? callee.object
    : undefined;
}

function traceCall(
  project: Project,
  module: Module,
  node: CallNode,
  path: readonly string[],
  trail: Trail,
): Origin[] {
  const leaf: Origin[] = [{ module, node, path, through: trail.through }];
  const chain = node.type === "NewExpression" ? `new ${chainOf(node.callee)}()` : chainOf(node.callee);
  const passed = { ...trail, through: [...trail.through, node] };
  const on = (other: Node, rest: readonly string[]) => trace(project, module, other, rest, passed);
  // The last argument of `new URL(path, base)` decides where it leads.
  if (trail.head && chain === "new URL()") return node.arguments.slice(-1).flatMap((base) => on(base, path));
  if (SAME_VALUE.test(chain)) return node.arguments.flatMap((argument) => on(argument, path));
  const mapped = mappedBy(node);
  if (mapped) {
    const [head, ...rest] = path;
    if (head === undefined) return leaf;
    return returnsOf(mapped).flatMap((value) => trace(project, module, value, rest, trail));
  }
  const targets = targetsOf(project, module, node.callee);
  if (targets.length > 0) {
    const results = traceInto(project, module, node, targets, path, passed);
    return results.length > 0 ? results : leaf;
  }
  const same = sameValueOf(node, chain, path);
  return same ? on(same.node, same.path) : leaf;
}

/** The callback of `list.map(…)`. */
function mappedBy(node: CallNode): FunctionNode | undefined {
  const [first] = node.arguments;
  const isMap = /(?:^|\.)(?:map|flatMap)$/.test(chainOf(node.callee));
  return isMap && listOf(node) && first && isFunction(first) ? first : undefined;
}

/** What the functions that are called give back, knowing that this call led into them. */
function traceInto(
  project: Project,
  module: Module,
  call: CallNode,
  targets: readonly Target[],
  path: readonly string[],
  trail: Trail,
): Origin[] {
  return targets.flatMap((target) => {
    const entered = new Map(trail.entered).set(target.node, { module, call });
    return returnsOf(target.node).flatMap((value) =>
      trace(project, target.module, value, path, { ...trail, entered }),
    );
  });
}

/** What a validator was given, or what a method was called on, where they give it back. */
function sameValueOf(
  { callee, arguments: [first] }: CallNode,
  chain: string,
  path: readonly string[],
): Value | undefined {
  const method = chain.slice(chain.lastIndexOf(".") + 1);
  if (CHECKED.test(method) && first && chain !== method) {
    return { node: first, path: path[0] === "data" || path[0] === "value" ? path.slice(1) : path };
  }
  const isMethod = callee.type === "MemberExpression" || callee.type === "OptionalMemberExpression";
  if (!isMethod || !SAME_OBJECT.test(method)) return undefined;
  return { node: callee.object, path: method === "find" || method === "at" ? ["*", ...path] : path };
}
