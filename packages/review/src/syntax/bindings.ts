import type { NodePath, Binding as ScopeBinding } from "@babel/traverse";
import type { Function as FunctionNode, Node } from "@babel/types";
import { bare, isFunction, keyText, literalText } from "./walk.ts";

/** A value a name may have: what is read off `node` by following `path`. `*` is any element or any property. */
export type Value = { node: Node; path: readonly string[] };

/** One name of one scope, and everything it may stand for. */
export type Binding = {
  name: string;
  values: Value[];
  /** `name.a.b = node` somewhere. */
  written: Value[];
  parameter?: { of: FunctionNode; index: number; path: readonly string[] };
  /** `name` is `*` for the whole module. */
  imported?: { from: string; name: string };
};

/** What a name of Babel's scopes may stand for. */
export function bindingFor(found: ScopeBinding): Binding {
  const binding: Binding = { name: found.identifier.name, values: [], written: [] };
  declared(binding, found.path);
  for (const { node } of found.constantViolations) assigned(binding, node);
  binding.written = found.referencePaths.flatMap(writtenThrough);
  return binding;
}

/** `constructor(private readonly orders: Orders)`: Babel's scopes leave these parameters out. */
export function parameterProperty(node: Node, name: string): Binding | undefined {
  if (node.type !== "ClassMethod") return undefined;
  const index = node.params.findIndex(
    (parameter) =>
      parameter.type === "TSParameterProperty" && namesOf(parameter).some((named) => named.name === name),
  );
  return index < 0 ? undefined : { name, values: [], written: [], parameter: { of: node, index, path: [] } };
}

function declared(binding: Binding, path: NodePath): void {
  const { node } = path;
  if (path.listKey === "params" && typeof path.key === "number" && isFunction(path.parent)) {
    declareParameter(binding, node, path.parent, path.key);
    return;
  }
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ClassDeclaration":
    case "ClassExpression":
      binding.values.push({ node, path: [] });
      break;
    case "VariableDeclarator":
      declareVariable(binding, node, path.parentPath?.parent);
      break;
    default:
      binding.imported = importedAs(node, path.parent);
  }
}

function declareParameter(binding: Binding, parameter: Node, of: FunctionNode, index: number): void {
  for (const { name, path, fallback } of namesOf(parameter)) {
    if (name !== binding.name) continue;
    binding.parameter = { of, index, path };
    if (fallback) binding.values.push({ node: fallback, path: [] });
  }
}

function declareVariable(
  binding: Binding,
  node: Extract<Node, { type: "VariableDeclarator" }>,
  around: Node | undefined,
): void {
  const looped = around?.type === "ForOfStatement" ? around.right : undefined;
  const required = node.init ? requiredModule(node.init) : undefined;
  for (const { name, path, fallback } of namesOf(node.id)) {
    if (name !== binding.name) continue;
    if (required !== undefined) binding.imported = { from: required, name: path[0] ?? "*" };
    else if (node.init) binding.values.push({ node: node.init, path });
    else if (looped) binding.values.push({ node: looped, path: ["*", ...path] });
    if (fallback) binding.values.push({ node: fallback, path: [] });
  }
}

function importedAs(node: Node, parent: Node | null | undefined): Binding["imported"] {
  if (node.type === "TSImportEqualsDeclaration") {
    const { moduleReference } = node;
    if (moduleReference.type !== "TSExternalModuleReference") return undefined;
    return { from: literalText(moduleReference.expression) ?? "", name: "*" };
  }
  if (parent?.type !== "ImportDeclaration") return undefined;
  const from = parent.source.value;
  if (node.type === "ImportSpecifier") return { from, name: keyText(node.imported, false) ?? "*" };
  return { from, name: node.type === "ImportDefaultSpecifier" ? "default" : "*" };
}

/** `name = value`, also inside a pattern, and `var name = value` written a second time. */
function assigned(binding: Binding, node: Node): void {
  if (node.type === "VariableDeclarator") declareVariable(binding, node, undefined);
  if (node.type !== "AssignmentExpression") return;
  for (const { name, path } of namesOf(bare(node.left))) {
    if (name === binding.name) binding.values.push({ node: node.right, path });
  }
}

/** `name.a.b = value`, seen from `name`. */
function writtenThrough(reference: NodePath): Value[] {
  const path: string[] = [];
  let at = reference;
  while (at.parent?.type === "MemberExpression" && at.key === "object" && at.parentPath) {
    path.push(keyText(at.parent.property, at.parent.computed) ?? "*");
    at = at.parentPath;
  }
  const writes = path.length > 0 && at.parent?.type === "AssignmentExpression" && at.key === "left";
  return writes && at.parent?.type === "AssignmentExpression" ? [{ node: at.parent.right, path }] : [];
}

type Named = { name: string; path: readonly string[]; fallback: Node | undefined };

/** The names a pattern makes, each with where in the value it is found. */
export function namesOf(pattern: Node, path: readonly string[] = []): Named[] {
  switch (pattern.type) {
    case "Identifier":
      return [{ name: pattern.name, path, fallback: undefined }];
    case "AssignmentPattern":
      return namesOf(pattern.left, path).map((named) =>
        named.path.length === path.length ? { ...named, fallback: pattern.right } : named,
      );
    case "RestElement":
      return namesOf(pattern.argument, path);
    case "ArrayPattern":
      return pattern.elements.flatMap((element, index) =>
        element ? namesOf(element, [...path, String(index)]) : [],
      );
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        property.type === "RestElement"
          ? namesOf(property.argument, path)
          : namesOf(property.value, [...path, keyText(property.key, property.computed) ?? "*"]),
      );
    case "TSParameterProperty":
      return namesOf(pattern.parameter, path);
    default:
      return [];
  }
}

/** `require("x")` and `await import("x")`: the module's name. */
export function requiredModule(node: Node): string | undefined {
  const value = bare(node);
  if (value.type === "ImportExpression") return literalText(value.source);
  if (value.type !== "CallExpression" || value.callee.type !== "Identifier") return undefined;
  return value.callee.name === "require" ? literalText(value.arguments[0]) : undefined;
}
