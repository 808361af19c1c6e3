import type { Node } from "@babel/types";
import { isCall, type Module } from "../syntax/module.ts";
import { targetsOf } from "../syntax/targets.ts";
import { chainOf, isFunction, keyText, literalText, walk } from "../syntax/walk.ts";
import { effectsIn } from "./effects.ts";
import { mentionsEventId } from "./event-id.ts";
import type { Ask } from "./guard-question.ts";
import { columnName } from "./once-columns.ts";
import { addsToWhatIsThere, isNewOnEveryRun } from "./repeats.ts";

/** A claim is a write of which the database lets the second one through as nothing, or not at all. */

const WRITES_ONCE =
  /^(?:upsert|onConflict\w*|doNothing|connectOrCreate|findOrCreate|firstOrCreate|updateOrCreate|createIfNotExists|createOrReplace|ignore|orIgnore|setnx|hsetnx|setDoc|insertIgnore|ifNotExists)$/;
const OPTION =
  /^(?:skipDuplicates|ignoreDuplicates|connectOrCreate|upsert|NX|nx|jobId|deduplicationId|MessageDeduplicationId|idempotencyKey|ConditionExpression|onConflict)$/;
const SQL_ONCE =
  /on\s+conflict|on\s+duplicate|insert\s+(?:or\s+)?ignore|not\s+exists|attribute_not_exists|^NX$/i;
/** `where: { paid: false }`, `where status = 'pending'`: a second run finds nothing to change. */
const CONDITION_FIELD = /^(?:status|state|paid|fulfilled|processed|granted|completed|credited|\w+At|\w+_at)$/;
const SQL_CONDITION =
  /\bwhere\b[^;]*\b(?:status|state|paid\w*|fulfilled\w*|processed\w*|granted\w*|credited\w*)\b/i;
const DUPLICATE =
  /^(?:23505|P2002|ER_DUP_ENTRY|SQLITE_CONSTRAINT\w*|UniqueConstraintError|UniqueViolation\w*|isUniqueViolation\w*|isDuplicate\w*|E11000)$|duplicate|unique/i;
const RANDOM = /(?:randomUUID|uuid|uuidv4|v4|nanoid|cuid|createId|ulid|now)$/;

/** The write with the calls around it: `db.insert(…).values(…).onConflictDoNothing()`. */
export function statementOf(module: Module, node: Node): Node {
  let statement = node;
  for (let at = module.parents.get(node); at; at = module.parents.get(at)) {
    const goesOn = /^(?:Member|OptionalMember|Call|OptionalCall|Await)Expression$/.test(at.type);
    const isArgument = isCall(at) && at.callee !== statement && at.arguments.some((one) => one === statement);
    if (!goesOn || isArgument) return statement;
    statement = at;
  }
  return statement;
}

/** Whether running this write twice changes nothing the second time. */
export function guardsItself(ask: Ask, module: Module, node: Node): boolean {
  const statement = statementOf(module, node);
  const isEventItself = mentionsEventId(ask.project, module, statement);
  const isOnce = isWrittenOnce(statement) && !addsToWhatIsThere([statement]) && !isFoundByNewKey(statement);
  return isOnce || isEventItself || holdsOnceColumn(ask, statement) || isCondition(statement);
}

/** `upsert({ where: { key: randomUUID() } … })` finds nothing that was there before. */
function isFoundByNewKey(start: Node): boolean {
  let found = false;
  walk(start, (node) => {
    if (node.type === "ObjectProperty" && keyText(node.key, node.computed) === "where") {
      found ||= isNewOnEveryRun([node.value]);
    }
    return undefined;
  });
  return found;
}

/** A write whose result says whether it was the first. */
export function isClaim(ask: Ask, module: Module, start: Node): boolean {
  return isWrittenOnce(start) || isCondition(start) || mentionsEventId(ask.project, module, start);
}

/** A statement that throws when the event is there already: an insert of its id, here or in a function that is called. */
export function claims(ask: Ask, module: Module, start: Node, deep = true): boolean {
  const writes = effectsIn(ask.project, module, start).filter(
    ({ kind, repeats }) => kind === "write" && repeats,
  );
  const inserts = writes.some(({ node }) => {
    const statement = statementOf(module, node);
    if (isWrittenOnce(statement)) return false;
    return mentionsEventId(ask.project, module, statement) || holdsOnceColumn(ask, statement);
  });
  if (inserts || !deep) return inserts;
  return calledFrom(start).some((call) =>
    targetsOf(ask.project, module, call.callee).some(
      (target) => !isInLog(call) && claims(ask, target.module, target.node.body, false),
    ),
  );
}

