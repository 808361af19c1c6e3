import type { Node } from "@babel/types";
import { effectsIn } from "../stripe/effects.ts";
import type { Branch } from "../stripe/events.ts";
import { someWord, wordsIn } from "../stripe/words.ts";
import { isCall, type Module } from "../syntax/module.ts";
import { reachedFrom } from "../syntax/targets.ts";
import { chainOf, keyText, walk } from "../syntax/walk.ts";
import { fault, type Rule } from "./rule.ts";

/** Events that say money has come. */
export const PAID = new Set([
  "checkout.session.completed",
  "checkout.session.async_payment_succeeded",
  "payment_intent.succeeded",
  "charge.succeeded",
  "invoice.paid",
  "invoice.payment_succeeded",
]);

/** What people write where a second run is meant to change nothing. */
const GUARD =
  /upsert|onConflict|on conflict|on duplicate|insert ignore|not exists|P2002|23505|ER_DUP|duplicate|idempoten|already|processed|fulfilledAt|fulfilled_at|for update|eventId|event_id|stripe_?event|webhook_?event|unique|^nx$|setnx|skipDuplicates|connectOrCreate|findOrCreate|firstOrCreate|dedup|exists|^SET$/i;
const LOOKS_FIRST =
  /(?:^|\.)(?:find\w*|get\w*|select\w*|retrieve\w*|lookup\w*|query|first|single|maybeSingle|count)$/;
const STATE = /^(?:status|state|paid|fulfilled|processed|isPaid|completed|granted|paymentStatus)$/;

export const grantedTwice: Rule = {
  id: "granted-twice",
  level: "error",
  title: "A webhook grants without a guard against doing it twice.",
  why: "Stripe sends events more than once, and two at the same moment. Each delivery makes another order, licence or credit, or sends the mail again.",
  fix: "Store `event.id` or the order's paid state under a unique constraint in the same transaction as the grant, and stop when it is there already.",
  check({ project, webhooks }) {
    const reported = new Set<Node>();
    return webhooks.flatMap(({ reached, branches }) => {
      const paid = branches.filter(({ type }) => PAID.has(type));
      if (
        paid.length === 0 ||
        hasGuard(
          reached.map(({ module, node }) => ({ module, node })),
          branches,
        )
      )
        return [];
      return paid.flatMap((branch) => {
        const code = reachedFrom(project, branch.module, branch.body);
        const effect = code
          .flatMap(({ module, node }) => effectsIn(project, module, node))
          // A function of another package may guard itself.
          .find(({ kind, repeats, named }) => repeats && !named && kind === "write");
        if (!effect || reported.has(effect.node) || looksFirst(code)) return [];
        reported.add(effect.node);
        return [fault(effect.module, effect.node, `Every delivery of ${branch.type} does this once more.`)];
      });
    });
  },
};

function hasGuard(code: readonly { module: Module; node: Node }[], branches: readonly Branch[]): boolean {
  const types = new Set(branches.map(({ type }) => type));
  const words = new Set([...wordsIn(code)].filter((word) => !types.has(word)));
  return someWord(words, GUARD) || code.some(({ node }) => readsEventId(node));
}

/** `event.id` goes somewhere else than into a log. */
function readsEventId(start: Node): boolean {
  let found = false;
  walk(start, (node) => {
    if (isCall(node) && /(?:^|\.)(?:console|log|logger)\.|^log$/.test(`${chainOf(node.callee)}`))
      return false;
    if (node.type === "MemberExpression" && /^(?:event|stripeEvent|evt)\.id$/.test(chainOf(node)))
      found = true;
    return undefined;
  });
  return found;
}

/** Reads what is stored, or compares a state, before it writes. */
function looksFirst(code: readonly { node: Node }[]): boolean {
  return code.some(({ node: start }) => {
    let found = false;
    walk(start, (node) => {
      if (node.type !== "IfStatement" && node.type !== "ConditionalExpression") return undefined;
      walk(node.test, (part) => {
        const isState =
          part.type === "MemberExpression" && STATE.test(keyText(part.property, part.computed) ?? "");
        if (isState && !/^(?:event|session|subscription|paymentIntent|invoice)\./.test(chainOf(part)))
          found = true;
        return undefined;
      });
      return undefined;
    });
    return found || returnsWhenFound(start);
  });
}

/** `const order = await find…; if (order) return;` */
function returnsWhenFound(start: Node): boolean {
  const read = new Set<string>();
  let found = false;
  walk(start, (node) => {
    if (node.type === "VariableDeclarator" && node.init && node.id.type === "Identifier") {
      walk(node.init, (part) => {
        if (isCall(part) && LOOKS_FIRST.test(chainOf(part.callee)) && !/stripe/i.test(chainOf(part.callee))) {
          if (node.id.type === "Identifier") read.add(node.id.name);
        }
        return undefined;
      });
    }
    const tested = node.type === "IfStatement" ? chainOf(node.test).split(".")[0] : undefined;
    if (tested && read.has(tested)) found = true;
    if (
      node.type === "IfStatement" &&
      node.test.type === "UnaryExpression" &&
      isCreateBranch(node.consequent)
    ) {
      if (read.has(chainOf(node.test.argument))) found = true;
    }
    return undefined;
  });
  return found;
}

/** `if (!order) { create… }`, not `if (!user) throw`. */
function isCreateBranch(node: Node): boolean {
  let writes = false;
  walk(node, (part) => {
    if (isCall(part) && /(?:create|insert|add)\w*$/i.test(chainOf(part.callee))) writes = true;
    return undefined;
  });
  return writes;
}
