import type { Function as FunctionNode, Node } from "@babel/types";
import { answerOf } from "../stripe/answers.ts";
import { comparisonsIn, isEventType, isEventTypeOf } from "../stripe/events.ts";
import { isCall, type Module } from "../syntax/module.ts";
import { originsOf } from "../syntax/origins.ts";
import type { Project } from "../syntax/project.ts";
import { bare, chainOf, isFunction, literalText, nodesBelow } from "../syntax/walk.ts";
import { fault, type Rule } from "./rule.ts";

export const unhandledEventRefused: Rule = {
  id: "unhandled-event-refused",
  level: "warning",
  title: "A type of event nobody handles is answered with an error.",
  why: "Stripe sends it again for three days, counts the endpoint as failing and in the end switches it off; then the events that grant access don't come either.",
  fix: "Answer 200 for types you don't handle; errors are for what should be sent again.",
  check({ project, webhooks }) {
    const reported = new Set<Node>();
    return webhooks.flatMap(({ reached }) =>
      reached.flatMap(({ module, node: code }) =>
        nodesBelow(code).flatMap((node) => {
          if (reported.has(node)) return [];
          const early = isFunction(node) ? refusedForMetadata(project, module, node) : undefined;
          if (early && !reported.has(early)) {
            reported.add(early);
            return [fault(module, early, "Events without this metadata end here, whatever their type.")];
          }
          const refusal = refusalIn(project, module, node);
          if (!refusal) return [];
          reported.add(node);
          return [fault(module, refusal, "Types without a handler end here and are answered with an error.")];
        }),
      ),
    );
  },
};

/** Metadata that only a checkout has, read before the type is known: every other event ends there. */
function refusedForMetadata(project: Project, module: Module, { body }: FunctionNode): Node | undefined {
  if (body.type !== "BlockStatement") return undefined;
  const asks = body.body.findIndex((statement) => asksForType(project, module, statement));
  return body.body.slice(0, Math.max(0, asks)).find((statement) => {
    if (statement.type === "IfStatement") {
      const test = nodesBelow(statement.test).filter((node) => isMetadata(project, module, node));
      return test.length > 0 && fails(project, module, [statement.consequent]);
    }
    return nodesBelow(statement).some(
      (node) =>
        isCall(node) &&
        /(?:^JSON|\.)\.?parse$/.test(chainOf(node.callee)) &&
        node.arguments.some((argument) => isMetadata(project, module, argument)),
    );
  });
}

function asksForType(project: Project, module: Module, statement: Node): boolean {
  if (statement.type === "SwitchStatement") return isEventTypeOf(project, module, statement.discriminant);
  if (statement.type !== "IfStatement") return false;
  return comparisonsIn(statement.test).some(({ literal }) => isEventType(literalText(literal)));
}

function isMetadata(project: Project, module: Module, node: Node): boolean {
  if (!/^(?:Identifier|MemberExpression|OptionalMemberExpression)$/.test(node.type)) return false;
  if (/(?:^|\.)metadata(?:\.|$)/.test(chainOf(node))) return true;
  return (
    node.type === "Identifier" &&
    originsOf(project, module, node).some(({ path }) => path.includes("metadata") && path.includes("object"))
  );
}

function refusalIn(project: Project, module: Module, node: Node): Node | undefined {
  if (node.type === "SwitchStatement") {
    if (!isEventTypeOf(project, module, node.discriminant) || isFiltered(module, node)) return undefined;
    if (!node.cases.some(({ test }) => isEventType(literalText(test)))) return undefined;
    const rest = node.cases.find(({ test }) => !test);
    if (rest && isCaughtWell(project, module, node)) return undefined;
    return rest && fails(project, module, rest.consequent) ? rest : undefined;
  }
  if (node.type !== "IfStatement") return undefined;
  const listed = isListCheck(node.test);
  if (listed === "in")
    return node.alternate && fails(project, module, [node.alternate]) ? node.alternate : undefined;
  if (listed === "out") return fails(project, module, [node.consequent]) ? node.consequent : undefined;
  // The last else of a chain of comparisons.
  const compared = comparisonsIn(node.test).some(
    ({ literal, equal }) => equal && isEventType(literalText(literal)),
  );
  if (!compared || !node.alternate || node.alternate.type === "IfStatement") return undefined;
  return fails(project, module, [node.alternate]) ? node.alternate : undefined;
}

function fails(project: Project, module: Module, nodes: readonly Node[]): boolean {
  return answerOf(project, module, nodes) === "fails";
}

/** `types.has(event.type)` is `in`; with `!` before it, `out`. */
function isListCheck(test: Node): "in" | "out" | undefined {
  const node = bare(test);
  if (node.type === "UnaryExpression" && node.operator === "!") {
    return isListCheck(node.argument) === "in" ? "out" : undefined;
  }
  if (node.type !== "CallExpression" || !/\.(?:has|includes)$/.test(chainOf(node.callee))) return undefined;
  const [asked] = node.arguments;
  return asked && /(?:^|\.)event\.type$/.test(chainOf(asked)) ? "in" : undefined;
}

/** Thrown to a catch that tells such types apart and answers 2xx. */
function isCaughtWell(project: Project, module: Module, node: Node): boolean {
  for (let at = module.parents.get(node); at && !isFunction(at); at = module.parents.get(at)) {
    if (at.type === "TryStatement" && at.handler) {
      return nodesBelow(at.handler.body).some(
        (inner) =>
          inner.type === "IfStatement" && answerOf(project, module, [inner.consequent]) === "succeeds",
      );
    }
  }
  return false;
}

/** Inside `if (types.has(event.type))` the default case is for what was listed and then forgotten. */
function isFiltered(module: Module, node: Node): boolean {
  for (let at = module.parents.get(node); at; at = module.parents.get(at)) {
    if (at.type === "IfStatement" && isListCheck(at.test) === "in") return true;
    if (
      at.type === "BlockStatement" &&
      at.body.some((statement) => statement.type === "IfStatement" && isListCheck(statement.test) === "out")
    ) {
      return true;
    }
  }
  return false;
}
