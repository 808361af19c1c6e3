import type { Function as FunctionNode, Node } from "@babel/types";
import { bindingOf, isCall, type Module } from "./module.ts";
import { imported, type Project, type Target } from "./project.ts";
import { bare, chainOf, isFunction, keyText, walk } from "./walk.ts";

/** Names and calls in a row beyond this lead in a circle. */
const MOST_STEPS = 12;

type ClassNode = Extract<Node, { type: "ClassDeclaration" | "ClassExpression" }>;

/** How far a question has come, and what it has looked at: two ways to one place are one. */
type Trail = { steps: number; seen: Map<Node, Set<string>> };

/** The functions of this project that an expression may be, so that a call of it can be followed. */
export function targetsOf(project: Project, module: Module, callee: Node): readonly Target[] {
  const known = project.targets.get(callee);
  if (known) return known;
  const targets = find(project, module, callee, [], { steps: MOST_STEPS, seen: new Map() });
  project.targets.set(callee, targets);
  return targets;
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
    case "ObjectExpression": {
      const [first, ...rest] = path;
      return node.properties.flatMap((property) => {
        if (property.type === "SpreadElement") return [];
        const key = keyText(property.key, property.computed);
        if (first !== "*" && key !== first) return [];
        return property.type === "ObjectMethod"
          ? rest.length === 0
            ? [{ module, node: property }]
            : []
          : on(property.value, rest);
      });
    }
    case "ClassDeclaration":
    case "ClassExpression":
      return methods(module, node, path[0]);
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

function further({ steps, seen }: Trail): Trail {
  return { steps: steps - 1, seen };
}

function findName(
  project: Project,
  module: Module,
  node: Extract<Node, { type: "Identifier" }>,
  path: readonly string[],
  trail: Trail,
): Target[] {
  const binding = bindingOf(module, node.name, node);
  if (!binding) return [];
  if (binding.imported) {
    const found = imported(project, module, binding.imported, path);
    return found ? find(project, found.module, found.node, found.path, further(trail)) : [];
  }
  return binding.values.flatMap((value) =>
    find(project, module, value.node, [...value.path, ...path], further(trail)),
  );
}

/** `cache(async () => …)`, `withTeam(async () => …)`, `handler.bind(this)`: the function that was given. */
function wrapped(
  project: Project,
  module: Module,
  node: Extract<Node, { type: "CallExpression" | "OptionalCallExpression" }>,
  path: readonly string[],
  trail: Trail,
): Target[] {
  if (path.length > 0) return [];
  if (chainOf(node.callee).endsWith(".bind") && node.callee.type === "MemberExpression") {
    return find(project, module, node.callee.object, [], further(trail));
  }
  return node.arguments.flatMap((argument) =>
    isFunction(argument) || argument.type === "Identifier"
      ? find(project, module, argument, [], further(trail))
      : [],
  );
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
  let outer = module.parents.get(at);
  while (outer && outer.type !== "ClassDeclaration" && outer.type !== "ClassExpression") {
    outer = module.parents.get(outer);
  }
  if (!outer) return [];
  if (path.length === 0) return methods(module, outer, name);
  return heldAs(outer, name).flatMap((held) => find(project, module, held, path, further(trail)));
}

/** What a class holds under a name: the value it is given, else the class its type names. */
function heldAs({ body }: ClassNode, name: string): Node[] {
  return body.body.flatMap((member): Node[] => {
    if (member.type === "ClassProperty") {
      if (keyText(member.key, member.computed) !== name) return [];
      return member.value ? [member.value] : classOf(member.typeAnnotation);
    }
    if (member.type !== "ClassMethod" || member.kind !== "constructor") return [];
    return member.params.flatMap((parameter) => {
      if (parameter.type !== "TSParameterProperty") return [];
      const held = parameter.parameter;
      return held.type === "Identifier" && held.name === name ? classOf(held.typeAnnotation) : [];
    });
  });
}

function classOf(annotation: Node | null | undefined): Node[] {
  const type = annotation?.type === "TSTypeAnnotation" ? annotation.typeAnnotation : undefined;
  return type?.type === "TSTypeReference" && type.typeName.type === "Identifier" ? [type.typeName] : [];
}

function methods(module: Module, node: ClassNode, name: string | undefined): Target[] {
  return node.body.body.flatMap((member): Target[] => {
    if (member.type === "ClassMethod" || member.type === "ClassPrivateMethod") {
      return keyText(member.key, false) === name ? [{ module, node: member }] : [];
    }
    if (member.type !== "ClassProperty" || keyText(member.key, member.computed) !== name) return [];
    return member.value && isFunction(member.value) ? [{ module, node: member.value }] : [];
  });
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

/** Every function of the project that may run when this code runs, nested and called ones alike. */
export function reachedFrom(
  project: Project,
  module: Module,
  starts: readonly Node[],
): { module: Module; node: Node }[] {
  const reached = new Map<Node, Module>();
  const visit = (inside: Module, start: Node) => {
    if (reached.has(start)) return;
    reached.set(start, inside);
    walk(start, (node) => {
      if (!isCall(node)) return undefined;
      for (const callee of [node.callee, ...node.arguments.filter(({ type }) => type === "Identifier")]) {
        for (const target of targetsOf(project, inside, callee)) visit(target.module, target.node);
      }
      return undefined;
    });
  };
  for (const start of starts) visit(module, start);
  return [...reached].map(([node, inside]) => ({ module: inside, node }));
}
