import type { Node } from "@babel/types";
import { isVerification } from "../stripe/api.ts";
import type { Branch } from "../stripe/events.ts";
import { isFromClient } from "../stripe/requests.ts";
import type { Webhook } from "../stripe/webhooks.ts";
import { isCall } from "../syntax/module.ts";
import { originsOf } from "../syntax/origins.ts";
import type { Project } from "../syntax/project.ts";
import { chainOf, literalText, walk } from "../syntax/walk.ts";
import { type Fault, fault, type Rule } from "./rule.ts";

export const webhookUnverified: Rule = {
  id: "webhook-unverified",
  level: "error",
  title: "Events are believed without a checked signature.",
  why: "The address of a webhook is no secret: anybody can post an event that says an order was paid, and get access for free.",
  fix: "Verify every delivery with `stripe.webhooks.constructEvent(rawBody, signature, secret)` and answer 400 when the header, the secret or the match is missing. Refuse to start without a secret.",
  check({ project, webhooks }) {
    const reported = new Set<Node>();
    return webhooks.flatMap((webhook) =>
      webhook.branches.flatMap((branch): Fault[] => {
        const bypass = unverifiedSubject(project, webhook, branch);
        if (!bypass || reported.has(bypass.node)) return [];
        reported.add(bypass.node);
        return [bypass.fault];
      }),
    );
  },
};

function unverifiedSubject(
  project: Project,
  webhook: Webhook,
  { module, subject }: Branch,
): { node: Node; fault: Fault } | undefined {
  if (!subject) return undefined;
  const origins = originsOf(project, module, subject);
  const unchecked = origins.find(isFromClient);
  if (!unchecked) return undefined;
  const checked = origins.some(({ node }) => isCall(node) && isVerification(node));
  if (!checked && verifiesOtherwise(webhook)) return undefined;
  const parsed = unchecked.through.find(
    (call) => module.calls.includes(call) && chainOf(call.callee) === "JSON.parse",
  );
  // A body that is a parameter's property has no place of its own: then where it is looked at.
  const at = parsed
    ? { module, node: parsed }
    : isCall(unchecked.node)
      ? unchecked
      : { module, node: subject };
  const message = checked
    ? "When the secret or the header is missing, the body is believed without a signature."
    : "This body decides what happens and nothing checks its signature.";
  // One handler that compares its body often is one mistake.
  return { node: parsed ?? unchecked.node, fault: fault(at.module, at.node, message) };
}

/** Its own HMAC, or a helper of another package: what it does can't be seen, its name can. */
function verifiesOtherwise({ reached }: Webhook): boolean {
  return reached.some(({ node }) => {
    let found = false;
    walk(node, (inner) => {
      if (isCall(inner) && /verif|hmac|constructEvent|timingSafeEqual/i.test(chainOf(inner.callee))) {
        found = true;
      }
      // `crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, …)`
      if (literalText(inner) === "HMAC") found = true;
      return undefined;
    });
    return found;
  });
}
