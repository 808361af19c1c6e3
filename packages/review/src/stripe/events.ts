import type { Node } from "@babel/types";
import { isCall, type Module } from "../syntax/module.ts";
import { originsOf } from "../syntax/origins.ts";
import type { Project } from "../syntax/project.ts";
import { bare, chainOf, childrenOf, keyText, literalText } from "../syntax/walk.ts";

/** Names of Stripe's events. Source: docs.stripe.com/api/events/types. */
const EVENT_TYPE =
  /^(?:account|billing|capability|charge|checkout\.session|coupon|credit_note|customer|invoice|invoice_payment|payment_intent|payment_link|payment_method|payout|plan|price|product|promotion_code|refund|setup_intent|subscription_schedule|transfer)\.[a-z_.]+$/;

/** The code that runs for one type of event. */
export type Branch = {
  /** `charge.dispute.*` where only the beginning is compared. */
  type: string;
  module: Module;
  /** The string literal that names the type. */
  at: Node;
  body: readonly Node[];
  /** Named in a list of types: where one of them has a branch of its own, the list only lets it through. */
  listed?: boolean;
  /** What is compared: `event.type`. Undefined for a table of functions by type. */
  subject: Node | undefined;
};

export function isEventType(text: string | undefined): text is string {
  return text !== undefined && EVENT_TYPE.test(text);
}

export function branchesOf(project: Project, module: Module): Branch[] {
  return module.nodes.flatMap((node): Branch[] => {
    switch (node.type) {
      case "SwitchStatement":
        return ofSwitch(project, module, node);
      case "IfStatement":
        return ofIf(project, module, node);
      case "ObjectExpression":
        return ofTable(module, node);
      case "CallExpression":
        return ofListener(module, node);
      default:
        return [];
    }
  });
}

function ofSwitch(
  project: Project,
  module: Module,
  node: Extract<Node, { type: "SwitchStatement" }>,
): Branch[] {
  if (!isEventTypeOf(project, module, node.discriminant)) return [];
  return node.cases.flatMap((entry, index) => {
    const type = literalText(entry.test);
    if (!isEventType(type) || !entry.test) return [];
    return [{ type, module, at: entry.test, body: bodyFrom(node.cases, index), subject: node.discriminant }];
  });
}

/** The statements of a case and of those it falls through to. */
function bodyFrom(cases: readonly Extract<Node, { type: "SwitchCase" }>[], index: number): Node[] {
  const body: Node[] = [];
  for (const { consequent } of cases.slice(index)) {
    body.push(...consequent);
    if (consequent.some(ends)) break;
  }
  return body;
}

function ends(node: Node): boolean {
  if (/^(Break|Return|Throw|Continue)Statement$/.test(node.type)) return true;
  return node.type === "BlockStatement" && node.body.some(ends);
}

function ofIf(project: Project, module: Module, node: Extract<Node, { type: "IfStatement" }>): Branch[] {
  const compared = [...comparisonsIn(node.test), ...lookupsIn(project, module, node.test)];
  return compared.flatMap(({ subject, literal, equal, prefix, listed: isListed }): Branch[] => {
    const type = literalText(literal);
    if (!isEventType(type) || !isEventTypeOf(project, module, subject)) return [];
    // The rest of the test belongs to it: `type === "…" && session.payment_status === "paid"`.
    const body = equal ? [node.test, node.consequent] : elseOf(module, node);
    return [
      {
        type: prefix ? `${type}*` : type,
        module,
        at: literal,
        body,
        subject,
        ...(isListed && { listed: true }),
      },
    ];
  });
}

/** `if (event.type !== "…") return; rest`: the rest. */
function elseOf(module: Module, node: Extract<Node, { type: "IfStatement" }>): Node[] {
  if (node.alternate) return [node.alternate];
  const parent = module.parents.get(node);
  if (!parent) return [];
  return childrenOf(parent).filter((sibling) => Number(sibling.start) > Number(node.start));
}

