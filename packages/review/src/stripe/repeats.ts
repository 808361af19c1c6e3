import type { Node } from "@babel/types";
import { isCall } from "../syntax/module.ts";
import { bare, chainOf, keyText, walk } from "../syntax/walk.ts";

const RANDOM_KEY = /(?:^|\.)(?:randomUUID|uuid|uuidv4|v4|nanoid|cuid|createId|ulid)\(?\)?$/;

/** Whether a key is made here that no earlier run can have had. */
export function isNewOnEveryRun(nodes: readonly Node[]): boolean {
  let found = false;
  for (const start of nodes) {
    walk(start, (node) => {
      if (isCall(node)) found ||= RANDOM_KEY.test(chainOf(node.callee));
      return undefined;
    });
  }
  return found;
}

/** `{ increment: 10 }`, `$inc`, `credits: user.credits + 10`: what is there is added to. */
export function addsToWhatIsThere(nodes: readonly Node[]): boolean {
  let found = false;
  for (const argument of nodes) {
    walk(argument, (node) => {
      if (node.type === "ObjectProperty") found ||= addsByName(node);
      if (isCall(node)) {
        found ||= /(?:^|\.)(?:increment|arrayUnion)$/.test(chainOf(node.callee));
      }
      if (node.type === "TaggedTemplateExpression" && chainOf(node.tag).endsWith("sql")) {
        found ||= node.quasi.quasis.some(({ value }) => /\+/.test(value.raw));
      }
      return undefined;
    });
  }
  return found;
}

function addsByName({ key, computed, value }: Extract<Node, { type: "ObjectProperty" }>): boolean {
  const name = keyText(key, computed) ?? "";
  if (/^(?:increment|decrement|\$inc|\$push)$/.test(name)) return true;
  const sum = bare(value);
  if (sum.type !== "BinaryExpression" || sum.operator !== "+") return false;
  return [sum.left, sum.right].some((side) => readsField(side, name));
}

/** `(user?.credits ?? 0)` reads `credits`. */
function readsField(start: Node, name: string): boolean {
  let found = false;
  walk(start, (node) => {
    const read = node.type === "MemberExpression" || node.type === "OptionalMemberExpression";
    if (read && keyText(node.property, node.computed) === name) found = true;
    return undefined;
  });
  return found;
}
