import type { Node } from "@babel/types";
import type { Binding } from "../syntax/bindings.ts";
import { heldByThis } from "../syntax/held-by-class.ts";
import { bindingOf, type CallNode, type Module } from "../syntax/module.ts";
import { originsOf } from "../syntax/origins.ts";
import type { Place, Project } from "../syntax/project.ts";
import { bare, chainOf, keyText, literalText } from "../syntax/walk.ts";

/** Calls of Stripe's SDK that rules look at, by what follows the client: `stripe.` here, `new Stripe(…).` there. */
const METHODS =
  /(?:^|\.)((?:checkout|billingPortal)\.sessions\.create|checkout\.sessions\.retrieve|(?:paymentIntents|refunds|subscriptions|paymentLinks|prices|invoiceItems)\.create)$/;
const VERIFIES = /(?:^|\.)(?:constructEvent|constructEventAsync|verifyHeader|verifyHeaderAsync)$/;

export type ApiCall = Place & { method: string };

const callsByProject = new WeakMap<Project, readonly ApiCall[]>();

export function apiCalls(project: Project, ...methods: string[]): ApiCall[] {
  const known = callsByProject.get(project) ?? allCalls(project);
  callsByProject.set(project, known);
  return known.filter(({ method }) => methods.includes(method));
}

function allCalls(project: Project): ApiCall[] {
  return project.modules.flatMap((module) =>
    module.calls.flatMap((node) => {
      const method = METHODS.exec(chainOf(node.callee))?.[1];
      if (!method || !isStripe(project, module, node, method)) return [];
      const call = { module, node, method };
      return isRefusedAnyway(project, call) ? [] : [call];
    }),
  );
}

/** What Stripe needs to make something: any one of these. */
const NEEDED: Record<string, readonly string[]> = {
  "checkout.sessions.create": ["line_items"],
  "refunds.create": ["payment_intent", "charge"],
  "paymentIntents.create": ["amount"],
  "subscriptions.create": ["customer", "customer_account"],
};

/** A call that lacks what Stripe needs makes nothing: it asks whether the key may make it at all. */
function isRefusedAnyway(project: Project, call: ApiCall): boolean {
  const needed = NEEDED[call.method];
  if (!needed || modesOf(project, call).includes("setup")) return false;
  return needed.every((name) => {
    const { values, unknown } = parameter(project, call.module, call.node.arguments[0], name);
    return values.length === 0 && !unknown;
  });
}

/** Calls that check a signature. */
export function verifications(project: Project): Place[] {
  return project.modules.flatMap((module) =>
    module.calls.filter(isVerification).map((node) => ({ module, node })),
  );
}

export function isVerification(call: CallNode): boolean {
  return VERIFIES.test(chainOf(call.callee));
}

/** `refunds.create` may be anybody's; no other SDK has Checkout Sessions. */
function isStripe(project: Project, module: Module, call: CallNode, method: string): boolean {
  const chain = chainOf(call.callee);
  if (/^(?:checkout|billingPortal)\./.test(method) || /stripe/i.test(chain)) return true;
  let root = bare(call.callee);
  while (root.type === "MemberExpression" || root.type === "OptionalMemberExpression")
    root = bare(root.object);
  const [self, held = ""] = chain.split(".");
  const known =
    self === "this"
      ? heldByThis(module, call, held)
      : originsOf(project, module, root).map(({ node }) => node);
  return known.some((node) => /stripe/i.test(chainOf(node)));
}

export type Parameter = { module: Module; node: Node };
/** `unknown` when the object has parts that can't be seen from here, so that its absence says nothing. */
export type Found = { values: Parameter[]; unknown: boolean };

/** The values a parameter of a call may have: `parameter(call's argument, "payment_intent_data", "metadata")`. */
export function parameter(
  project: Project,
  module: Module,
  object: Node | undefined,
  ...path: string[]
): Found {
  const [name, ...rest] = path;
  if (!object || name === undefined) return { values: [], unknown: object === undefined };
  const found = ownParameter(project, module, object, name, new Set());
  if (rest.length === 0) return found;
  const inner = found.values.map((value) => parameter(project, value.module, value.node, ...rest));
  return {
    values: inner.flatMap(({ values }) => values),
    unknown: found.unknown || inner.some(({ unknown }) => unknown),
  };
}

function ownParameter(project: Project, module: Module, object: Node, name: string, seen: Set<Node>): Found {
  const values: Parameter[] = [];
  let unknown = false;
  if (seen.has(object)) return { values, unknown };
  seen.add(object);
  for (const { node } of writtenTo(module, object).filter(
    ({ path }) => path[0] === name && path.length === 1,
  )) {
    values.push({ module, node });
  }
  for (const origin of originsOf(project, module, object)) {
    const { node } = origin;
    if (node.type !== "ObjectExpression" || origin.path.length > 0) {
      unknown ||= !isNothing(node);
      continue;
    }
    for (const property of node.properties) {
      if (property.type === "SpreadElement") {
        const spread = ownParameter(project, origin.module, property.argument, name, seen);
        values.push(...spread.values);
        unknown ||= spread.unknown;
      } else {
        const key = keyText(property.key, property.computed);
        if (key === undefined) unknown = true;
        if (key !== name) continue;
        values.push({
          module: origin.module,
          node: property.type === "ObjectMethod" ? property : property.value,
        });
      }
    }
  }
  return { values, unknown };
}

/** `parameters.metadata = …` after `const parameters = { … }`. */
function writtenTo(module: Module, object: Node): Binding["written"] {
  const value = bare(object);
  return value.type === "Identifier" ? (bindingOf(module, value.name, value)?.written ?? []) : [];
}

export function isNothing(node: Node): boolean {
  const value = bare(node);
  return (
    value.type === "NullLiteral" ||
    value.type === "BooleanLiteral" ||
    (value.type === "Identifier" && value.name === "undefined") ||
    literalText(value) === ""
  );
}

/** `payment`, `subscription`, `setup`: what a session may be for; empty when it can't be seen. */
export function modesOf(project: Project, { module, node }: Place): string[] {
  const found = parameter(project, module, node.arguments[0], "mode");
  const modes = found.values.flatMap((value) =>
    originsOf(project, value.module, value.node).map(({ node: origin }) => literalText(origin)),
  );
  if (modes.includes(undefined) || found.unknown) return [];
  return [...new Set(modes.filter((mode) => mode !== undefined))];
}
