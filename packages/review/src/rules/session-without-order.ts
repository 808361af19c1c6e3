import type { Node } from "@babel/types";
import { type ApiCall, apiCalls, isNothing, modesOf, type Parameter, parameter } from "../stripe/api.ts";
import { effectsIn } from "../stripe/effects.ts";
import { enclosing, type Module } from "../syntax/module.ts";
import { originsOf } from "../syntax/origins.ts";
import type { Project } from "../syntax/project.ts";
import { chainOf, keyText, walk } from "../syntax/walk.ts";
import { fault, type Rule } from "./rule.ts";

const NAMES_A_RECORD =
  /(?:^|_)(?:id|ref|uid|uuid|key|token|order|cart|booking|reference)$|(?:Id|ID|Uid|Ref|Uuid|Key|Reference|Order|Token)$/i;

export const sessionWithoutOrder: Rule = {
  id: "session-without-order",
  level: "error",
  title: "A Checkout Session carries no id of an order.",
  why: "When the money comes, the webhook can't tell for sure what was bought by whom: it has to guess by e-mail or amount, and somebody pays without getting access, or gets somebody else's.",
  fix: "Store the order first and send its id as `client_reference_id` and as `metadata.order_id`.",
  check({ project }) {
    return apiCalls(project, "checkout.sessions.create").flatMap((call) => {
      const { module, node } = call;
      const [object] = node.arguments;
      const read = (name: string) => parameter(project, module, object, name);
      const metadata = read("metadata");
      const reference = read("client_reference_id");
      const modes = modesOf(project, call);
      if (modes.length === 1 && modes[0] === "setup") return [];
      // A subscription is found by its customer, who is known before.
      if (modes.length === 1 && modes[0] === "subscription" && read("customer").values.length > 0) return [];
      if (metadata.unknown || reference.unknown) return [];
      if (reference.values.some((value) => !isNothing(value.node))) return [];
      const inner = ["payment_intent_data", "subscription_data"].map((name) =>
        parameter(project, module, object, name, "metadata"),
      );
      if (inner.some(({ values, unknown }) => values.length > 0 || unknown)) return [];
      if (metadata.values.some((value) => mayNameARecord(project, value))) return [];
      if (isStoredAfterwards(project, call)) return [];
      const what =
        metadata.values.length > 0
          ? "Its metadata names no order"
          : "It has neither client_reference_id nor metadata";
      return [fault(module, node, `${what}, so the payment can't be matched to an order.`)];
    });
  },
};

function mayNameARecord(project: Project, { module, node }: Parameter): boolean {
  return originsOf(project, module, node).some(({ node: object, path }) => {
    if (object.type !== "ObjectExpression" || path.length > 0) return !isNothing(object);
    return object.properties.some(
      (property) =>
        property.type === "SpreadElement" ||
        NAMES_A_RECORD.test(keyText(property.key, property.computed) ?? "id"),
    );
  });
}

/** `const session = await …create(…); await db.order.update({ … sessionId: session.id })`: the order knows its session. */
function isStoredAfterwards(project: Project, { module, node }: ApiCall): boolean {
  const name = declaredName(module, node);
  if (name === undefined) return false;
  return effectsIn(project, module, enclosing(module, node)).some(
    ({ kind, node: write }) => kind === "write" && mentionsIdOf(write, name),
  );
}

function declaredName(module: Module, node: Node): string | undefined {
  let at = module.parents.get(node);
  while (at && (at.type === "AwaitExpression" || at.type.startsWith("TS"))) at = module.parents.get(at);
  return at?.type === "VariableDeclarator" && at.id.type === "Identifier" ? at.id.name : undefined;
}

function mentionsIdOf(start: Node, name: string): boolean {
  let found = false;
  walk(start, (node) => {
    if (node.type === "MemberExpression" && chainOf(node) === `${name}.id`) found = true;
    return undefined;
  });
  return found;
}
