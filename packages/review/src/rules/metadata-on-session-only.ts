import type { Node } from "@babel/types";
import { apiCalls, modesOf, parameter } from "../stripe/api.ts";
import { isCall } from "../syntax/module.ts";
import { keyText, walk } from "../syntax/walk.ts";
import { fault, type Rule, type Subject } from "./rule.ts";

const DATA = { payment: "payment_intent_data", subscription: "subscription_data" };

export const metadataOnSessionOnly: Rule = {
  id: "metadata-on-session-only",
  level: "warning",
  title: "Metadata is set on the session but not on the payment or subscription.",
  why: "Stripe doesn't copy it: the events of refunds, disputes, renewals and cancellations carry none of it, can't find their order, and access stays after the money went back.",
  fix: "Repeat the metadata in `payment_intent_data.metadata` (mode payment) or `subscription_data.metadata` (mode subscription).",
  check(subject) {
    const { project } = subject;
    return apiCalls(project, "checkout.sessions.create").flatMap((call) => {
      const { module, node } = call;
      const [object] = node.arguments;
      const metadata = parameter(project, module, object, "metadata");
      const [first] = metadata.values;
      if (!first || metadata.unknown) return [];
      const modes = modesOf(project, call);
      const payment = modes.length !== 1 || modes[0] === "payment";
      const subscription = modes.length !== 1 || modes[0] === "subscription";
      const wanted = [...(payment ? [DATA.payment] : []), ...(subscription ? [DATA.subscription] : [])];
      const found = wanted.map((name) => parameter(project, module, object, name, "metadata"));
      if (found.length === 0 || found.some(({ values, unknown }) => values.length > 0 || unknown)) return [];
      if (keepsTheLink(subject, payment, subscription)) return [];
      return [
        fault(first.module, first.node, `It isn't repeated in ${wanted.join(".metadata or ")}.metadata.`),
      ];
    });
  },
};

/** The payment's or subscription's id is stored when the session completes, and later events are matched by it. */
function keepsTheLink({ webhooks }: Subject, payment: boolean, subscription: boolean): boolean {
  const names = [...(payment ? ["payment_intent"] : []), ...(subscription ? ["subscription"] : [])];
  const stores = (name: string) =>
    webhooks.some(({ reached }) =>
      reached.some(({ node }) => {
        let found = false;
        walk(node, (inner) => {
          if (isRead(inner, name)) found = true;
          return undefined;
        });
        return found;
      }),
    );
  return names.every(stores);
}

function isRead(node: Node, name: string): boolean {
  if (node.type === "MemberExpression" || node.type === "OptionalMemberExpression") {
    return keyText(node.property, node.computed) === name && !isCall(node.object);
  }
  return node.type === "ObjectProperty" && keyText(node.key, node.computed) === name && node.shorthand;
}
