import type { Node } from "@babel/types";
import type { CallNode, Module } from "../syntax/module.ts";
import { originsOf } from "../syntax/origins.ts";
import type { Project } from "../syntax/project.ts";
import { chainOf, keyText, literalText, walk } from "../syntax/walk.ts";
import { fault, type Rule } from "./rule.ts";

const ASKS =
  /^(?:fetch|\$fetch|ofetch|ky|got|axios|request|needle|undici\.(?:fetch|request))$|(?:^|\.)(?:axios|ky|got|http|https|httpService|needle)\.(?:post|request|put|patch)$/;
/** What makes a second one when it is asked twice. A path that can't be seen may be one of these. */
const MAKES =
  /^https:\/\/api\.stripe\.com\/v1\/(?:$|(?:checkout\/sessions|payment_intents|setup_intents|charges|refunds|subscriptions|invoices|invoiceitems|transfers|payouts|customers|prices|payment_links|credit_notes|topups)\b)|^https:\/\/api\.stripe\.com\/?$/;
const METHOD_BY_NAME = /\.(?:post|put|patch)$/;

export const rawStripeRequest: Rule = {
  id: "raw-stripe-request",
  level: "warning",
  title: "Stripe is called by plain HTTP without an idempotency key.",
  why: "Nothing sends it again after a timeout, or a retry of your own makes a second charge, session or refund; the version of the API is whatever the account has; and none of the other rules can read what is sent.",
  fix: "Use Stripe's SDK, which retries with a key of its own, or send an `Idempotency-Key` and a `Stripe-Version` header.",
  check({ project }) {
    return project.modules.flatMap((module) =>
      module.calls.flatMap((call) =>
        ASKS.test(chainOf(call.callee)) && postsToStripe(project, module, call)
          ? [fault(module, call, "This request changes something at Stripe and carries no Idempotency-Key.")]
          : [],
      ),
    );
  },
};

function postsToStripe(project: Project, module: Module, call: CallNode): boolean {
  const [address] = call.arguments;
  if (!address || !leadsToStripe(project, module, address)) return false;
  const words = wordsOf(call);
  const posts =
    METHOD_BY_NAME.test(chainOf(call.callee)) || words.some((word) => /^(?:POST|PUT|PATCH)$/i.test(word));
  return posts && !words.some((word) => /^idempotency-?key$/i.test(word));
}

function leadsToStripe(project: Project, module: Module, address: Node): boolean {
  if (MAKES.test(wordsOf(address)[0] ?? "")) return true;
  return originsOf(project, module, address, [], { head: true }).some(({ node }) =>
    MAKES.test(wordsOf(node)[0] ?? ""),
  );
}

function wordsOf(start: Node): string[] {
  const words: string[] = [];
  walk(start, (node) => {
    const text = node.type === "TemplateElement" ? node.value.raw : literalText(node);
    if (text !== undefined) words.push(text);
    if (node.type === "ObjectProperty") words.push(keyText(node.key, node.computed) ?? "");
    return undefined;
  });
  return words;
}
