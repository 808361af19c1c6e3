import type { Node } from "@babel/types";
import type { Effect } from "../stripe/effect.ts";
import { effectsIn } from "../stripe/effects.ts";
import { isCall, type Module } from "../syntax/module.ts";
import type { Project } from "../syntax/project.ts";
import { reachedFrom } from "../syntax/reached.ts";
import { targetsOf } from "../syntax/targets.ts";
import { bare, chainOf, isFunction, keyText, walk } from "../syntax/walk.ts";
import { fault, type Rule } from "./rule.ts";

/** What may be lost: nobody's access hangs on it. */
const BESIDE = /log|track|analytics|audit|metric|telemetry|alert|notif|mail|cache|capture|revalidate/i;
/** Methods that give a promise; a store that writes at once has others. */
const PROMISES =
  /\.(?:create|createMany|insertOne|insertMany|updateOne|updateMany|upsert|findOneAndUpdate|findByIdAndUpdate|update|save)$/;
/** What is called a store may be kept in memory. */
const WRITES_AT_ONCE = /Sync$|\.(?:run|exec|set|put|delete)$|(?:^|\.)\w*[sS]tore\.\w+$/;

export const grantNotAwaited: Rule = {
  id: "grant-not-awaited",
  level: "error",
  title: "The webhook answers before its work is done.",
  why: "Nobody waits for the promise: Stripe hears 200 while the write may still fail or the process is stopped, and then nobody sends the event again. Somebody has paid and gets nothing.",
  fix: "Await the work before the answer, or store the event first and let a worker do it.",
  check({ project, webhooks }) {
    const reported = new Set<Node>();
    const code = webhooks.flatMap(({ branches }) =>
      branches.flatMap(({ module, body }) => reachedFrom(project, module, body)),
    );
    return code.flatMap(({ module, node }) =>
      floating(node).flatMap((call) => {
        if (reported.has(call) || !isWork(project, module, call)) return [];
        reported.add(call);
        return [fault(module, call, "Nothing waits for this, so its failure is told to nobody.")];
      }),
    );
  },
};

/** Calls that stand alone as a statement. */
function floating(code: Node): Node[] {
  const calls: Node[] = [];
  walk(code, (node) => {
    if (node.type !== "ExpressionStatement") return undefined;
    const whole = node.expression;
    const value = whole.type === "UnaryExpression" && whole.operator === "void" ? whole.argument : whole;
    if (value.type === "CallExpression" || value.type === "OptionalCallExpression") calls.push(value);
    return undefined;
  });
  return calls;
}

function isWork(project: Project, module: Module, call: Node): boolean {
  const work = beforeCatch(call);
  if (!isCall(work) || BESIDE.test(chainOf(work.callee)) || takesCallback(work.arguments)) return false;
  const targets = targetsOf(project, module, work.callee);
  if (targets.length > 0) {
    return targets.some(
      (target) =>
        target.node.async && writes(project, target.module, target.node) && !isPassedOn(module, call),
    );
  }
  const effect = effectsIn(project, module, work).find(({ node }) => node === work);
  return effect !== undefined && isPromise(effect, chainOf(work.callee));
}

/** `grant(session).catch(console.error)`: `grant(session)`. */
function beforeCatch(call: Node): Node {
  const value = bare(call);
  if (!isCall(value) || value.callee.type !== "MemberExpression") return value;
  const name = keyText(value.callee.property, value.callee.computed) ?? "";
  return /^(?:catch|then|finally)$/.test(name) ? beforeCatch(value.callee.object) : value;
}

function takesCallback(nodes: readonly Node[]): boolean {
  return nodes.some(isFunction);
}

/** `waitUntil(grant())`, `after(() => grant())`: the platform waits. */
function isPassedOn(module: Module, call: Node): boolean {
  for (let at = module.parents.get(call); at; at = module.parents.get(at)) {
    if (isCall(at) && /(?:^|\.)(?:waitUntil|after|unstable_after)$/.test(chainOf(at.callee))) return true;
  }
  return false;
}

function writes(project: Project, module: Module, fn: Node): boolean {
  return reachedFrom(project, module, [fn]).some((code) =>
    effectsIn(project, code.module, code.node).some(({ kind }) => kind === "write"),
  );
}

function isPromise({ kind, remote }: Effect, chain: string): boolean {
  return kind === "write" && !remote && PROMISES.test(chain) && !WRITES_AT_ONCE.test(chain);
}
