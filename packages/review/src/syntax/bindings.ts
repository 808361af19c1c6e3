import type { Function as FunctionNode, Node } from "@babel/types";
import { bare, keyText, literalText } from "./walk.ts";

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

export function emptyBinding(name: string): Binding {
  return { name, values: [], written: [] };
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
