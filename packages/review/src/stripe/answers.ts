import type { Node } from "@babel/types";
import { type CallNode, isCall, type Module } from "../syntax/module.ts";
import type { Project, Target } from "../syntax/project.ts";
import { targetsOf } from "../syntax/targets.ts";
import { chainOf, isFunction, keyText, literalText, walk } from "../syntax/walk.ts";

/**
 * What the sender of a request hears when this code runs: `fails` an error (or an exception, which frameworks turn into
 * one), `succeeds` a 2xx, `returns` something else is handed back, `silent` it goes on.
 */
export type Answer = "fails" | "succeeds" | "returns" | "silent";

/** Logging an error is not answering with one. */
const LOGS =
  /(?:^|\.)(?:console|log|logs|logger|winston|pino|Sentry|sentry|debug)(?:\(\))?\.|^(?:log\w*|captureException|debug|report\w*)$/i;
const ANSWERS_ERROR =
  /(?:^|\.)(?:\w*[eE]rror\w*|\w*[fF]ail\w*|bad\w*|invalid\w*|unauthori[sz]ed|forbidden|internal\w*|abort|reject|throwError|notFound|unprocessable\w*)$/;
const SENDS = /(?:^|\.)(?:json|send|end|text|body|html|redirect|respond|sendStatus|Response|NextResponse)$/;
/** Deeper than a helper of a helper nobody hides a status code. */
const DEEPEST = 2;

export function answerOf(project: Project, module: Module, nodes: readonly Node[], depth = 0): Answer {
  let answer: Answer = "silent";
  const take = (next: Answer) => {
    const rank: Answer[] = ["silent", "returns", "succeeds", "fails"];
    if (rank.indexOf(next) > rank.indexOf(answer)) answer = next;
  };
  for (const start of nodes) {
    walk(start, (node) => {
      if (isFunction(node)) return false;
      if (node.type === "ThrowStatement") take("fails");
      else if (node.type === "ReturnStatement") take(node.argument ? "returns" : "silent");
      else if (
        node.type === "AssignmentExpression" &&
        /(?:^|\.)(?:status|statusCode)$/.test(chainOf(node.left))
      ) {
        take(answerOfStatus(node.right) ?? "returns");
      } else if (
        node.type === "ObjectProperty" &&
        /^status(?:Code)?$/.test(keyText(node.key, node.computed) ?? "")
      ) {
        take(answerOfStatus(node.value) ?? "silent");
      } else if (isCall(node)) take(answerOfCall(project, module, node, depth));
      return undefined;
    });
  }
  return answer;
}

function answerOfCall(project: Project, module: Module, call: CallNode, depth: number): Answer {
  const chain = chainOf(call.callee);
  if (LOGS.test(chain)) return "silent";
  if (chain === "next" || /(?:^|\.)process\.exit$/.test(chain))
    return call.arguments.length > 0 ? "fails" : "silent";
  const status =
    /(?:^|\.)(?:status|sendStatus|setResponseStatus|setStatus|code|writeHead|json|text|body|error|createError|HTTPException|Response|HttpError|data|send)$/.test(
      chain,
    );
  const literal = status
    ? call.arguments.map(answerOfStatus).find((answer) => answer !== undefined)
    : undefined;
  if (literal) return literal;
  if (ANSWERS_ERROR.test(chain) && !/Message$/.test(chain)) return "fails";
  const targets = depth < DEEPEST ? targetsOf(project, module, call.callee) : [];
  const given = targets
    .map((target) => answerOfStatusParameter(target, call))
    .find((told) => told !== undefined);
  if (given) return given;
  const inner = targets.map((target) => answerOf(project, target.module, [target.node.body], depth + 1));
  if (inner.length > 0 && inner.every((answer) => answer === "fails")) return "fails";
  if (inner.includes("succeeds")) return "succeeds";
  return SENDS.test(chain) && !call.arguments.some(saysStatus) ? "succeeds" : "silent";
}

/** `const answer = (text, status = 200) => new Response(text, { status })`: whoever calls it says the status. */
function answerOfStatusParameter({ node }: Target, call: CallNode): Answer | undefined {
  for (const [index, parameter] of node.params.entries()) {
    const declared = parameter.type === "AssignmentPattern" ? parameter.left : parameter;
    if (!/^(?:status|statusCode|code)$/.test(chainOf(declared))) continue;
    const said =
      call.arguments[index] ?? (parameter.type === "AssignmentPattern" ? parameter.right : undefined);
    return said && answerOfStatus(said);
  }
  return undefined;
}

function saysStatus(node: Node): boolean {
  return (
    node.type === "ObjectExpression" &&
    node.properties.some(
      (property) =>
        property.type !== "SpreadElement" &&
        /^status(?:Code)?$/.test(keyText(property.key, property.computed) ?? ""),
    )
  );
}

/** Stripe takes every 2xx for "done" and everything else for "send it again". */
function answerOfStatus(node: Node): Answer | undefined {
  if (node.type === "NumericLiteral" && node.value >= 100 && node.value < 600) {
    return node.value >= 200 && node.value < 300 ? "succeeds" : "fails";
  }
  if (node.type === "StringLiteral") {
    return /BAD_REQUEST|INTERNAL|ERROR|UNAUTHORIZED|FORBIDDEN/.test(literalText(node) ?? "")
      ? "fails"
      : undefined;
  }
  const name = chainOf(node);
  if (/(?:BAD_REQUEST|INTERNAL|ERROR|UNAUTHORIZED|FORBIDDEN|BadRequest|InternalServer)\w*$/.test(name))
    return "fails";
  return /\.(?:status|statusCode)$/.test(name) ? "fails" : undefined;
}

/** Frameworks that answer 200 with whatever a handler gives back. */
export function answersWithWhatIsReturned(module: Module, handler: Node): boolean {
  const outer = module.parents.get(handler);
  if (outer && isCall(outer) && /(?:^|\.)(?:define\w*EventHandler|eventHandler)$/.test(chainOf(outer.callee)))
    return true;
  return (
    handler.type === "ClassMethod" &&
    (handler.decorators ?? []).some(({ expression }) => /^(?:Post|All|Put)\(\)$/.test(chainOf(expression)))
  );
}
