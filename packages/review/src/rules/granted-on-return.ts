import type { Node } from "@babel/types";
import type { Effect } from "../stripe/effect.ts";
import { effectsIn } from "../stripe/effects.ts";
import { isFromClient } from "../stripe/requests.ts";
import { isCall, type Module, nameOfFunction } from "../syntax/module.ts";
import { originsOf } from "../syntax/origins.ts";
import type { Project } from "../syntax/project.ts";
import { reachedFrom } from "../syntax/reached.ts";
import { chainOf, isFunction, literalText, nodesBelow } from "../syntax/walk.ts";
import type { Subject } from "./rule.ts";

/** Pages people come back to after paying, by the names they are given. */
const RETURN_PAGE =
  /(?:^|\/)(?:\([^/]*\)\/)*(?:(?:checkout|payment|stripe|billing|order|purchase|subscription)s?[-_]?)?(?:success|successful|thank-?you|thanks|return|complete|completed|confirmation)(?:\/(?:page|route|index|\+page\.server|loader))?\.(?:[cm]?[jt]s|[jt]sx)$/i;
/** Functions that write down who came, not what they may use. */
const GRANTS_NOTHING = /customer|track|log|audit|analytics|cache/i;
const SESSION_ID = /^(?:session_?id|checkout_?session_?id|stripe_?session_?id|cs_?id)$/i;

export type Return = { module: Module; node: Node; effects: readonly Effect[] };

/**
 * Functions that run when a buyer comes back from Stripe, and what they do by themselves: what the webhook does through
 * the same functions is not counted, for Stripe recommends to fulfil from both.
 */
export function returnsOfBuyers(subject: Subject): readonly Return[] {
  const known = returnsBySubject.get(subject) ?? findReturns(subject);
  returnsBySubject.set(subject, known);
  return known;
}

const returnsBySubject = new WeakMap<Subject, readonly Return[]>();

function findReturns({ project, webhooks }: Subject): Return[] {
  // All of it, without a limit: what is left out here would be held against the page.
  const byWebhook = new Set(
    webhooks.flatMap(({ module, handler }) =>
      reachedFrom(project, module, [handler], Number.POSITIVE_INFINITY).map(({ node }) => node),
    ),
  );
  return project.modules.flatMap((module) =>
    entriesOf(module).flatMap((fn): Return[] => {
      if (byWebhook.has(fn) || !isEntry(module, fn) || !isReturn(project, module, fn)) return [];
      const effects = reachedFrom(project, module, startsOf(project, module, fn))
        .filter((code) => !byWebhook.has(code.node))
        .filter((code) => !GRANTS_NOTHING.test(nameOfFunction(code.module, code.node)))
        .flatMap((code) => effectsIn(project, code.module, code.node))
        // A page that asks its own server grants nothing by itself.
        .filter(({ remote }) => !remote);
      return effects.length > 0 ? [{ module, node: fn, effects }] : [];
    }),
  );
}

/** An Astro page has no function: its frontmatter runs when it is opened. */
function entriesOf(module: Module): readonly Node[] {
  return module.path.endsWith(".astro") ? [module.program, ...module.functions] : module.functions;
}

/** Outermost functions only; a callback inside is walked with them. */
function isEntry(module: Module, fn: Node): boolean {
  for (let at = module.parents.get(fn); at; at = module.parents.get(at)) if (isFunction(at)) return false;
  return true;
}

/** A page may do other things before it asks for the payment; what hangs on the payment comes after. */
function startsOf(project: Project, module: Module, fn: Node): Node[] {
  if (isReturnOfSession(project, module, fn)) return [fn];
  const asks = nodesBelow(fn).find((node) => retrievesAsked(PAYMENTS, project, module, node));
  return nodesBelow(fn).filter((node) => isCall(node) && Number(node.start) > Number(asks?.end));
}

function isReturn(project: Project, module: Module, fn: Node): boolean {
  return (
    isReturnOfSession(project, module, fn) ||
    nodesBelow(fn).some((node) => retrievesAsked(PAYMENTS, project, module, node))
  );
}

function isReturnOfSession(project: Project, module: Module, fn: Node): boolean {
  if (RETURN_PAGE.test(module.path) && /stripe|session_?id|checkout/i.test(module.text)) return true;
  return nodesBelow(fn).some(
    (node) => readsSessionId(node) || retrievesAsked(SESSIONS, project, module, node),
  );
}

/** `searchParams.get("session_id")`, `searchParams.session_id`, `req.query.session_id`, `{ session_id }` of those. */
function readsSessionId(node: Node): boolean {
  if (isCall(node)) {
    return (
      /(?:get|query|param)$/.test(chainOf(node.callee)) &&
      SESSION_ID.test(literalText(node.arguments[0]) ?? "")
    );
  }
  if (node.type === "MemberExpression" || node.type === "OptionalMemberExpression") {
    const parts = chainOf(node).split(".");
    return (
      SESSION_ID.test(parts.at(-1) ?? "") &&
      /^(?:searchParams|query|params)(?:\(\))?$/.test(parts.at(-2) ?? "")
    );
  }
  if (node.type !== "VariableDeclarator" || node.id.type !== "ObjectPattern" || !node.init) return false;
  const from = chainOf(node.init);
  return (
    /(?:^|\.)(?:searchParams|query)$/.test(from) &&
    node.id.properties.some(
      (property) => property.type === "ObjectProperty" && SESSION_ID.test(chainOf(property.key)),
    )
  );
}

const SESSIONS = /checkout\.sessions\.retrieve$/;
const PAYMENTS = /(?:paymentIntents|subscriptions|setupIntents)\.retrieve$/;

/** The id comes from whoever calls. */
function retrievesAsked(what: RegExp, project: Project, module: Module, node: Node): boolean {
  if (!isCall(node) || !what.test(chainOf(node.callee))) return false;
  const [id] = node.arguments;
  if (id === undefined) return false;
  // An id out of an event that was handed on is Stripe's, not a browser's.
  return originsOf(project, module, id).some(
    (origin) => isFromClient(origin) && !origin.path.some((name) => name === "event" || name === "object"),
  );
}