type Comparison = {
  subject: Node;
  literal: Node;
  equal: boolean;
  /** Only the beginning is compared: `type.startsWith("charge.dispute.")`. */
  prefix?: boolean;
  listed?: boolean;
};

export function comparisonsIn(test: Node): Comparison[] {
  const node = bare(test);
  if (node.type === "LogicalExpression") return [...comparisonsIn(node.left), ...comparisonsIn(node.right)];
  if (node.type !== "BinaryExpression" || !/^[!=]==?$/.test(node.operator)) return [];
  const equal = node.operator.startsWith("=");
  if (literalText(node.right) !== undefined) return [{ subject: node.left, literal: node.right, equal }];
  return literalText(node.left) !== undefined ? [{ subject: node.right, literal: node.left, equal }] : [];
}

/** `type.startsWith("…")`, `["…", "…"].includes(type)`, `REVOKES.has(type)`, and the same with a `!` before it. */
function lookupsIn(project: Project, module: Module, test: Node, equal = true): Comparison[] {
  const node = bare(test);
  if (node.type === "LogicalExpression") {
    return [node.left, node.right].flatMap((side) => lookupsIn(project, module, side, equal));
  }
  if (node.type === "UnaryExpression" && node.operator === "!") {
    return lookupsIn(project, module, node.argument, !equal);
  }
  if (!isCall(node)) return [];
  const { callee } = node;
  const [argument] = node.arguments;
  if ((callee.type !== "MemberExpression" && callee.type !== "OptionalMemberExpression") || !argument)
    return [];
  const name = keyText(callee.property, callee.computed);
  if (name === "startsWith") return [{ subject: callee.object, literal: argument, equal, prefix: true }];
  if (name !== "includes" && name !== "has") return [];
  return listed(project, module, callee.object).map((literal) => ({
    subject: argument,
    literal,
    equal,
    listed: true,
  }));
}

/** The elements of a list or a Set, wherever it is written down. */
function listed(project: Project, module: Module, list: Node, seen: ReadonlySet<Node> = new Set()): Node[] {
  return originsOf(project, module, list).flatMap((origin) => {
    const { node } = origin;
    // `seen = new Set(seen)` copies what is looked at already.
    if (seen.has(node)) return [];
    if (isCall(node) && chainOf(node.callee) === "Set" && node.arguments[0]) {
      return listed(project, origin.module, node.arguments[0], new Set([...seen, node]));
    }
    if (node.type !== "ArrayExpression") return [];
    return node.elements.filter((element) => element !== null);
  });
}

function ofTable(module: Module, node: Extract<Node, { type: "ObjectExpression" }>): Branch[] {
  return node.properties.flatMap((property): Branch[] => {
    if (property.type === "SpreadElement") return [];
    const type = keyText(property.key, property.computed);
    if (!isEventType(type)) return [];
    const body = property.type === "ObjectMethod" ? property : bare(property.value);
    const runs = /Function|Method|^Identifier$|MemberExpression$/.test(body.type);
    return runs ? [{ type, module, at: property.key, body: [body], subject: undefined }] : [];
  });
}

/** `bus.on("charge.refunded", async (charge) => …)` */
function ofListener(
  module: Module,
  { callee, arguments: given }: Extract<Node, { type: "CallExpression" }>,
): Branch[] {
  const [first, handler] = given;
  const type = literalText(first);
  if (!isEventType(type) || !first || !handler) return [];
  if (!/\.(?:on|once|addListener|register|handle)$/.test(chainOf(callee))) return [];
  return /Function|^Identifier$|MemberExpression$/.test(handler.type)
    ? [{ type, module, at: first, body: [bare(handler)], subject: undefined }]
    : [];
}

/** `event.type`, or a name that holds it. */
export function isEventTypeOf(project: Project, module: Module, subject: Node): boolean {
  const last = chainOf(subject).split(".").pop() ?? "";
  if (/^(type|eventType|event_type|eventName)$/.test(last)) return true;
  return originsOf(project, module, subject).some(({ path }) => path.at(-1) === "type");
}
