import type { Function as FunctionNode, Node } from "@babel/types";
import type { Module } from "./module.ts";
import { chainOf, isFunction, keyText, walk } from "./walk.ts";

export type ClassNode = Extract<Node, { type: "ClassDeclaration" | "ClassExpression" }>;

/** What `this.name` is where it is read: its values, or the names of its types. */
export function heldByThis(module: Module, at: Node, name: string): Node[] {
  const around = classAround(module, at);
  return around ? heldAs(around, name) : [];
}

/** The class a piece of code stands in. */
export function classAround(module: Module, at: Node): ClassNode | undefined {
  let outer = module.parents.get(at);
  while (outer && outer.type !== "ClassDeclaration" && outer.type !== "ClassExpression") {
    outer = module.parents.get(outer);
  }
  return outer;
}

/** What a class holds under a name: the value it is given, the class its type names, or a constructor's parameter. */
export function heldAs({ body }: ClassNode, name: string): Node[] {
  return body.body.flatMap((member): Node[] => {
    if (member.type === "ClassProperty" || member.type === "ClassPrivateProperty") {
      if (keyText(member.key, false) !== name) return [];
      return member.value ? [member.value] : classOf(member.typeAnnotation);
    }
    if (member.type !== "ClassMethod" || member.kind !== "constructor") return [];
    const given = member.params.flatMap((parameter) => {
      if (parameter.type !== "TSParameterProperty") return [];
      const held = parameter.parameter;
      if (held.type !== "Identifier" || held.name !== name) return [];
      return [...classOf(held.typeAnnotation), held];
    });
    return [...given, ...assignedAs(member.body, name)];
  });
}

/** `this.name = value` in a constructor. */
function assignedAs(body: Node, name: string): Node[] {
  const values: Node[] = [];
  walk(body, (node) => {
    if (node.type === "AssignmentExpression" && chainOf(node.left) === `this.${name}`)
      values.push(node.right);
    return !isFunction(node);
  });
  return values;
}

function classOf(annotation: Node | null | undefined): Node[] {
  const type = annotation?.type === "TSTypeAnnotation" ? annotation.typeAnnotation : undefined;
  return type?.type === "TSTypeReference" && type.typeName.type === "Identifier" ? [type.typeName] : [];
}

/** The functions a class has under a name. */
export function methodsOf(node: ClassNode, name: string | undefined): FunctionNode[] {
  return node.body.body.flatMap((member): FunctionNode[] => {
    if (member.type === "ClassMethod" || member.type === "ClassPrivateMethod") {
      return keyText(member.key, false) === name ? [member] : [];
    }
    if (member.type !== "ClassProperty" || keyText(member.key, member.computed) !== name) return [];
    return member.value && isFunction(member.value) ? [member.value] : [];
  });
}
