import type { Node } from "@babel/types";
import { type ApiCall, apiCalls, modesOf, parameter } from "../stripe/api.ts";
import { bindingOf, enclosing, isCall, isInside, type Module } from "../syntax/module.ts";
import { type Origin, originsOf } from "../syntax/origins.ts";
import type { Project } from "../syntax/project.ts";
import { bare, chainOf, literalText } from "../syntax/walk.ts";
import { type Fault, fault, type Rule } from "./rule.ts";

const RANDOM =
  /(?:^|\.)(?:randomUUID|uuid|uuidv4|v4|v7|nanoid|cuid|createId|ulid|randomBytes|random|now|hrtime|getTime)$|^new Date\(\)$/;
/** Names of things whose parameters may change while they keep their id. */
const THING =
  /^(?:\w*(?:cart|order|user|customer|product|price|amount|total|invoice|booking|basket|team|workspace|plan|email|account|org|organization|currency|quantity)\w*)$/i;
const THING_OWNER =
  /(?:cart|order|user|customer|product|price|invoice|booking|basket|team|workspace|plan|account|org|organization)/i;
const CHANGES_WITH_CALL =
  /attempt|hash|digest|version|count|nonce|fingerprint|param|payload|signature|checksum|session|updated|request|key|token|try|sequence|seq|epoch|date|event/i;

export const idempotencyKeyMissing: Rule = {
  id: "idempotency-key-missing",
  level: "warning",
  title: "A call that creates something at Stripe has no idempotency key.",
  why: "A double click, a retry or a timeout makes a second one: two payable sessions for one order, money refunded twice.",
  fix: "Pass `{ idempotencyKey }` made from a stored attempt of your own and its parameters, e.g. `checkout:<order>:<attempt>:<hash of the parameters>`.",
  check({ project }) {
    return creations(project).flatMap((call): Fault[] => {
      const { module, node } = call;
      const [, options] = node.arguments;
      if (node.arguments.some(({ type }) => type === "SpreadElement")) return [];
      const key = options && parameter(project, module, options, "idempotencyKey");
      if (key && (key.unknown || key.values.length > 0)) return [];
      if (modesOf(project, call).includes("setup")) return [];
      const missing = fault(module, node, `${call.method} is called without an idempotency key.`);
      return [movesMoney(project, call) ? missing : { ...missing, level: "note" }];
    });
  },
};

export const idempotencyKeyRandom: Rule = {
  id: "idempotency-key-random",
  level: "warning",
  title: "An idempotency key is new on every call.",
  why: "It protects from nothing: the second click has another key and makes a second session, payment or refund.",
  fix: "Make the key once, store it with the attempt, and use the stored one again.",
  check({ project }) {
    return creations(project).flatMap((call) =>
      keysOf(project, call).flatMap(({ module, node, origins }) => {
        const made = origins.find((origin) => isRandom(origin) && !isStored(origin));
        return made
          ? [fault(module, node, `It comes from ${chainOf(made.node)}, so no two calls have the same.`)]
          : [];
      }),
    );
  },
};

export const idempotencyKeyReused: Rule = {
  id: "idempotency-key-reused",
  level: "warning",
  title: "An idempotency key stays the same while the parameters change.",
  why: "Stripe refuses the same key with other parameters (idempotency_error) and replays a stored error for 24 hours: after a change of the cart or one failed try the buyer can't pay any more.",
  fix: "Put the number of the attempt and a hash of the parameters into the key.",
  check({ project }) {
    return creations(project)
      .filter(({ method }) => method !== "refunds.create")
      .flatMap((call) =>
        keysOf(project, call).flatMap(({ module, node, origins }): Fault[] => {
          const parts = partsOf(node, module);
          if (parts === undefined || origins.some(isRandom)) return [];
          const constant = parts.length === 0 && literalText(node) !== undefined;
          const things = parts.length > 0 && parts.every((part) => isThing(part));
          if (!constant && !things) return [];
          const what = constant
            ? "It is the same for everybody."
            : `It is made of ${parts.map(chainOf).join(" and ")} only.`;
          return [fault(module, node, what)];
        }),
      );
  },
};

/** A second session or a payment that still has to be confirmed in the browser takes nothing by itself. */
function movesMoney(project: Project, { method, module, node }: ApiCall): boolean {
  if (method === "checkout.sessions.create") return false;
  if (method !== "paymentIntents.create") return true;
  return ["off_session", "confirm"].some(
    (name) => parameter(project, module, node.arguments[0], name).values.length > 0,
  );
}

function creations(project: Project): ApiCall[] {
  return apiCalls(
    project,
    "checkout.sessions.create",
    "refunds.create",
    "paymentIntents.create",
    "subscriptions.create",
  );
}

function keysOf(project: Project, { module, node }: ApiCall) {
  const [, options] = node.arguments;
  const found = parameter(project, module, options, "idempotencyKey").values;
  return found.map((value) => ({ ...value, origins: originsOf(project, value.module, value.node) }));
}

function isRandom({ node }: Origin): boolean {
  return (
    isCall(node) &&
    RANDOM.test(node.type === "NewExpression" ? `new ${chainOf(node.callee)}()` : chainOf(node.callee))
  );
}

/** `const key = randomUUID(); await db.attempts.insert({ key })`: kept, so the next call can have it. */
function isStored({ module, node }: Origin): boolean {
  const declared = module.parents.get(node);
  const inside = enclosing(module, node);
  if (declared?.type !== "VariableDeclarator" || declared.id.type !== "Identifier") return false;
  const { name } = declared.id;
  return module.calls.some(
    (call) =>
      isInside(module, call, inside) &&
      /(?:create|insert\w*|update\w*|upsert|save\w*|set\w*|values|add\w*)$/.test(chainOf(call.callee)) &&
      !/sessions\.create|paymentIntents\.create|refunds\.create/.test(chainOf(call.callee)) &&
      module.nodes.some(
        (used) =>
          used.type === "Identifier" &&
          used.name === name &&
          call.arguments.some((argument) => isInside(module, used, argument)),
      ),
  );
}

/** What a key is put together from; undefined when it can't be seen. */
function partsOf(node: Node, module: Module): Node[] | undefined {
  const value = bare(node);
  if (value.type === "TemplateLiteral") return value.expressions.map((part) => bare(part));
  if (value.type === "BinaryExpression" && value.operator === "+") {
    const [left, right] = [partsOf(value.left, module), partsOf(value.right, module)];
    return left && right ? [...left, ...right] : undefined;
  }
  if (value.type === "StringLiteral") return [];
  if (value.type === "Identifier") {
    const binding = bindingOf(module, value.name, value);
    const [only, ...others] = binding?.values ?? [];
    if (only && others.length === 0 && only.path.length === 0) {
      const inner = bare(only.node);
      if (inner.type === "TemplateLiteral" || inner.type === "BinaryExpression")
        return partsOf(inner, module);
    }
    return [value];
  }
  return value.type === "MemberExpression" || value.type === "OptionalMemberExpression" ? [value] : undefined;
}

function isThing(part: Node): boolean {
  const names = chainOf(part).split(".");
  const last = names.at(-1) ?? "";
  // `request.user.id` is the user's: what it was read off says nothing.
  if (names.length > 1 && /^(?:req|request|ctx|context)$/.test(names[0] ?? "")) names.shift();
  if (names.some((name) => CHANGES_WITH_CALL.test(name))) return false;
  if (/^(?:id|code|number|uuid|slug|ref|reference)$/.test(last)) return THING_OWNER.test(names.at(-2) ?? "");
  return THING.test(last);
}