function isInLog(call: { callee: Node }): boolean {
  return /(?:^|\.)(?:console|log|logger)\./.test(chainOf(call.callee));
}

function calledFrom(start: Node) {
  const calls: Extract<Node, { type: "CallExpression" | "OptionalCallExpression" | "NewExpression" }>[] = [];
  walk(start, (node) => {
    if (isFunction(node)) return false;
    if (isCall(node)) calls.push(node);
    return undefined;
  });
  return calls;
}

function isWrittenOnce(start: Node): boolean {
  let found = false;
  walk(start, (node) => {
    if (isFunction(node)) return false;
    if (isCall(node)) found ||= WRITES_ONCE.test(chainOf(node.callee).split(".").at(-1) ?? "");
    if (node.type === "ObjectProperty") found ||= isOption(node);
    const text = node.type === "TemplateElement" ? node.value.raw : literalText(node);
    if (text !== undefined) found ||= SQL_ONCE.test(text);
    return undefined;
  });
  return found;
}

function isOption({ key, computed, value }: Extract<Node, { type: "ObjectProperty" }>): boolean {
  const name = keyText(key, computed) ?? "";
  if (!OPTION.test(name)) return false;
  return !(value.type === "BooleanLiteral" && !value.value) && !isRandom(value);
}

function isRandom(value: Node): boolean {
  return isCall(value) && RANDOM.test(chainOf(value.callee));
}

/** A column that holds a value once is given one that is the same at every delivery. */
function holdsOnceColumn({ columns }: Ask, statement: Node): boolean {
  const given = new Set<string>();
  walk(statement, (node) => {
    if (isFunction(node)) return false;
    if (node.type === "ObjectProperty" && !isRandom(node.value)) {
      given.add(columnName(keyText(node.key, node.computed) ?? ""));
    }
    const text = node.type === "TemplateElement" ? node.value.raw : literalText(node);
    const listed = /insert\s+into\s+["`\w.]+\s*\(([^)]*)\)/i.exec(text ?? "")?.[1] ?? "";
    for (const name of listed.split(",")) given.add(columnName(name.trim()));
    return undefined;
  });
  return columns.some((names) => names.every((name) => given.has(name)));
}

/** An update that says which state it expects. */
function isCondition(start: Node): boolean {
  let found = false;
  walk(start, (node) => {
    if (isFunction(node)) return false;
    if (node.type === "ObjectProperty" && keyText(node.key, node.computed) === "where") {
      found ||= namesState(node.value);
    }
    if (isCall(node) && /\.(?:where|andWhere|eq|is|neq)$/.test(chainOf(node.callee))) {
      found ||= CONDITION_FIELD.test(literalText(node.arguments[0]) ?? "") || node.arguments.some(namesState);
    }
    if (isCall(node) && /\.(?:updateOne|updateMany|findOneAndUpdate)$/.test(chainOf(node.callee))) {
      found ||= node.arguments[0] !== undefined && namesState(node.arguments[0]);
    }
    const text = node.type === "TemplateElement" ? node.value.raw : literalText(node);
    if (text !== undefined) found ||= SQL_CONDITION.test(text);
    return undefined;
  });
  return found;
}

function namesState(start: Node): boolean {
  let found = false;
  walk(start, (node) => {
    if (node.type === "ObjectProperty")
      found ||= CONDITION_FIELD.test(keyText(node.key, node.computed) ?? "");
    if (node.type === "MemberExpression")
      found ||= CONDITION_FIELD.test(keyText(node.property, node.computed) ?? "");
    return undefined;
  });
  return found;
}

/** A catch that knows a row which is there already from any other failure. */
export function tellsDuplicatesApart(handler: Node): boolean {
  let found = false;
  walk(handler, (node) => {
    const test = node.type === "IfStatement" || node.type === "ConditionalExpression" ? node.test : undefined;
    if (!test) return undefined;
    walk(test, (part) => {
      const text = part.type === "Identifier" ? part.name : literalText(part);
      if (text !== undefined && DUPLICATE.test(text)) found = true;
      if (part.type === "NumericLiteral" && part.value === 11_000) found = true;
      return undefined;
    });
    return undefined;
  });
  return found;
}
