import type { Node } from "@babel/types";
import type { Effect } from "../stripe/effect.ts";
import { effectsIn } from "../stripe/effects.ts";
import { isGuarded } from "../stripe/guards.ts";
import { onceColumnsOf } from "../stripe/once-columns.ts";
import { isCall, nameOfFunction } from "../syntax/module.ts";
import { reachedFrom } from "../syntax/reached.ts";
import { chainOf } from "../syntax/walk.ts";
import { type Fault, fault, type Rule } from "./rule.ts";

/** Events that say money has come. */
export const PAID = new Set([
  "checkout.session.completed",
  "checkout.session.async_payment_succeeded",
  "payment_intent.succeeded",
  "charge.succeeded",
  "invoice.paid",
  "invoice.payment_succeeded",
]);

export const grantedTwice: Rule = {
  id: "granted-twice",
  level: "error",
  title: "A webhook grants without a guard against doing it twice.",
  why: "Stripe sends events more than once, and two at the same moment. Each delivery makes another order, licence or credit, or sends the mail again.",
  fix: "Store `event.id` or the order's paid state under a unique constraint in the same transaction as the grant, and stop when it is there already.",
  check({ project, files, webhooks }) {
    const columns = onceColumnsOf(files);
    const reported = new Set<Node>();
    return webhooks.flatMap((webhook) => {
      const ask = { project, webhook, columns };
      return webhook.branches.flatMap((branch): Fault[] => {
        if (!PAID.has(branch.type)) return [];
        const effect = reachedFrom(project, branch.module, branch.body)
          .filter(({ module, node }) => !KEEPS_RECORDS.test(`${nameOfFunction(module, node)} ${module.path}`))
          .flatMap(({ module, node }) => effectsIn(project, module, node))
          .find((one) => grants(one) && !isGuarded(ask, one));
        if (!effect || reported.has(effect.node)) return [];
        reported.add(effect.node);
        return [fault(effect.module, effect.node, `Every delivery of ${branch.type} does this once more.`)];
      });
    });
  },
};

/** What is written down about what happened, twice as well as once. */
const KEEPS_RECORDS =
  /(?:^|[^a-z])(?:logs?|track\w*|analytics|audit\w*|metrics?|telemetry|clicks?|usage|activit(?:y|ies)|notif\w*)(?![a-z])/i;
/** Work for later, which may guard itself. */
const FOR_LATER =
  /\.(?:jobs?|\w*[qQ]ueue|outbox|tasks?|notifications?|audit\w*|activit(?:y|ies)|logs?)\.\w+$|\.xadd$/;

/** A function of another package may guard itself. */
function grants({ kind, repeats, named, node }: Effect): boolean {
  const call = isCall(node) ? chainOf(node.callee) : "";
  return repeats && !named && kind === "write" && !FOR_LATER.test(call);
}
