import type { Node } from "@babel/types";
import { apiCalls } from "../stripe/api.ts";
import { bindingOf, isCall, type Module } from "../syntax/module.ts";
import { originsOf } from "../syntax/origins.ts";
import type { Project } from "../syntax/project.ts";
import { chainOf, keyText, literalText } from "../syntax/walk.ts";
import { type Fault, fault, type Rule } from "./rule.ts";

const TEST_KEY = /^(?:sk|pk|rk)_test_/;
const LIVE_KEY = /^(?:sk|pk|rk)_live_/;
const TEST_VARIABLE = /STRIPE\w*_TEST|TEST_\w*STRIPE|STRIPE_TEST/;
const LIVE_VARIABLE = /STRIPE\w*_LIVE|LIVE_\w*STRIPE|STRIPE_LIVE|STRIPE\w*_PROD/;
/** Stripe's price ids: `price_` and 24 characters with the account's mark in them, or the older 14. */
const PRICE = /^price_(?=[A-Za-z0-9]*\d)(?=[A-Za-z0-9]*[A-Z])(?!\w*(?:x{3}|123456))[A-Za-z0-9]{14,}$/;
const MODE_NAME = /test|live|prod|dev|staging|sandbox/i;

export const testAndLiveMixed: Rule = {
  id: "test-and-live-mixed",
  level: "warning",
  title: "Test and live objects are mixed.",
  why: "A price, customer or key of one mode doesn't exist in the other: checkout fails in production, or real buyers pay with play money and get real access.",
  fix: "Let the environment hold one mode at a time: one secret key, one webhook secret and the price ids that belong to them.",
  check({ project }) {
    const fromEnvironment = keyIsFromEnvironment(project);
    return project.modules.flatMap((module) => [
      ...pairsIn(project, module),
      ...(fromEnvironment ? fixedPricesIn(project, module) : []),
    ]);
  },
};

/** A test and a live key, one beside the other, chosen by something else than the environment. */
function pairsIn(project: Project, module: Module): Fault[] {
  return module.nodes.flatMap((node) => {
    if (node.type !== "ConditionalExpression") return [];
    const sides = [node.consequent, node.alternate].map((side) => literalText(side) ?? chainOf(side));
    const [test, live] = [sides.some(isTestKey), sides.some(isLiveKey)];
    if (!test || !live || isFromEnvironment(project, module, node.test)) return [];
    return [
      fault(
        module,
        node,
        "A test and a live key stand side by side, and something else than the environment chooses.",
      ),
    ];
  });
}

function isTestKey(text: string): boolean {
  return TEST_KEY.test(text) || (text.includes("env.") && TEST_VARIABLE.test(text));
}

function isLiveKey(text: string): boolean {
  return LIVE_KEY.test(text) || (text.includes("env.") && LIVE_VARIABLE.test(text));
}

function isFromEnvironment(project: Project, module: Module, test: Node): boolean {
  return originsOf(project, module, test).some(
    ({ node, path }) =>
      [chainOf(node), ...path].join(".").includes("env") || /^(?:__DEV__|import)/.test(chainOf(node)),
  );
}

/** A price written into the code belongs to one mode, the key of the environment to either. */
function fixedPricesIn(project: Project, module: Module): Fault[] {
  return module.nodes.flatMap((node) => {
    if (node.type !== "StringLiteral" || !PRICE.test(node.value)) return [];
    // A list of several is for recognising prices, of either mode, not for selling one.
    if (module.parents.get(node)?.type === "ArrayExpression" || isChosenByMode(project, module, node))
      return [];
    return [
      fault(module, node, "This price exists in one mode only, and the key comes from the environment."),
    ];
  });
}

function keyIsFromEnvironment(project: Project): boolean {
  const clients = project.modules.flatMap((module) =>
    module.calls.flatMap((call) => {
      const chain = chainOf(call.callee);
      const made =
        (isCall(call) && call.type === "NewExpression" && chain === "Stripe") || chain === "require()";
      return made && call.arguments[0] ? originsOf(project, module, call.arguments[0]) : [];
    }),
  );
  return (
    clients.some(
      ({ module, node, path }) =>
        [chainOf(node), ...path].join(".").includes("env.") || isImportedVariable(module, node),
    ) && apiCalls(project, "checkout.sessions.create", "subscriptions.create").length > 0
  );
}

/** SvelteKit: `import { STRIPE_SECRET_KEY } from "$env/static/private"`. */
function isImportedVariable(module: Module, node: Node): boolean {
  if (node.type !== "Identifier") return false;
  return bindingOf(module, node.name, node)?.imported?.from.startsWith("$env/") ?? false;
}

function isChosenByMode(project: Project, module: Module, node: Node): boolean {
  for (let at = module.parents.get(node); at; at = module.parents.get(at)) {
    if (at.type === "ConditionalExpression") return true;
    if (at.type === "LogicalExpression" && isFromEnvironment(project, module, at.left)) return true;
    if (at.type === "ObjectProperty" && MODE_NAME.test(keyText(at.key, at.computed) ?? "")) return true;
    if (at.type === "VariableDeclarator" && MODE_NAME.test(chainOf(at.id))) return true;
  }
  return false;
}
