import type { Node } from "@babel/types";
import { answerOf } from "../stripe/answers.ts";
import { tellsDuplicatesApart } from "../stripe/claims.ts";
import { effectsIn } from "../stripe/effects.ts";
import type { Webhook } from "../stripe/webhooks.ts";
import { enclosing, isCall, isInside, type Module, nameOfFunction } from "../syntax/module.ts";
import type { Project } from "../syntax/project.ts";
import { reachedFrom } from "../syntax/reached.ts";
import { chainOf, isFunction, keyText, nodesBelow } from "../syntax/walk.ts";
import { fault, type Rule } from "./rule.ts";

export const failureAcknowledged: Rule = {
  id: "failure-acknowledged",
  level: "error",
  title: "A failure in the webhook is swallowed or answered 2xx.",
  why: 'Stripe takes 2xx for "done" and never sends the event again. One moment without the database and somebody has paid for nothing, or keeps access after a refund.',
  fix: "Let the error through, or answer 5xx, so that Stripe sends the event again. Answer 2xx only for what was stored.",
  check({ project, webhooks }) {
    const reported = new Set<Node>();
    return webhooks.flatMap((webhook) => {
      const work = workOf(project, webhook);
      return webhook.reached.flatMap(({ module, node: code }) =>
        nodesBelow(code).flatMap((node) => {
          const quiet = work.has(code) ? quietCatch(project, module, node) : undefined;
          if (quiet && !reported.has(node) && !isRecordKeeping(module, code)) {
            reported.add(node);
            return [
              fault(module, quiet, "What fails here is caught and not told to Stripe, so the event is lost."),
            ];
          }
          if (node.type !== "TryStatement" || !node.handler || reported.has(node)) return [];
          if (isRecordKeeping(module, code) || !doesWork(project, webhook, module, node.block)) return [];
          if (!isSwallowed(project, webhook, module, node)) return [];
          reported.add(node);
          return [
            fault(module, node.handler, "What fails above is not told to Stripe, so the event is lost."),
          ];
        }),
      );
    });
  },
};

/** The handler and what it runs for a type of event; it may reach much else. */
function workOf(project: Project, { handler, branches }: Webhook): ReadonlySet<Node> {
  const code = branches.flatMap(({ module, body }) => reachedFrom(project, module, body));
  return new Set([handler, ...code.map(({ node }) => node)]);
}

/** What may be lost: nobody's access hangs on it. */
const BESIDE = /log|track|analytics|audit|metric|telemetry|alert|notif|mail|cache|capture|trace/i;

function isRecordKeeping(module: Module, code: Node): boolean {
  return BESIDE.test(`${nameOfFunction(module, code)} ${module.path.split("/").at(-1)}`);
}

function doesWork(project: Project, webhook: Webhook, module: Module, block: Node): boolean {
  if (webhook.branches.some((branch) => branch.module === module && isInside(module, branch.at, block)))
    return true;
  const calls = nodesBelow(block).filter(isCall);
  return !calls.every(({ callee }) => BESIDE.test(chainOf(callee))) && writesIn(project, module, block);
}

function writesIn(project: Project, module: Module, block: Node): boolean {
  return reachedFrom(project, module, [block]).some((code) =>
    // What another server is told beside the work is no work of this one.
    effectsIn(project, code.module, code.node).some(({ kind, remote }) => kind === "write" && !remote),
  );
}

function isSwallowed(
  project: Project,
  { handler: root }: Webhook,
  module: Module,
  node: Extract<Node, { type: "TryStatement" }>,
): boolean {
  if (!node.handler) return false;
  const answer = answerOf(project, module, [node.handler.body]);
  if (answer === "fails") return false;
  // Kept for later, so nothing is lost.
  if (writesIn(project, module, node.handler.body)) return false;
  if (node.finalizer && answerOf(project, module, [node.finalizer]) === "fails") return false;
  // A helper that gives back a value may be telling its caller.
  return enclosing(module, node) === root || answer !== "returns";
}

/** `await grant(session).catch(console.error)`: the catch, where what it catches is work and nothing is told. */
function quietCatch(project: Project, module: Module, node: Node): Node | undefined {
  if (!isCall(node) || node.callee.type !== "MemberExpression") return undefined;
  if (keyText(node.callee.property, node.callee.computed) !== "catch") return undefined;
  const [handler] = node.arguments;
  const work = node.callee.object;
  if (isOnTimer(module, node)) return undefined;
  if (!handler || !isCall(work) || BESIDE.test(chainOf(work.callee))) return undefined;
  if (!writesIn(project, module, work)) return undefined;
  if (!isFunction(handler))
    return /(?:^|\.)(?:console|log|logger)\b|noop/.test(chainOf(handler)) ? handler : undefined;
  const tells =
    answerOf(project, module, [handler.body]) !== "silent" || writesIn(project, module, handler.body);
  return tells || tellsDuplicatesApart(handler.body) ? undefined : handler;
}

/** What a timer runs answers nobody. */
function isOnTimer(module: Module, node: Node): boolean {
  for (let at = module.parents.get(node); at; at = module.parents.get(at)) {
    if (isCall(at) && /^(?:setInterval|setTimeout|setImmediate)$/.test(chainOf(at.callee))) return true;
  }
  return false;
}
