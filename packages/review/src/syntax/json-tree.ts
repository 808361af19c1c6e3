import { readFileSync } from "node:fs";
import { parseExpression } from "@babel/parser";
import type { Expression } from "@babel/types";
import { keyText } from "./walk.ts";

/** JSON as a tree: tsconfig files carry comments and trailing commas, which JSON.parse refuses. */
export function readJson(file: string): Expression | undefined {
  try {
    return parseExpression(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

export function member(object: Expression, name: string): Expression | undefined {
  return entries(object).find(([key]) => key === name)?.[1];
}

export function entries(object: Expression): [string, Expression][] {
  if (object.type !== "ObjectExpression") return [];
  return object.properties.flatMap((property): [string, Expression][] => {
    if (property.type !== "ObjectProperty") return [];
    const key = keyText(property.key, property.computed);
    return key === undefined || !isExpression(property.value) ? [] : [[key, property.value]];
  });
}

function isExpression(node: { type: string }): node is Expression {
  return !/Pattern$|^RestElement$|^VoidPattern$/.test(node.type);
}
