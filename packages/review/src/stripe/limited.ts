import type { Node } from "@babel/types";
import { isCall, type Module } from "../syntax/module.ts";
import type { Origin } from "../syntax/origins.ts";
import type { Project } from "../syntax/project.ts";
import { chainOf, isFunction, keyText, literalText, walk } from "../syntax/walk.ts";

/** Whether the same value is compared with, or looked up in, what the server knows, anywhere in its function. */
export function isLookedUp(module: Module, names: ReadonlySet<string>, inside: Node): boolean {
  const LOOKS_UP =
    /(?:^|\.)(?:includes|has|indexOf|some|find\w*|every|get\w*|is\w*|validate\w*|assert\w*|check(?!out)\w*|verify\w*|resolve\w*|lookup\w*|retrieve|load\w*|fetch\w*|query|select|eq|equals)$/;
  return module.nodes.some((node) => {
    if (node.start === null || node.end === null || inside.start === null || inside.end === null)
      return false;
    if (Number(node.start) < Number(inside.start) || Number(node.end) > Number(inside.end)) return false;
    if (isCall(node)) {
      return (
        LOOKS_UP.test(chainOf(node.callee)) && node.arguments.some((argument) => mentions(argument, names))
      );
    }
    if (node.type === "MemberExpression" && node.computed) return mentions(node.property, names);
    if (node.type === "BinaryExpression" && /^[!=]==?$/.test(node.operator)) {
      const sides = [node.left, node.right];
      const other = sides.find((side) => !mentions(side, names));
      return sides.some((side) => mentions(side, names)) && other !== undefined && !isAbsence(other);
    }
    return node.type === "SwitchStatement" && mentions(node.discriminant, names);
  });
}

function isAbsence(node: Node): boolean {
  return (
    node.type === "NullLiteral" ||
    (node.type === "Identifier" && node.name === "undefined") ||
    literalText(node) !== undefined ||
    node.type === "NumericLiteral"
  );
}

function mentions(node: Node, names: ReadonlySet<string>): boolean {
  const found = chainOf(node).split(".").pop() ?? "";
  if (names.has(found)) return true;
  if (isFunction(node)) return node.body.type !== "BlockStatement" && mentions(node.body, names);
  if (node.type === "BinaryExpression") return mentions(node.left, names) || mentions(node.right, names);
  if (node.type === "ObjectExpression") {
    return node.properties.some(
      (property) =>
        property.type === "ObjectProperty" &&
        (mentions(property.value, names) || names.has(keyText(property.key, property.computed) ?? "")),
    );
  }
  return false;
}

const API_KEY = /^(?:x-api-key|api-key|x-access-key)$/i;
const CHECKS_KEY = /api_?key|service_?token|secret_?token|m2m|serverToServer|verifyCaller/i;

/** A server of the owner's own calls this and shows a key: what it asks for was not chosen by a browser. */
export function isForKeyHolders(inside: Node): boolean {
  let found = false;
  walk(inside, (node) => {
    const text = literalText(node);
    if (text !== undefined && API_KEY.test(text)) found = true;
    if (isCall(node) && CHECKS_KEY.test(chainOf(node.callee))) found = true;
    return undefined;
  });
  return found;
}

const LIMITS = /(?:^|\.)(?:refine|superRefine|enum|nativeEnum|literal|oneOf|picklist|valid|check|custom)\(\)/;

/** `z.object({ origin: z.string().refine(isOurs) })`: the schema of a field says which values it may have. */
export function isLimitedBySchema(project: Project, { module, path }: Origin): boolean {
  const field = path.filter((name) => !/^(?:\*|#\d+|\d+)$/.test(name)).at(-1);
  if (field === undefined) return false;
  const imported = module.nodes.flatMap((node) => {
    const other = node.type === "ImportDeclaration" ? project.follow(module, node.source.value) : undefined;
    return other ? [other] : [];
  });
  return [module, ...imported].some(({ nodes }) =>
    nodes.some(
      (node) =>
        node.type === "ObjectProperty" &&
        keyText(node.key, node.computed) === field &&
        isCall(node.value) &&
        LIMITS.test(chainOf(node.value)),
    ),
  );
}
