import type { Function as FunctionNode, Node } from "@babel/types";
import { isCall, isInside, type Module } from "../syntax/module.ts";
import { chainOf, childrenOf, isFunction, walk } from "../syntax/walk.ts";
import { claims, guardsItself, tellsDuplicatesApart } from "./claims.ts";
import type { Effect } from "./effect.ts";
import { mentionsEventId } from "./event-id.ts";
import type { Ask } from "./guard-question.ts";
import { meaningOf } from "./guard-tests.ts";

/** Calls between the handler and what is written; deeper than this nobody hides a guard. */
const MOST_CALLS = 8;
/** A call that runs what it is given once for each key: `once(event.id, async () => …)`. */
const RUNS_ONCE = /idempot|\bonce\b|^once|dedup|exactlyOnce|withLock/i;

/** Whether a second delivery of the event leaves this write out. Only what stands around the write or before it counts. */
export function isGuarded(ask: Ask, { module, node }: Effect): boolean {
  if (guardsItself(ask, module, node)) return true;
  return isGuardedAt(ask, module, node, MOST_CALLS, new Set());
}

function isGuardedAt(ask: Ask, module: Module, start: Node, calls: number, seen: Set<Node>): boolean {
  let child = start;
  for (let at = module.parents.get(start); at; at = module.parents.get(at)) {
    if (guards(ask, module, at, child)) return true;
    if (isFunction(at) && !runsInPlace(module, at)) return isGuardedByCaller(ask, at, calls, seen);
    child = at;
  }
  return false;
}

/** A callback runs where it stands: the code around it is the code before it. */
function runsInPlace(module: Module, fn: Node): boolean {
  const outer = module.parents.get(fn);
  return outer !== undefined && isCall(outer) && outer.callee !== fn && !isRoute(chainOf(outer.callee));
}

function isRoute(chain: string): boolean {
  return /\.(?:post|all|use|route|get|on|handle)$/.test(chain);
}

function isGuardedByCaller(ask: Ask, fn: FunctionNode, calls: number, seen: Set<Node>): boolean {
  if (fn === ask.webhook.handler || calls === 0 || seen.has(fn)) return false;
  seen.add(fn);
  const callers = ask.project
    .callsOf(fn)
    .filter((call) => ask.webhook.reached.some((code) => isInside(call.module, call.node, code.node)));
  if (callers.length > 0) {
    return callers.some((call) => isGuardedAt(ask, call.module, call.node, calls - 1, seen));
  }
  // It is called through a table or a parameter: what the handler does before that is all that can be seen.
  return guardsInHandler(ask);
}

function guardsInHandler(ask: Ask): boolean {
  const { module, handler } = ask.webhook;
  if (!isFunction(handler)) return false;
  return childrenOf(handler.body).some((statement) => stops(ask, module, statement));
}

function guards(ask: Ask, module: Module, at: Node, child: Node): boolean {
  switch (at.type) {
    case "IfStatement":
    case "ConditionalExpression":
      return guardsBranch(ask, module, at.test, child === at.consequent, child === at.alternate);
    case "LogicalExpression":
      return (
        child === at.right && guardsBranch(ask, module, at.left, at.operator === "&&", at.operator === "||")
      );
    case "TryStatement":
      return child === at.block && at.handler !== null && at.handler !== undefined
        ? tellsDuplicatesApart(at.handler.body)
        : false;
    case "BlockStatement":
    case "Program":
    case "SwitchCase":
      return statementsBefore(at, child).some((statement) => stops(ask, module, statement));
    case "ArrayExpression":
      return isTransaction(module, at) && siblings(at, child).some((sibling) => claims(ask, module, sibling));
    case "CallExpression":
      return (
        child !== at.callee &&
        isFunction(child) &&
        (RUNS_ONCE.test(chainOf(at.callee)) ||
          at.arguments.some(
            (argument) => argument !== child && mentionsEventId(ask.project, module, argument),
          ))
      );
    default:
      return false;
  }
}

/** `$transaction([…])`, `batch([…])`: all of it happens, or nothing does. */
function isTransaction(module: Module, list: Node): boolean {
  const outer = module.parents.get(list);
  return outer !== undefined && isCall(outer) && /transaction$|\.batch$/i.test(chainOf(outer.callee));
}

function siblings(list: Extract<Node, { type: "ArrayExpression" }>, child: Node): Node[] {
  return list.elements.filter((element) => element !== null).filter((element) => element !== child);
}

function guardsBranch(ask: Ask, module: Module, test: Node, whenTrue: boolean, whenFalse: boolean): boolean {
  if (!whenTrue && !whenFalse) return false;
  const meaning = meaningOf(ask, module, test);
  return meaning === "either" || (whenTrue ? meaning === "new" : meaning === "done");
}

function statementsBefore(block: Node, child: Node): Node[] {
  return childrenOf(block).filter((statement) => Number(statement.end) <= Number(child.start));
}

/** A statement after which nothing runs for an event that was done before. */
function stops(ask: Ask, module: Module, statement: Node): boolean {
  if (statement.type === "IfStatement") {
    const meaning = meaningOf(ask, module, statement.test);
    if (meaning === undefined) return false;
    if (leaves(statement.consequent)) return meaning !== "new";
    return statement.alternate ? leaves(statement.alternate) && meaning !== "done" : false;
  }
  if (statement.type === "TryStatement") {
    const inside = statement.block.body.some((inner) => stops(ask, module, inner));
    const { handler } = statement;
    return inside && (!handler || leaves(handler.body) || tellsDuplicatesApart(handler.body));
  }
  if (statement.type !== "ExpressionStatement" && statement.type !== "VariableDeclaration") return false;
  return claims(ask, module, statement);
}

/** Whether the code around is left when this runs. */
function leaves(node: Node): boolean {
  let found = false;
  walk(node, (inner) => {
    if (isFunction(inner)) return false;
    if (/^(?:Return|Throw|Continue|Break)Statement$/.test(inner.type)) found = true;
    return !found;
  });
  return found;
}
