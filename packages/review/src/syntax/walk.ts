import { type Function as FunctionNode, type Node, VISITOR_KEYS } from "@babel/types";

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/** In the order in which they stand in the source. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const key of VISITOR_KEYS[node.type] ?? []) {
    const value: unknown = Reflect.get(node, key);
    if (Array.isArray(value)) children.push(...value.filter(isNode));
    else if (isNode(value)) children.push(value);
  }
  return children;
}

/** The node and everything below it, outermost first. `enter` returns false to leave out what is below. */
export function walk(node: Node, enter: (node: Node) => boolean | undefined): void {
  if (enter(node) === false) return;
  for (const child of childrenOf(node)) walk(child, enter);
}

/** The node and everything below it, as a list. */
export function nodesBelow(node: Node): Node[] {
  const nodes: Node[] = [];
  walk(node, (inner) => {
    nodes.push(inner);
    return undefined;
  });
  return nodes;
}

export function isFunction(node: Node): node is FunctionNode {
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ObjectMethod":
    case "ClassMethod":
    case "ClassPrivateMethod":
      return true;
    default:
      return false;
  }
}

/** The value without what only the compiler or the event loop sees: `await`, `as`, `satisfies`, `!`, brackets. */
export function bare(node: Node): Node {
  switch (node.type) {
    case "AwaitExpression":
      return bare(node.argument);
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
    case "TypeCastExpression":
    case "ParenthesizedExpression":
      return bare(node.expression);
    default:
      return node;
  }
}

/** The text of a string literal or of a template without holes. */
export function literalText(node: Node | null | undefined): string | undefined {
  if (!node) return undefined;
  const value = bare(node);
  if (value.type === "StringLiteral") return value.value;
  if (value.type === "TemplateLiteral" && value.expressions.length === 0) {
    return value.quasis[0]?.value.cooked ?? undefined;
  }
  return undefined;
}

/** The name of a property where the source spells it out: `a.name`, `a["name"]`, `{ name: … }`, `{ "name": … }`. */
export function keyText(key: Node, computed: boolean): string | undefined {
  if (!computed && key.type === "Identifier") return key.name;
  if (key.type === "PrivateName") return key.id.name;
  if (key.type === "NumericLiteral") return String(key.value);
  return literalText(key);
}

/** `a.b.c` of a chain of names, calls included as `a.b().c`; "" where it starts from something without a name. */
export function chainOf(node: Node): string {
  const value = bare(node);
  switch (value.type) {
    case "Identifier":
      return value.name;
    case "ThisExpression":
      return "this";
    case "Super":
      return "super";
    case "MemberExpression":
    case "OptionalMemberExpression":
      return `${chainOf(value.object)}.${keyText(value.property, value.computed) ?? "*"}`;
    case "CallExpression":
    case "OptionalCallExpression":
      return `${chainOf(value.callee)}()`;
    case "NewExpression":
      return `new ${chainOf(value.callee)}()`;
    default:
      return "";
  }
}
