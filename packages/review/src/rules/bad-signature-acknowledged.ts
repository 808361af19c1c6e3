import { answerOf, answersWithWhatIsReturned } from "../stripe/answers.ts";
import { isVerification } from "../stripe/api.ts";
import { enclosing, isCall, type Module } from "../syntax/module.ts";
import { isFunction, walk } from "../syntax/walk.ts";
import { fault, type Rule } from "./rule.ts";

export const badSignatureAcknowledged: Rule = {
  id: "bad-signature-acknowledged",
  level: "error",
  title: "A bad signature is answered 2xx.",
  why: 'Stripe takes 2xx for "done". After a secret was rotated or mistyped every genuine event is refused and never sent again: people pay and get nothing, and no delivery shows as failed.',
  fix: "Answer 400. Stripe then shows the failures and sends again for three days.",
  check({ project }) {
    return project.modules.flatMap((module) =>
      module.nodes.flatMap((node) => {
        if (node.type !== "TryStatement" || !node.handler || !verifiesIn(module, node.block)) return [];
        const answer = answerOf(project, module, [node.handler.body]);
        const handler = enclosing(module, node);
        const wrong =
          answer === "succeeds" || (answer === "returns" && answersWithWhatIsReturned(module, handler));
        return wrong
          ? [fault(module, node.handler, "A signature that doesn't match is answered 2xx here.")]
          : [];
      }),
    );
  },
};

function verifiesIn(module: Module, block: Parameters<typeof walk>[0]): boolean {
  let found = false;
  walk(block, (node) => {
    if (isFunction(node)) return false;
    if (isCall(node) && isVerification(node) && enclosing(module, node) === enclosing(module, block))
      found = true;
    return undefined;
  });
  return found;
}
