import type { Node } from "@babel/types";
import type { Value } from "../syntax/bindings.ts";
import { bindingOf, isCall, type Module } from "../syntax/module.ts";
import { bare, chainOf, isFunction, keyText, literalText, walk } from "../syntax/walk.ts";
import { isClaim } from "./claims.ts";
import { effectsIn } from "./effects.ts";
import { mentionsEventId } from "./event-id.ts";
import type { Ask } from "./guard-question.ts";

/** What a test says when it holds: the event was `done` before, it is `new`, or it depends on what it is compared with. */
type Meaning = "done" | "new" | "either";

const LOOKS_FIRST =
  /(?:^|\.)(?:find\w*|get\w*|select\w*|lookup\w*|query|first|single|maybeSingle|count|exists|scan|hget|sismember|execute)$/;
const STATE =
  /^(?:status|state|\w*paid|\w*Paid|fulfilled|processed|isPaid|completed|granted|credited|delivered|redeemed|activated|paymentStatus|payment_status|(?:paid|fulfilled|processed|completed|granted|credited|delivered|activated)_?(?:at|on)|done|handled|sent)$/i;
/** Stripe's own objects: their state is the same at every delivery. */
const STRIPES_OWN =
  /^(?:event|evt|session|checkoutSession|subscription|paymentIntent|invoice|charge|object|obj|data|result|res|response|error|err|e)\b/;
const ASKS_WHETHER_DONE =
  /already|processed|seen|duplicate|dedup|isHandled|wasHandled|isKnown|isNew|isFirst|firstTime|claim|acquire|tryLock|setnx|idempot|exists|fulfilled|markAs\w+IfNew|recordOnce|insertIfNew/i;
const COUNTS =
  /^(?:count|rowCount|changes|length|size|modifiedCount|matchedCount|upsertedCount|affectedRows|affected|numUpdatedRows|numInsertedOrUpdatedRows|rowsAffected|rows)$/;

export function meaningOf(ask: Ask, module: Module, start: Node): Meaning | undefined {
  const test = bare(start);
  switch (test.type) {
    case "UnaryExpression":
      return test.operator === "!" ? opposite(meaningOf(ask, module, test.argument)) : undefined;
    case "LogicalExpression":
      return meaningOf(ask, module, test.left) ?? meaningOf(ask, module, test.right);
    case "BinaryExpression":
      return ofComparison(ask, module, test);
    case "CallExpression":
    case "OptionalCallExpression":
      return ofCall(ask, module, test);
    case "Identifier":
    case "MemberExpression":
    case "OptionalMemberExpression":
      return isState(test) ? "either" : ofName(ask, module, test);
    default:
      return undefined;
  }
}

function opposite(meaning: Meaning | undefined): Meaning | undefined {
  if (meaning === "done") return "new";
  return meaning === "new" ? "done" : meaning;
}

function ofComparison(
  ask: Ask,
  module: Module,
  { operator, left, right }: Extract<Node, { type: "BinaryExpression" }>,
): Meaning | undefined {
  const sides = [bare(left), bare(right)];
  if (sides.some(isState)) return "either";
  if (sides.some((side) => isDuplicateCode(side))) return "done";
  const named = sides.find((side) => ofName(ask, module, side) !== undefined || isCall(side));
  const other = sides.find((side) => side !== named);
  if (!named || !other) return undefined;
  const meaning = meaningOf(ask, module, named);
  if (meaning === undefined) return undefined;
  const isNothing = other.type === "NullLiteral" || chainOf(other) === "undefined";
  if (isNothing) return operator.startsWith("!") ? meaning : opposite(meaning);
  return "either";
}

/** `await alreadyProcessed(event.id)`, `processed.has(event.id)`, `(await tx.insert(…)).count`. */
function ofCall(
  ask: Ask,
  module: Module,
  call: Extract<Node, { arguments: unknown[] }> & Node,
): Meaning | undefined {
  if (!isCall(call)) return undefined;
  const chain = chainOf(call.callee);
  const name = chain.slice(chain.lastIndexOf(".") + 1);
  if (ASKS_WHETHER_DONE.test(name)) return "either";
  if (call.arguments.some((argument) => mentionsEventId(ask.project, module, argument))) return "either";
  return LOOKS_FIRST.test(chain) && !/stripe/i.test(chain) ? "done" : undefined;
}

/** A name that holds what was read or written before. */
function ofName(ask: Ask, module: Module, node: Node): Meaning | undefined {
  const root = rootOf(node);
  if (isCall(root)) return ofCall(ask, module, root);
  if (root.type !== "Identifier") return undefined;
  const fields = chainOf(node).split(".").slice(1);
  // Any other property of what was read says something else than that it is there.
  if (
    fields.some((field) => !COUNTS.test(field) && !/^(?:data|exists|id|\d+|\*|Item|value|code)$/.test(field))
  )
    return undefined;
  for (const value of bindingOf(module, root.name, root)?.values ?? []) {
    const meaning = ofValue(ask, module, value);
    if (meaning) return meaning;
  }
  return undefined;
}

function ofValue(ask: Ask, module: Module, { node, path }: Value): Meaning | undefined {
  const value = bare(node);
  const written = effectsIn(ask.project, module, value).some(({ kind }) => kind === "write");
  if (written) {
    if (!isClaim(ask, module, value)) return undefined;
    return path.includes("error") ? "done" : "new";
  }
  if (path.includes("error")) return undefined;
  if (isCall(value) && ASKS_WHETHER_DONE.test(chainOf(value.callee).split(".").at(-1) ?? "")) return "either";
  return looksUp(value) ? "done" : undefined;
}

function looksUp(start: Node): boolean {
  let found = false;
  walk(start, (node) => {
    if (isFunction(node)) return false;
    if (isCall(node))
      found ||= LOOKS_FIRST.test(chainOf(node.callee)) && !/stripe/i.test(chainOf(node.callee));
    if (node.type === "TaggedTemplateExpression") {
      found ||= node.quasi.quasis.some(({ value }) => /\bselect\b/i.test(value.raw));
    }
    return undefined;
  });
  return found;
}

function isState(node: Node): boolean {
  if (node.type !== "MemberExpression" && node.type !== "OptionalMemberExpression") return false;
  return STATE.test(keyText(node.property, node.computed) ?? "") && !STRIPES_OWN.test(chainOf(node));
}

/** `error.code === "23505"`: PostgreSQL, Prisma and MySQL say so that a row was there. */
function isDuplicateCode(node: Node): boolean {
  return (
    /^(?:23505|P2002|ER_DUP_ENTRY|SQLITE_CONSTRAINT\w*)$/.test(literalText(node) ?? "") ||
    (node.type === "NumericLiteral" && node.value === 11_000)
  );
}

function rootOf(node: Node): Node {
  const value = bare(node);
  return value.type === "MemberExpression" || value.type === "OptionalMemberExpression"
    ? rootOf(value.object)
    : value;
}
