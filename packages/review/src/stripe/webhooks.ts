import type { Node } from "@babel/types";
import { enclosing, isInside, type Module } from "../syntax/module.ts";
import type { Place, Project } from "../syntax/project.ts";
import { reachedFrom } from "../syntax/reached.ts";
import { isFunction } from "../syntax/walk.ts";
import { verifications } from "./api.ts";
import { type Branch, branchesOf } from "./events.ts";

/** The code that takes Stripe's events: where it begins, everything it reaches, and what it does for which type. */
export type Webhook = {
  module: Module;
  handler: Node;
  reached: readonly { module: Module; node: Node }[];
  branches: readonly Branch[];
  verifications: readonly Place[];
};

/** From the signature check to the HTTP handler there are a few calls at most. */
const MOST_CALLERS_UP = 4;

export function webhooksOf(project: Project): Webhook[] {
  const branches = project.modules.flatMap((module) => branchesOf(project, module));
  const checks = verifications(project);
  const starts = new Map<Node, Module>();
  for (const { module, node } of checks)
    climb(project, module, enclosing(module, node), starts, MOST_CALLERS_UP);
  for (const { module, at } of branches)
    climb(project, module, enclosing(module, at), starts, MOST_CALLERS_UP);
  const webhooks = [...starts].map(([handler, module]): Webhook => {
    const reached = reachedFrom(project, module, [handler]);
    const within = (place: Place | Branch) => {
      const node = "at" in place ? place.at : place.node;
      const bodies = "at" in place && !place.subject ? place.body : [];
      return reached.some(
        (code) =>
          code.module === place.module &&
          (isInside(code.module, node, code.node) || bodies.includes(code.node)),
      );
    };
    return {
      module,
      handler,
      reached,
      branches: withoutLists(branches.filter(within)),
      verifications: checks.filter(within),
    };
  });
  const relevant = webhooks.filter(
    (webhook) => webhook.branches.length > 0 || webhook.verifications.length > 0,
  );
  return relevant.filter(
    (webhook) =>
      !relevant.some(
        (other) =>
          other !== webhook &&
          other.reached.some(
            ({ module, node }) => module === webhook.module && isInside(module, webhook.handler, node),
          ),
      ),
  );
}

function withoutLists(branches: readonly Branch[]): Branch[] {
  const own = new Set(branches.filter(({ listed }) => !listed).map(({ type }) => type));
  return branches.filter(({ listed, type }) => !listed || !own.has(type));
}

/** The function that nobody in the project calls: what a framework calls. */
function climb(project: Project, module: Module, start: Node, found: Map<Node, Module>, steps: number): void {
  if (!isFunction(start)) {
    found.set(start, module);
    return;
  }
  const callers = steps > 0 ? project.callsOf(start) : [];
  const above = callers
    .map((call) => ({ module: call.module, node: enclosing(call.module, call.node) }))
    .filter(({ node }) => isFunction(node));
  const outer = module.parents.get(start);
  // A callback inside another function runs with it; one that is handed to a router stands alone.
  const around = outer ? enclosing(module, start) : start;
  if (above.length === 0 && isFunction(around) && around !== start && !isRegistered(module, start)) {
    climb(project, module, around, found, steps - 1);
    return;
  }
  if (above.length === 0) found.set(start, module);
  for (const caller of above) climb(project, caller.module, caller.node, found, steps - 1);
}

/** `app.post("/path", async (req, res) => …)`, `createEndpoint(…, handler)`. */
function isRegistered(module: Module, fn: Node): boolean {
  const outer = module.parents.get(fn);
  return (
    outer?.type === "CallExpression" &&
    outer.callee !== fn &&
    !/Declar|Await/.test(module.parents.get(outer)?.type ?? "")
  );
}
